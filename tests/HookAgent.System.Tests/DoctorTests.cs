using System.Text.Json;
using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests;

/// <summary>hookctl doctor on a real node: right when all is well, and naming the one thing that is not.</summary>
public sealed class DoctorTests(SystemFixture fixture, ITestOutputHelper output) : SystemTest(fixture, output)
{
    private const string SlurmConf = "/etc/slurm/slurm.conf";
    private const string Hook = "/usr/libexec/hookagent/slurm-hook";

    /// <summary>The lab's journal ends with its node's boot, and doctor says so.</summary>
    private const string LabsWarning = "journal";

    public static TheoryData<string, string, string> SlurmFaults => new()
    {
        { "prolog", $"s,^Prolog=.*,,", $"Prolog={Hook}" },
        { "epilog", $"s,^Epilog=.*,Epilog=/bin/true,", $"call {Hook}" },
        { "prolog-flags", "s,^PrologFlags=.*,PrologFlags=Serial,", "PrologFlags=Alloc,Serial" },
        { "prolog-epilog-timeout", "$ a PrologEpilogTimeout=1", "PrologEpilogTimeout=2" },
    };

    [Fact]
    public void A_healthy_node_has_no_fault() => AsShipped(() =>
    {
        Bench.BeginLent("[Node]\nIdleDelay=500ms\n");

        CommandResult said = Node.Try("hookctl", "doctor");
        Doctor doctor = Examine();

        Assert.True(said.ExitCode == 2, said.Output + said.Error);
        Assert.Equal([LabsWarning], doctor.With("warning"));
        Assert.Empty(doctor.With("fault"));
        Assert.Empty(doctor.With("unseen"));
        Figure($"hookctl doctor on a healthy node: {said.Took.Ms()}, {doctor.TextOf("round-trip")}");
    });

    [Fact]
    public void Anybody_may_ask_and_is_told_what_only_root_sees() => AsShipped(() =>
    {
        Bench.BeginLent("[Node]\nIdleDelay=500ms\n");

        Doctor doctor = Doctor.Parse(Node.TryAsAlice("hookctl", "doctor", "--json"));

        Assert.Empty(doctor.With("fault"));
        Assert.Equal(["slurmd-environment"], doctor.With("unseen"));
    });

    /// <summary>The file alone is changed; slurmd goes by the old one, so that no node is drained for this.</summary>
    [Theory]
    [MemberData(nameof(SlurmFaults))]
    public void A_fault_in_slurm_conf_is_named_with_the_line_that_fixes_it(string check, string edit, string fix) => AsShipped(() =>
    {
        Bench.BeginLent("[Node]\nIdleDelay=500ms\n");
        Node.Shell($"cp -p {SlurmConf} /srv/slurm.conf.good && sed -i '{edit}' {SlurmConf}");
        try
        {
            // From Slurm 24.05 on a line more is as good, and leaves the site's script alone.
            Names(check, check == "epilog" && NodeRelease.Slurm(Node) >= new Version(24, 5) ? $"Epilog={Hook}" : fix);
        }
        finally
        {
            Node.Shell($"cp -p /srv/slurm.conf.good {SlurmConf}");
        }
    });

    [Fact]
    public void A_unit_that_is_enabled_is_named_with_the_command_that_fixes_it() => AsShipped(() =>
    {
        Bench.BeginLent("[Node]\nIdleDelay=500ms\n");
        string unit = HookAgent.SystemTests.Harness.Provider.Unit;
        string dropIn = $"/etc/systemd/system/{unit}.d/70-install.conf";
        Node.Write(dropIn, "[Install]\nWantedBy=multi-user.target\n");
        Node.Shell($"systemctl daemon-reload && systemctl enable {unit}");
        try
        {
            Names("unit-enabled", $"systemctl disable {unit}");
        }
        finally
        {
            Node.Shell($"systemctl disable {unit}; rm {dropIn} && systemctl daemon-reload");
        }
    });

    [Fact]
    public void A_dead_daemon_is_named_with_the_command_that_starts_it() => AsShipped(() =>
    {
        Bench.BeginLent("[Node]\nIdleDelay=500ms\n");
        Agent.Stop();

        Doctor doctor = Examine();
        Assert.Equal(1, doctor.ExitCode);
        Assert.Equal(["round-trip", "agent"], doctor.With("fault"));
        Assert.Equal("hookctl: hookagentd does not run on this node; start it with 'systemctl start hookagentd'; where it does not stay, 'hookctl doctor' says why\n", Node.Try("hookctl", "status").Error);
        Agent.Start();
    });

    /// <summary>slurm.conf names a link, which in other tests leads to the recorder, and here to the hook itself.</summary>
    private void AsShipped(Action body) => Story(() =>
    {
        Bench.Hook.Run(Hook);
        try
        {
            body();
        }
        finally
        {
            Bench.Hook.RunTheRecorded();
        }
    });

    private void Names(string check, string fix)
    {
        Doctor doctor = Examine();
        Assert.Equal(1, doctor.ExitCode);
        Assert.Equal([check], doctor.With("fault"));
        Assert.Contains(fix, doctor.FixOf(check), StringComparison.Ordinal);
    }

    private Doctor Examine() => Doctor.Parse(Node.Try("hookctl", "doctor", "--json"));

    /// <summary>What <c>hookctl doctor --json</c> says.</summary>
    private sealed record Doctor(int ExitCode, IReadOnlyList<JsonElement> Checks)
    {
        public static Doctor Parse(CommandResult said)
        {
            Assert.Equal("", said.Error);
            using JsonDocument document = JsonDocument.Parse(said.Output);
            return new Doctor(said.ExitCode, [.. document.RootElement.GetProperty("checks").EnumerateArray().Select(check => check.Clone())]);
        }

        public IEnumerable<string> With(string verdict) => Checks.Where(check => Text(check, "verdict") == verdict).Select(check => Text(check, "check"));

        public string TextOf(string check) => Text(Find(check), "text");

        public string FixOf(string check) => Text(Find(check), "fix");

        private JsonElement Find(string check) => Checks.Single(found => Text(found, "check") == check);

        private static string Text(JsonElement check, string key) => check.GetProperty(key).GetString() ?? "";
    }
}
