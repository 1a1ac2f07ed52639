using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests;

/// <summary>A node whose records say nothing about the jobs that already run.</summary>
public sealed class ReconcileTests(SystemFixture fixture, ITestOutputHelper output) : SystemTest(fixture, output)
{
    [Fact]
    public void A_job_without_a_record_is_found_by_reconcile_and_never_gets_a_provider_beside_it() => Story(() =>
    {
        Bench.BeginLent("[Node]\nIdleDelay=300ms\n[Hook]\nPrologWait=15s\n");
        string job = Slurm.Sbatch(6);
        Slurm.Begun(job);
        Agent.Stop();
        Node.Shell("rm -rf /run/hookagent /var/lib/hookagent/node.state && systemd-tmpfiles --create hookagent.conf");
        Agent.Start();
        Agent.WaitFor("unknown", "directory-unproven");

        string said = Node.Run("hookctl", "reconcile").Text;
        Assert.Contains(job, said, StringComparison.Ordinal);
        Agent.WaitFor("unknown", "job-without-record");
        Assert.Equal("RUNNING", Slurm.StateOf(job));

        JobRun run = Slurm.Finished(job);
        Agent.WaitUntilLent();
        ProviderRun next = Bench.WaitUntilReady();
        Assert.All(Provider.Runs(), provider => Assert.Equal(TimeSpan.Zero, provider.Life.Overlap(run.Life)));
        Figure($"reconcile beside a job without a record: unknown until its end, lent {(next.Ready!.Value - run.End).Ms()} after it");
    });
}
