using System.Globalization;
using System.Text.Json;
using HookAgent.Core.Time;
using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests.Faults;

/// <summary>
/// The calendar's clock steps in the middle of everything, for the daemon and the hook alone: libfaketime tells them
/// another time. What lasts goes by a clock that nobody sets.
/// </summary>
public sealed class ClockStepTests(SystemFixture fixture, ITestOutputHelper output) : FaultTest(fixture, output)
{
    private const string Offset = "/etc/clock-offset";
    private const string DropIn = "/etc/systemd/system/hookagentd.service.d/clock.conf";
    private const string Wrapper = "/usr/local/libexec/hook-of-another-time";

    /// <summary>Read anew at each look at the clock; the clocks that nobody sets stay as they are.</summary>
    private const string Variables = $"FAKETIME_TIMESTAMP_FILE={Offset} FAKETIME_NO_CACHE=1 FAKETIME_DONT_FAKE_MONOTONIC=1";

    private static readonly TimeSpan s_hold = TimeSpan.FromSeconds(4);

    [Theory]
    [Trait("Duration", "long")]
    [InlineData("+3600")]
    [InlineData("-3600")]
    public void A_step_of_an_hour_moves_no_deadline(string step) => Fault($"clock step of {step} s", NoOverlap, () =>
    {
        try
        {
            string preload = $"{NativeProgram.BringLibrary(Node, "own-timers")}:{Node.Shell("ls /usr/lib/*/faketime/libfaketimeMT.so.1").Text}";
            string variables = $"LD_PRELOAD={preload} {Variables}";
            Node.Write(Offset, "+0\n");
            Node.Write(DropIn, $"[Service]\nEnvironment={variables}\n");
            Node.Write(Wrapper, $"#!/bin/sh\nexport {variables}\nexec {Bench.Hook.Recorder}\n", "0755");
            Node.Run("systemctl", "daemon-reload");
            Bench.BeginLent("[Node]\nIdleDelay=1s\n[Hook]\nPrologWait=15s\n");
            Bench.Hook.Run(Wrapper);
            return StepDuringAJobAndAHold(step);
        }
        finally
        {
            Bench.Hook.RunTheRecorded();
            Node.Run("rm", "-f", DropIn, Offset, Wrapper);
            Node.Run("systemctl", "daemon-reload");
            Node.Run("systemctl", "restart", Agent.Unit);
        }
    });

    private string StepDuringAJobAndAHold(string step)
    {
        string id = Slurm.Sbatch(1);
        Slurm.Begun(id);
        BootTime held = BootClock.Now();
        Node.Run("hookctl", "hold", "--for", $"{s_hold.TotalSeconds:0}s", "--reason", "a clock that steps");
        Node.Write(Offset, $"{step}\n");
        JobRun job = Slurm.Finished(id);

        // Both of them see the other time: else the test would show nothing.
        Agent.WaitFor("held", "operator-hold");
        Stepped(AgentsSince(), step);
        JobRun second = Slurm.Srun(0.3);
        ProviderRun next = LentAfter(second.End);
        TimeSpan after = next.Start - held;
        Assert.InRange(after, s_hold, s_hold + TimeSpan.FromSeconds(1 + 2));
        Assert.Single(Provider.Runs(), run => run.Start > job.Begin);
        return $"a hold of {s_hold.TotalSeconds:0} s and IdleDelay=1s: lent again {after.Ms()} after the hold began";
    }

    private DateTimeOffset AgentsSince()
    {
        using JsonDocument status = JsonDocument.Parse(Node.Run("hookctl", "status", "--json").Output);
        return status.RootElement.GetProperty("since").GetDateTimeOffset();
    }

    private static void Stepped(DateTimeOffset told, string step)
    {
        TimeSpan offset = told - DateTimeOffset.UtcNow;
        TimeSpan expected = TimeSpan.FromSeconds(int.Parse(step, CultureInfo.InvariantCulture));
        Assert.True((offset - expected).Duration() < TimeSpan.FromMinutes(1), $"the agent's time is off by {offset}, which should be {expected}");
    }
}
