using System.Text.Json.Nodes;
using HookAgent.Ctl.Tests.Harness;

namespace HookAgent.Ctl.Tests.Adopt;

/// <summary>What the command does to a node's files, and what it says, with a systemd that answers as it is told to.</summary>
public sealed class AdoptCommandTests : IDisposable
{
    private const string Link = "/etc/systemd/system/multi-user.target.wants/site.service";
    private const string File = "/etc/systemd/system/site.service.d/50-hookagent.conf";

    private readonly FakeNode _node = new();

    public AdoptCommandTests()
    {
        Write("/lib/systemd/system/site.service", "[Service]\nExecStart=/bin/site\n");
        Directory.CreateDirectory(Path.GetDirectoryName(Real(Link))!);
        System.IO.File.CreateSymbolicLink(Real(Link), "/lib/systemd/system/site.service");
    }

    public void Dispose() => _node.Dispose();

    [Fact]
    public void Writes_the_drop_in_removes_the_links_and_stops_what_runs()
    {
        Systemd(SafeUnit);

        Hookctl run = Adopt("site");

        Assert.Equal(("", 0), (run.Errors, run.ExitCode));
        Assert.StartsWith("site.service is adopted: ", run.Output, StringComparison.Ordinal);
        Assert.Contains("printf '[Node]\\nUnit=%s\\n' site.service", run.Output, StringComparison.Ordinal);
        Assert.Equal(["Reload", "StopUnit site.service replace"], _node.Calls);
        Assert.False(IsThere(Link));
        Assert.Contains($"# Enabled by: {Link} -> /lib/systemd/system/site.service", System.IO.File.ReadAllLines(Real(File)));
    }

    [Fact]
    public void Undo_leaves_nothing()
    {
        Systemd(SafeUnit);
        Adopt("site");

        Hookctl run = Adopt("--undo", "site");

        Assert.Equal(("", 0), (run.Errors, run.ExitCode));
        Assert.Equal("/lib/systemd/system/site.service", new FileInfo(Real(Link)).LinkTarget);
        Assert.False(Directory.Exists(Path.GetDirectoryName(Real(File))));
        Assert.Equal("Reload", _node.Calls[^1]);
    }

    /// <summary>A link is not made to nothing, and a drop-in of somebody else keeps its folder.</summary>
    [Fact]
    public void Undo_after_the_package_has_gone()
    {
        Systemd(SafeUnit);
        Adopt("site");
        System.IO.File.Delete(Real("/lib/systemd/system/site.service"));
        Write("/etc/systemd/system/site.service.d/site.conf", "");

        Hookctl run = Adopt("--undo", "site");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains($"Not put back, because its target is gone: {Link}", run.Output, StringComparison.Ordinal);
        Assert.False(IsThere(Link));
        Assert.True(IsThere("/etc/systemd/system/site.service.d/site.conf"));
    }

