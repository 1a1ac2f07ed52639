using HookAgent.Core.Time;
using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests.Faults;

/// <summary>A job that comes in each of the seven states begins without a provider, and the state after it is the right one.</summary>
public sealed class ArrivalTests(SystemFixture fixture, ITestOutputHelper output) : FaultTest(fixture, output)
{
    private const string Stranger = $"{Harness.Agent.Records}/no-job";

    [Fact]
    public void While_busy() => Arrive("busy", "", Waiting, () => Agent.WaitFor("busy", "jobs-recorded"), first: 2);

    [Fact]
    public void While_settling() => Fault("job arrives while settling", NoOverlap, () =>
    {
        Bench.Begin("[Node]\nIdleDelay=3s\n[Hook]\nPrologWait=15s\n");
        Agent.WaitFor("settling", "idle-delay");
        JobRun job = Slurm.Srun(0.5);
        ProviderRun only = LentAfter(job.End);
        Assert.Single(Provider.Runs());
        Assert.InRange(only.Start - job.End, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(5));
        return $"the delay began anew: lent {(only.Ready!.Value - job.End).Ms()} after the job";
    });

    [Fact]
    public void While_lending() => Arrive("lending", "", Waiting, () => Agent.WaitUntilLent());

    [Fact]
    public void While_reclaiming() => Arrive("reclaiming", "drain_seconds=2", Waiting, () => Agent.WaitFor("reclaiming", "stop-asked"), first: 1);

    [Fact]
    public void While_held() => Arrive("held", "", Waiting, () =>
    {
        Node.Run("hookctl", "hold");
        Agent.WaitFor("held", "operator-hold");
    }, after: () =>
    {
        Agent.WaitFor("held", "operator-hold");
        Node.Run("hookctl", "release");
    });

    [Fact]
    public void While_failed() => Arrive("failed", "exit_after=0\nexit_code=1", Waiting, () => Agent.WaitFor("failed", "provider-exited"), after: () => Provider.Behave(""));

    [Fact]
    public void While_unknown() => Arrive("unknown", "", Waiting, () =>
    {
        Node.Run("touch", Stranger);
        Agent.WaitFor("unknown", "foreign-entry");
    }, after: () =>
    {
        Agent.WaitFor("unknown", "foreign-entry");
        Node.Run("rm", Stranger);
    });

    /// <param name="first">Seconds of a job that is there before; 0 for none.</param>
    /// <param name="after">What is checked and put right once the job has ended.</param>
    private void Arrive(string state, string provider, string settings, Action reach, double first = 0, Action? after = null) =>
        Fault($"job arrives while {state}", NoOverlap, () =>
        {
            Bench.Begin(settings, provider);
            Eventually.True("the provider has run", TimeSpan.FromSeconds(30), () => Provider.Runs().Any(run => run.Ready is not null));
            string? other = first > 0 ? Slurm.Sbatch(first) : null;
            reach();
            BootTime came = BootClock.Now();
            JobRun job = Slurm.Srun(0.5);
            BootTime last = other is null ? job.End : new(Math.Max(Slurm.Finished(other).End.Microseconds, job.End.Microseconds));
            after?.Invoke();
            ProviderRun next = LentAfter(last);
            Assert.DoesNotContain(Provider.Runs(), run => job.Life.Contains(run.Start));
            return $"begins {(job.Begin - came).Ms()} later; lent again {(next.Ready!.Value - last).Ms()} after the last job";
        });
}
