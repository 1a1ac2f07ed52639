using HookAgent.Core.Time;
using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests.Faults;

/// <summary>
/// PID 1 stands still, and with it all that it answers: the bus, its own socket, the notifications. Nobody can stop a
/// provider meanwhile; what is bounded is how long that lasts after it goes on.
/// </summary>
public sealed class StoppedSystemdTests(SystemFixture fixture, ITestOutputHelper output) : FaultTest(fixture, output)
{
    /// <summary>Longer than the agent's watchdog allows.</summary>
    private static readonly TimeSpan s_standstill = TimeSpan.FromSeconds(12);

    [Fact]
    [Trait("Duration", "long")]
    public void A_lent_node_stays_lent() => Fault("SIGSTOP of PID 1 for 12 s while lent", NoOverlap, () =>
    {
        Bench.BeginLent(Waiting);
        ProviderRun lent = Bench.WaitUntilReady();
        string agent = Agent.MainPid;
        BootTime stopped = BootClock.Now();
        using (new StoppedProcess(Node.FirstProcess))
        {
            Eventually.True("PID 1 has stood still long enough", TimeSpan.FromSeconds(20), () => BootClock.Now() - stopped > s_standstill);
        }

        Agent.WaitUntilLent();
        Assert.Equal((agent, lent.Pid), (Agent.MainPid, Bench.WaitUntilReady().Pid));
        JobRun job = Slurm.Srun(0.3);
        LentAfter(job.End);
        return "the same agent and provider; a job after it";
    });

    [Fact]
    [Trait("Duration", "long")]
    public void A_job_meets_a_provider_until_PID_1_goes_on_and_no_longer() => Fault("SIGSTOP of PID 1 while a job comes", WorstOverlap, () =>
    {
        Bench.BeginLent(Waiting);
        string id = Slurm.Sbatch(4);
        BootTime wentOn;
        using (new StoppedProcess(Node.FirstProcess))
        {
            Slurm.Begun(id);
            wentOn = BootClock.Now();
        }

        JobRun job = Slurm.Finished(id);
        LentAfter(job.End);
        TimeSpan outlived = Provider.Runs()[0].Life.End - wentOn;
        Assert.True(outlived < Provider.StopTimeout, $"the provider outlived the standstill by {outlived.Ms()}");
        return $"the provider was gone {outlived.Ms()} after PID 1 went on";
    });
}
