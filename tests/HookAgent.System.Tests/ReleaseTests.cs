using System.Text.RegularExpressions;
using HookAgent.Core.Time;
using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests;

/// <summary>
/// What the node's Slurm and systemd are and can do, where versions differ: lines of docs/releases.md, which the runs on all
/// releases print.
/// </summary>
[Trait("Duration", "long")]
public sealed partial class ReleaseTests(SystemFixture fixture, ITestOutputHelper output) : SystemTest(fixture, output)
{
    private const string Configuration = "/etc/slurm/slurm.conf";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Fact]
    public void Its_versions() => Story(() =>
    {
        Release("Slurm", NodeRelease.SlurmText(Node));
        Release("systemd", $"{NodeRelease.Systemd(Node)}");
        Release("glibc", Version().Match(Node.Run("ldd", "--version").Lines[0]).Value);
        Release("HookAgent installed from", Packages.Agent.EndsWith(".rpm", StringComparison.Ordinal) ? "the rpm (portable build)" : "the .deb");
    });

    [Fact]
    public void Doctor_and_reconcile_know_its_Slurm() => Story(() =>
    {
        Bench.BeginLent("[Node]\nIdleDelay=300ms\n");
        Bench.Hook.Run("/usr/libexec/hookagent/slurm-hook");
        try
        {
            Assert.DoesNotMatch("\"verdict\": ?\"fault\"", Node.Try("hookctl", "doctor", "--json").Output);
            Assert.Contains("nothing had to be forgotten", Node.Run("hookctl", "reconcile").Text, StringComparison.Ordinal);
        }
        finally
        {
            Bench.Hook.RunTheRecorded();
        }

        Release("`hookctl doctor` on a healthy node; `reconcile`", "no fault; nothing forgotten");
    });

    /// <summary>
    /// systemd refuses it everywhere, which systemctl takes for success. Where the agent's own stop takes the refused start's
    /// place, as it often does with systemd 262, systemctl says so instead.
    /// </summary>
    [Fact]
    public void A_start_by_hand_beside_a_record() => Story(() =>
    {
        Bench.BeginLent("[Node]\nIdleDelay=300ms\n[Hook]\nPrologWait=15s\n");
        string id = Slurm.Sbatch(4);
        Slurm.Begun(id);
        CommandResult start = Node.Try("systemctl", "start", HookAgent.SystemTests.Harness.Provider.Unit);
        Assert.NotEqual("active", Provider.ActiveState);
        JobRun job = Slurm.Finished(id);
        Assert.All(Provider.Runs(), run => Assert.Equal(TimeSpan.Zero, run.Life.Overlap(job.Life)));

        Assert.True(start.ExitCode == 0 || (start.ExitCode == 1 && start.Error.Contains("canceled", StringComparison.Ordinal)), start.Error);
        Release("`systemctl start` of the provider beside a job", "refused");
        Figure($"systemctl start of the provider beside a job: exit code {start.ExitCode} {start.Error.Trim()}");
    });

    [Fact]
    public void What_its_Slurm_tells_and_takes() => Story(() =>
    {
        Bench.Begin("[Node]\nIdleDelay=1h\n");
        string id = Slurm.Sbatch(2, "--time=5");
        Slurm.Begun(id);
        bool tells = Node.Read($"/run/hookagent/jobs/{id}").Contains("END_TIME=", StringComparison.Ordinal);
        Slurm.Finished(id);
        Assert.Equal(NodeRelease.Slurm(Node) >= new Version(23, 2), tells);
        Release("a job's end by its time limit in its record (`SLURM_JOB_END_TIME`)", tells ? "yes" : "no");
    });

    /// <summary>A second Prolog= line beside that of the hook: both run, or the last alone.</summary>
    [Fact]
    public void Several_Prolog_lines() => Story(() =>
    {
        Bench.Begin("[Node]\nIdleDelay=1h\n");
        Node.Write("/usr/local/libexec/another", "#!/bin/sh\ntouch /run/another\n", "0755");
        Node.Shell($"rm -f /run/another; cp -p {Configuration} /srv/slurm.conf.good; echo Prolog=/usr/local/libexec/another >>{Configuration}; scontrol reconfigure");
        BootTime since = BootClock.Now();
        bool both;
        try
        {
            Eventually.True("the other Prolog ran", s_patience, () =>
            {
                Node.AsAlice("srun", "true");
                return Node.Try("test", "-e", "/run/another").Succeeded;
            });
            BootTime last = BootClock.Now();
            Node.AsAlice("srun", "true");
            both = Bench.HooksSince(last).Any(hook => hook.IsProlog);
        }
        finally
        {
            Node.Shell($"cp -p /srv/slurm.conf.good {Configuration}; scontrol reconfigure; rm /run/another");
            Eventually.True("the hook alone is the Prolog again", s_patience, () =>
            {
                Node.AsAlice("srun", "true");
                return Bench.HooksSince(since).Any(hook => hook.IsProlog) && !Node.Try("rm", "/run/another").Succeeded;
            });
        }

        Assert.Equal(NodeRelease.Slurm(Node) >= new Version(24, 5), both);
        Release("a second `Prolog=` line", both ? "runs as well" : "replaces the first");
    });

    [Fact]
    public void What_its_systemd_has() => Story(() =>
    {
        Bench.BeginLent("[Node]\nIdleDelay=300ms\n");
        string weight = Node.UnitProperty(HookAgent.SystemTests.Harness.Provider.Unit, "CPUWeight");
        Assert.Contains(weight, (string[])["idle", "1", "0"]);
        Release("`CPUWeight=` of the provider in effect", weight is "0" ? "idle" : weight);
        Release("systemd has soft-reboot", Node.Try("sh", "-c", "ls /lib/systemd/system/soft-reboot.target").Succeeded ? "yes" : "no");
    });

    private void Release(string row, string value) => Line($"release: {row} | {value}");

    [GeneratedRegex(@"\d+\.\d+(?=\D*$)")]
    private static partial Regex Version();
}
