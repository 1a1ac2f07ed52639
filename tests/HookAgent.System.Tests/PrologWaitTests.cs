using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests;

/// <summary>With PrologWait=, job and provider never meet.</summary>
public sealed class PrologWaitTests(SystemFixture fixture, ITestOutputHelper output) : SystemTest(fixture, output)
{
    [Theory]
    [InlineData("stops at once", "", 3)]
    [InlineData("drains for 2 s", "drain_seconds=2", 1)]
    [InlineData("drains for 5 s", "drain_seconds=5", 1)]
    public void The_provider_is_gone_before_a_job_begins(string behaviour, string provider, int rounds) => Story(() =>
    {
        Bench.BeginLent(
            """
            [Node]
            IdleDelay=300ms
            StopGrace=10s
            [Hook]
            PrologWait=15s
            """,
            provider);
        List<JobRun> jobs = [];
        for (int round = 0; round < rounds; round++)
        {
            jobs.Add(Slurm.Srun(0.5));
            WaitUntilLentAgain();
            jobs.Add(Slurm.Finished(Slurm.Sbatch(0.5)));
            WaitUntilLentAgain();
        }

        ProviderRun[] runs = Provider.Runs();
        List<TimeSpan> gaps = [];
        foreach (JobRun job in jobs)
        {
            ProviderRun reclaimed = runs.Last(run => run.Start < job.Begin);
            Assert.True(reclaimed.Ended, $"the provider that job {job.Id} found was killed, or never stopped");
            gaps.Add(job.Begin - reclaimed.Life.End);
            Assert.All(runs, run => Assert.Equal(TimeSpan.Zero, run.Life.Overlap(job.Life)));
        }

        // Each job met a provider of its own: otherwise the test has shown less than it says.
        Assert.Equal(jobs.Count + 1, runs.Length);
        Figure($"PrologWait=15s, a provider that {behaviour}: {jobs.Count} jobs, overlap 0; provider gone {gaps.Min().Ms()} or more before a job's first instruction");
    });

    private void WaitUntilLentAgain()
    {
        Agent.WaitUntilLent();
        Bench.WaitUntilReady();
    }
}
