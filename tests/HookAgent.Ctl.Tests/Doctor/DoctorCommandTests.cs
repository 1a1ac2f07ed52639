using System.Text.Json.Nodes;
using HookAgent.Core;
using HookAgent.Ctl.Output;
using HookAgent.Ctl.Tests.Harness;

namespace HookAgent.Ctl.Tests.Doctor;

/// <summary>The whole verb, with the facts gathered from a bus of the test's own and the files of a folder.</summary>
public sealed class DoctorCommandTests : IDisposable
{
    private readonly FakeNode _node = new();
    private readonly HealthySite _site = new();

    public void Dispose()
    {
        _site.Dispose();
        _node.Dispose();
    }

    [Fact]
    public void All_is_well()
    {
        Start();

        Hookctl run = Doctor();

        Assert.Equal("", run.Errors);
        Assert.Equal("Nothing is wrong: 43 ok. 'hookctl doctor --all' lists them.\n", run.Output);
        Assert.Equal(0, run.ExitCode);
        Assert.Matches("(?m)^  ok       round-trip +[0-9.]+ ms to hookagentd and back$", Doctor("--all").Output);
    }

    /// <summary>As systemd has the command; one whose failure it ignores ("-") may be missing.</summary>
    [Fact]
    public void The_program_of_an_ExecCondition_is_looked_for()
    {
        Start(unit => unit["Service"]!["ExecCondition"] = new JsonArray(new JsonArray("/opt/asks", false), new JsonArray("/opt/may-fail", true)));

        string said = Doctor().Output;
        Assert.Contains("systemd cannot run /opt/asks (ExecCondition=)", said, StringComparison.Ordinal);
        Assert.DoesNotContain("/opt/may-fail", said, StringComparison.Ordinal);
        Assert.EndsWith("\n1 fault, 42 ok\n", said, StringComparison.Ordinal);
    }