    /// <summary>A limit of its memory is the site's to choose; its lines are told as such.</summary>
    [Fact]
    public void What_it_leaves_to_the_operator_can_be_pasted()
    {
        JsonObject unlimited = SafeUnit;
        unlimited["Service"]!["MemoryMax"] = ulong.MaxValue;
        Systemd(unlimited);
        Write("/proc/meminfo", "MemTotal: 8388608 kB\n");

        Assert.Contains(
            "take all of the node's memory. To fix it: systemctl edit site.service, with these lines:\n  [Service]\n  MemoryMax=25%\n",
            Adopt("site").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dry_run_says_it_and_does_nothing()
    {
        Systemd(SafeUnit);

        Hookctl run = Adopt("--dry-run", "site");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("\nBindsTo=hookagentd.service\n", run.Output, StringComparison.Ordinal);
        Assert.Contains($"would remove  {Link}", run.Output, StringComparison.Ordinal);
        Assert.Empty(_node.Calls);
        Assert.True(IsThere(Link));
        Assert.False(IsThere(File));
    }

    /// <summary>A drop-in that counts more than ours has Restart=always.</summary>
    [Fact]
    public void A_unit_that_stays_unsafe_is_left_as_it_was()
    {
        JsonObject after = SafeUnit;
        after["Service"]!["Restart"] = "always";
        Systemd(after);

        Hookctl run = Adopt("site");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("Restart=always", run.Errors, StringComparison.Ordinal);
        Assert.Equal(["Reload", "Reload"], _node.Calls);
        Assert.True(IsThere(Link));
        Assert.False(Directory.Exists(Path.GetDirectoryName(Real(File))));
    }

    [Fact]
    public void A_unit_that_the_agent_lends_is_not_put_back()
    {
        Systemd(SafeUnit);
        Adopt("site");
        Write("/etc/hookagent/hookagent.conf", "[Node]\nUnit=site.service\n");

        Hookctl run = Adopt("--undo", "site");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("hookagentd lends the node to site.service", run.Errors, StringComparison.Ordinal);
        Assert.True(IsThere(File));
    }

    [Fact]
    public void A_unit_that_was_not_adopted_is_not_put_back()
    {
        Systemd(SafeUnit);

        Hookctl run = Adopt("--undo", "site");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("site.service is not adopted", run.Errors, StringComparison.Ordinal);
        Assert.Empty(_node.Calls);
    }

    [Theory]
    [InlineData("site@.service", "is a template")]
    [InlineData("site.timer", "only services can be lent")]
    [InlineData("../site", "only services can be lent")]
    public void A_name_that_no_unit_to_lend_can_have(string name, string why)
    {
        Hookctl run = Adopt(name);

        Assert.Equal(64, run.ExitCode);
        Assert.Contains(why, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Tells_programs_the_same()
    {
        Systemd(SafeUnit);

        JsonNode json = JsonNode.Parse(Adopt("--json", "site").Output)!;

        Assert.True(json["changed"]!.GetValue<bool>());
        Assert.True(json["stopped"]!.GetValue<bool>());
        Assert.Equal(File, json["drop_in"]!.GetValue<string>());
        Assert.Equal(System.IO.File.ReadAllText(Real(File)), json["text"]!.GetValue<string>());
        Assert.Equal($"{Link} -> /lib/systemd/system/site.service", json["links"]![0]!.GetValue<string>());
    }

    private Hookctl Adopt(params string[] words) => Hookctl.Run(["adopt", .. words, "--root", _node.Root.Path, .. _node.Options]);

    private string Real(string path) => Path.Join(_node.Root.Path, path);

    private bool IsThere(string path) => System.IO.File.Exists(Real(path)) || new FileInfo(Real(path)).LinkTarget is not null;

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Real(path))!);
        System.IO.File.WriteAllText(Real(path), text);
    }

    /// <summary>A systemd in which the unit runs, and is as told once the files were read anew, and off once it was stopped.</summary>
    private void Systemd(JsonObject reloaded) => _node.StartSystemd(
        new JsonObject { ["site.service"] = PlainUnit }, new JsonObject { ["site.service"] = reloaded.DeepClone() });

    internal static JsonObject PlainUnit => new()
    {
        ["Unit"] = new JsonObject
        {
            ["Id"] = "site.service",
            ["LoadState"] = "loaded",
            ["ActiveState"] = "active",
            ["UnitFileState"] = "enabled",
            ["FragmentPath"] = "/lib/systemd/system/site.service",
            ["RefuseManualStart"] = false,
            ["RefuseManualStop"] = false,
            ["NeedDaemonReload"] = false,
            ["IgnoreOnIsolate"] = false,
            ["BindsTo"] = new JsonArray(),
            ["After"] = new JsonArray(),
            ["Conditions"] = new JsonArray(),
            ["StartLimitIntervalUSec"] = 10_000_000,
        },
        ["Service"] = new JsonObject
        {
            ["Type"] = "simple",
            ["RemainAfterExit"] = false,
            ["Restart"] = "on-failure",
            ["TimeoutStopUSec"] = 90_000_000,
            ["KillMode"] = "process",
            ["OOMScoreAdjust"] = 0,
            ["CPUWeight"] = 100,
            ["MemoryMax"] = 1 << 30,
            ["Slice"] = "system.slice",
        },
    };

    internal static JsonObject SafeUnit
    {
        get
        {
            JsonObject unit = PlainUnit;
            unit["Unit"]!["UnitFileState"] = "disabled";
            unit["Unit"]!["IgnoreOnIsolate"] = true;
            unit["Unit"]!["BindsTo"] = new JsonArray("hookagentd.service");
            unit["Unit"]!["After"] = new JsonArray("hookagentd.service");
            unit["Unit"]!["StartLimitIntervalUSec"] = 0;
            unit["Unit"]!["Conditions"] = new JsonArray(
                new JsonArray("ConditionPathExists", false, "/run/hookagent/permit/site.service"),
                new JsonArray("ConditionPathIsDirectory", false, "/run/hookagent/jobs"),
                new JsonArray("ConditionDirectoryNotEmpty", true, "/run/hookagent/jobs"));
            unit["Service"]!["Restart"] = "no";
            unit["Service"]!["TimeoutStopUSec"] = 14_000_000;
            unit["Service"]!["KillMode"] = "control-group";
            unit["Service"]!["OOMScoreAdjust"] = 1000;
            unit["Service"]!["CPUWeight"] = 0;
            unit["Service"]!["Slice"] = "hookagent.slice";
            return unit;
        }
    }
}
