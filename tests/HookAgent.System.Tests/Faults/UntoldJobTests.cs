using HookAgent.Core.Time;
using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests.Faults;

/// <summary>slurm.conf does not name the hook, or no longer: nothing tells of a job but its slurmstepd.</summary>
[Trait("Duration", "long")]
public sealed class UntoldJobTests(SystemFixture fixture, ITestOutputHelper output) : FaultTest(fixture, output)
{
    /// <summary>A lent node is scanned once a minute; then the provider is stopped.</summary>
    private static readonly TimeSpan s_mostOverlap = TimeSpan.FromSeconds(60 + 5);

    [Fact]
    public void A_job_that_no_hook_tells_of() => Fault("Slurm does not run the hook, a job comes to a lent node", s_mostOverlap, () =>
    {
        Bench.BeginLent(Waiting);
        Bench.Hook.Run("/bin/true");
        try
        {
            string id = Slurm.Sbatch(s_mostOverlap.TotalSeconds + 10);
            Slurm.Begun(id);
            BootTime begin = BootClock.Now();
            Eventually.True("the job is found", s_mostOverlap, () => Agent.Status() is { State: "unknown", Reason: "step-without-record" });
            TimeSpan found = BootClock.Now() - begin;

            JobRun job = Slurm.Finished(id);
            ProviderRun next = LentAfter(job.End);
            return $"found after {found.Ms()}, unknown (step-without-record) until its end; lent again {(next.Ready!.Value - job.End).Ms()} after it";
        }
        finally
        {
            Bench.Hook.RunTheRecorded();
        }
    });
}