    /// <summary>Each line that is to be written stands by itself, below the command that it is for.</summary>
    [Fact]
    public void A_fix_of_several_lines_is_shown_in_as_many()
    {
        Start(unit => unit["Service"]!["CPUWeight"] = 100);

        Assert.Contains(
            "\n           -> systemctl edit wasimoff-provider.service, with these lines:\n              [Service]\n              CPUWeight=idle\n              Slice=hookagent.slice\n",
            Doctor().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_warning_alone_ends_with_2()
    {
        Start();
        Directory.Delete(_site.Real("/var/log/journal"), recursive: true);
        Directory.CreateDirectory(_site.Real($"/run/log/journal/{HealthySite.Machine}"));

        Hookctl run = Doctor();

        Assert.Equal(2, run.ExitCode);
        Assert.Matches("(?m)^  warning  journal .*\n +-> mkdir -p /var/log/journal", run.Output);
        Assert.EndsWith("\n1 warning, 42 ok\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fault_ends_with_1_whatever_else_there_is()
    {
        Start(unit => unit["Unit"]!["UnitFileState"] = "enabled");
        Directory.Delete(_site.Real("/var/log/journal"), recursive: true);
        Directory.CreateDirectory(_site.Real($"/run/log/journal/{HealthySite.Machine}"));

        Hookctl run = Doctor();

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("\n  fault    unit-enabled ", run.Output, StringComparison.Ordinal);
        Assert.Contains("-> systemctl disable wasimoff-provider.service", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_what_is_wrong_is_shown_unless_all_is_asked_for_and_the_worst_of_a_part_first()
    {
        Start(unit => (unit["Unit"]!["UnitFileState"], unit["Unit"]!["IgnoreOnIsolate"]) = ("enabled", false));

        string few = Doctor().Output;
        Assert.DoesNotContain("  ok ", few, StringComparison.Ordinal);
        Assert.Matches("(?s)^Lent unit\n  fault    unit-enabled .*\n  warning  unit-isolate .*\n\n1 fault, 1 warning, 41 ok\n$", few);
        string[] all = Doctor("--all").Output.Split('\n');
        Assert.Equal(43, all.Count(static line => line.StartsWith("  fault ", StringComparison.Ordinal) || line.StartsWith("  warning ", StringComparison.Ordinal) || line.StartsWith("  ok ", StringComparison.Ordinal)));
        Assert.StartsWith("  fault    unit-enabled ", all[Array.IndexOf(all, "Lent unit") + 1], StringComparison.Ordinal);
        Assert.Equal("1 fault, 1 warning, 41 ok\n", Doctor("-o", "short").Output);
        Assert.DoesNotContain("41 ok", Doctor("--no-legend").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Tells_programs_the_same()
    {
        Start(unit => unit["Service"]!["Restart"] = "always");

        JsonNode json = JsonNode.Parse(Doctor("--json").Output)!;

        Assert.Equal(["faults", "warnings", "checks"], json.AsObject().Select(member => member.Key));
        Assert.Equal(1, json["faults"]!.GetValue<int>());
        Assert.Equal(0, json["warnings"]!.GetValue<int>());
        JsonObject fault = json["checks"]!.AsArray().Select(check => check!.AsObject()).Single(check => check["verdict"]!.GetValue<string>() == "fault");
        Assert.Equal(["check", "verdict", "text", "fix"], fault.Select(member => member.Key));
        Assert.Equal("unit-restart", fault["check"]!.GetValue<string>());
        Assert.All(json["checks"]!.AsArray(), check => Assert.Equal(check!["verdict"]!.GetValue<string>() == "ok", check["fix"] is null));
    }

    /// <summary>As on a node that was lent before Slurm ran the hook.</summary>
    [Fact]
    public void A_job_beside_a_provider_that_is_lent_the_node_is_a_fault()
    {
        Start();
        _site.Write("/proc/4711/comm", "slurmstepd\n");
        _site.Write("/proc/4711/cmdline", "slurmstepd: [46.0]\0");
        _site.Write("/proc/4711/status", "Name:\tslurmstepd\nUid:\t0\t0\t0\t0\n");

        Assert.Matches("(?m)^  fault    state  the node is lent, and job 46 runs on it: ", Doctor().Output);
    }

    /// <summary>It came after the agent was asked.</summary>
    [Fact]
    public void A_job_with_a_record_is_none_that_nobody_told_of()
    {
        Start();
        _site.Write("/proc/4711/comm", "slurmstepd\n");
        _site.Write("/proc/4711/cmdline", "slurmstepd: [46.0]\0");
        _site.Write("/proc/4711/status", "Name:\tslurmstepd\nUid:\t0\t0\t0\t0\n");
        _site.Write("/run/hookagent/jobs/46", "");

        Assert.DoesNotContain("no hook told", Doctor().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_daemon_and_systemd_it_says_what_it_sees()
    {
        Hookctl run = Doctor("--all");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("fault    round-trip ", run.Output, StringComparison.Ordinal);
        Assert.Contains("unseen   unit ", run.Output, StringComparison.Ordinal);
        Assert.Contains("ok       prolog ", run.Output, StringComparison.Ordinal);
    }

    private void Start(Action<JsonObject>? change = null) => Start(_node, change);

    /// <summary>Agent and systemd of a node on which everything is as it should be, but for what the test changes of the provider's unit.</summary>
    internal static void Start(FakeNode node, Action<JsonObject>? change = null, JsonObject? properties = null)
    {
        JsonObject all = properties ?? [];
        all["Version"] = ProductVersion.Text;
        all["RequireUnit"] ??= "slurmd.service";
        node.StartDaemon(properties: all);
        JsonObject provider = new()
        {
            ["Unit"] = new JsonObject
            {
                ["Id"] = "wasimoff-provider.service",
                ["LoadState"] = "loaded",
                ["ActiveState"] = "active",
                ["UnitFileState"] = "static",
                ["NeedDaemonReload"] = false,
                ["IgnoreOnIsolate"] = true,
                ["StartLimitIntervalUSec"] = 0,
                ["BindsTo"] = new JsonArray("hookagentd.service"),
                ["After"] = new JsonArray("hookagentd.service", "hookagent.slice"),
                ["Conditions"] = new JsonArray(
                    new JsonArray("ConditionPathExists", false, "/run/hookagent/permit/wasimoff-provider.service"),
                    new JsonArray("ConditionPathIsDirectory", false, "/run/hookagent/jobs"),
                    new JsonArray("ConditionDirectoryNotEmpty", true, "/run/hookagent/jobs")),
            },
            ["Service"] = new JsonObject
            {
                ["Restart"] = "no",
                ["KillMode"] = "control-group",
                ["ControlGroup"] = "/hookagent.slice/wasimoff-provider.service",
                ["Slice"] = "hookagent.slice",
                ["OOMScoreAdjust"] = 1000,
                ["CPUWeight"] = 0,
                ["MemoryMax"] = 2L << 30,
                ["TimeoutStopUSec"] = 14_000_000,
            },
        };
        change?.Invoke(provider);
        node.StartSystemd(new JsonObject
        {
            ["wasimoff-provider.service"] = provider,
            ["hookagentd.service"] = new JsonObject
            {
                ["Unit"] = new JsonObject { ["LoadState"] = "loaded", ["ActiveState"] = "active", ["UnitFileState"] = "enabled" },
                ["Service"] = new JsonObject { ["ReadWritePaths"] = new JsonArray("/run/hookagent", "-/var/lib/prometheus/node-exporter") },
            },
            ["slurmd.service"] = new JsonObject
            {
                ["Unit"] = new JsonObject { ["LoadState"] = "loaded", ["ActiveState"] = "active" },
                ["Service"] = new JsonObject { ["Restart"] = "no" },
            },
        });
    }

    private Hookctl Doctor(params string[] more) => Hookctl.Run(["doctor", .. more, "--root", _site.Root, .. _node.Options]);
}
