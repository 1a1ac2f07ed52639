using System.Globalization;
using HookAgent.SystemTests.Harness;
using HookAgent.Tests;
using Xunit.Abstractions;

namespace HookAgent.SystemTests;

/// <summary>The daemon beside a job: it sleeps, but for systemd's watchdog.</summary>
public sealed class WakeUpTests(SystemFixture fixture, ITestOutputHelper output) : SystemTest(fixture, output)
{
    /// <summary>How long the daemon is watched: four or five answers to the watchdog.</summary>
    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(20);

    [Fact]
    public void Nothing_wakes_the_daemon_while_a_job_runs() => Story(() =>
    {
        Bench.BeginLent("[Node]\nIdleDelay=100ms\n");
        Slurm.Begun(Slurm.Sbatch(600));
        Agent.WaitFor("busy", "jobs-recorded");
        TimeSpan watchdog = Watchdog();

        long before = VoluntarySwitches();
        // No event to wait for: that nothing happens for so long is what is measured.
        Thread.Sleep(s_window);
        long woken = VoluntarySwitches() - before;

        // It answers twice in a watchdog's time; where in it the window begins is chance.
        long answers = (long)(s_window / (watchdog / 2)) + 1;
        Figure($"daemon-wake-ups: {Math.Max(0, woken - answers)} beside a job in {s_window.TotalSeconds} s, the watchdog's {answers} apart");
        Assert.True(woken - answers <= AcceptedCost.Of("daemon-wake-ups"), $"{woken} voluntary context switches in {s_window}, {answers} of them for the watchdog");
        Slurm.CancelAll();
    });

    private long VoluntarySwitches() =>
        Node.Shell("cat /proc/$(systemctl show --property=MainPID --value hookagentd)/task/*/status").Lines
            .Where(line => line.StartsWith("voluntary_ctxt_switches:", StringComparison.Ordinal))
            .Sum(line => long.Parse(line.Split('\t')[1], CultureInfo.InvariantCulture));

    private TimeSpan Watchdog() => TimeSpan.FromSeconds(double.Parse(
        Node.UnitProperty(Agent.Unit, "WatchdogUSec").TrimEnd('s'), CultureInfo.InvariantCulture));
}
