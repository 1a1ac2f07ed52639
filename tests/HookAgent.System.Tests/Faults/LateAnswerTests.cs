using HookAgent.Core.Time;
using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests.Faults;

/// <summary>
/// The bus answers late when the agent asks it, once after its start, who systemd is. The agent gives up that call; it asks
/// again, and until then it takes the provider for running.
/// </summary>
public sealed class LateAnswerTests(SystemFixture fixture, ITestOutputHelper output) : FaultTest(fixture, output)
{
    /// <summary>More than the 5 s that the agent waits for the bus.</summary>
    private const int Late = 7;

    /// <summary>A restart by hand has systemd start the provider again with the agent, unless it lacks a permit.</summary>
    [Fact]
    public void No_provider_is_beside_a_job() => Fault("late answer to GetNameOwner of systemd, agent restarted while lent, then a job", NoOverlap, () =>
    {
        Bench.BeginLent("[Node]\nIdleDelay=300ms\n");
        try
        {
            using LateBus bus = new(Node, Late);
            Node.Run("systemctl", "restart", Agent.Unit);
            bus.AwaitSilence();
            string id = Slurm.Sbatch(Late + 3);
            Slurm.Begun(id);
            JobRun job = Slurm.Finished(id);
            TimeSpan beside = Bench.WorstOverlap();
            Assert.True(beside == TimeSpan.Zero, $"a provider was beside the job for {beside.Ms()}");
            ProviderRun next = LentAfter(job.End);
            return $"no provider until {(next.Start - job.End).Ms()} after the job";
        }
        finally
        {
            Agent.Stop();
        }
    });

    [Fact]
    public void No_Prolog_waits_for_an_agent_that_knows_nothing() => Fault("late answer to GetNameOwner of systemd, agent killed, PrologWait=15s", NoOverlap, () =>
    {
        TimeSpan soon = TimeSpan.FromSeconds(5);
        Bench.BeginLent(Waiting);
        try
        {
            using LateBus bus = new(Node, Late);
            Node.Run("systemctl", "kill", "--kill-who=main", "--signal=KILL", Agent.Unit);
            bus.AwaitSilence();
            Eventually.True("the provider is off", TimeSpan.FromSeconds(20), () => Provider.ActiveState == "inactive");
            bus.AwaitAnswer();
            BootTime since = BootClock.Now();
            JobRun first = Slurm.Srun(0.1);
            JobRun second = Slurm.Srun(0.1);
            TimeSpan longest = Bench.HooksSince(since).Where(run => run.IsProlog).Max(run => run.Life.Length);
            Assert.True(longest < soon, $"a Prolog took {longest.Ms()}, and nothing has to be stopped");
            ProviderRun next = LentAfter(second.End);
            return $"the Prologs of {first.Id} and {second.Id} took {longest.Ms()} at most; lent again {(next.Ready!.Value - second.End).Ms()} after them";
        }
        finally
        {
            Agent.Stop();
        }
    });
}
