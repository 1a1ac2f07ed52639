using HookAgent.Core.Time;
using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests.Faults;

/// <summary>Whatever is broken on the node, its jobs run, Slurm keeps it, and the hook ends in time.</summary>
public sealed class NeverDrainedTests(SystemFixture fixture, ITestOutputHelper output) : FaultTest(fixture, output)
{
    public static TheoryData<string, int> Parts
    {
        get
        {
            TheoryData<string, int> data = [];
            foreach (string name in BrokenPart.All.Keys)
            {
                data.Add(name, 0);
            }

            return data;
        }
    }

    [Fact]
    [Trait("Duration", "long")]
    public void Jobs_run_and_a_Prolog_that_waits_ends_in_time_with_a_hung_daemon() => Jobs_run_and_the_hook_ends_in_time_with(BrokenPart.HungDaemon, 2);

    [Theory]
    [MemberData(nameof(Parts))]
    public void Jobs_run_and_the_hook_ends_in_time_with(string partName, int prologWait) =>
        Fault(prologWait == 0 ? partName : $"{partName}, PrologWait={prologWait}s", WorstOverlap, () =>
        {
            BrokenPart part = BrokenPart.All[partName];
            Bench.BeginLent($"[Node]\nIdleDelay=500ms\n[Hook]\nTimeout=1s\nPrologWait={prologWait}s\n");
            BootTime since = BootClock.Now();
            JobRun[] jobs = RunJobsUnder(part);

            ProviderRun provider = Provider.Runs()[0];
            Assert.True(provider.End < jobs[^1].End, "the provider outlived the job");
            (TimeSpan prolog, TimeSpan epilog) = LongestHooks(since, jobs);
            Agent.WaitUntilLent(TimeSpan.FromSeconds(60));
            return $"{jobs.Length} jobs ran; longest Prolog {prolog.Ms()}, Epilog {epilog.Ms()}";
        });

    private JobRun[] RunJobsUnder(BrokenPart part)
    {
        try
        {
            Node.Shell(part.Break);

            // The longer one begins first, so that it meets the provider that ran when the fault came.
            string batch = Slurm.Sbatch(part.JobSeconds);
            Slurm.Begun(batch);
            JobRun[] jobs = [Slurm.Srun(0.2), Slurm.Finished(batch)];
            Slurm.Completed(jobs[0].Id);
            Bench.CheckUndrained(recordsToo: false);
            return jobs;
        }
        finally
        {
            Node.Shell(part.Mend);
        }
    }

    /// <summary>slurmd ran both hooks for each job, whose length is checked after every test.</summary>
    private (TimeSpan Prolog, TimeSpan Epilog) LongestHooks(BootTime since, JobRun[] jobs)
    {
        HookRun[] runs = [.. HookRun.Since(Node, since).Where(run => jobs.Any(job => job.Id == run.Job))];
        Assert.Equal(jobs.Length, runs.Count(run => run.IsProlog));
        Assert.Equal(jobs.Length, runs.Count(run => !run.IsProlog));
        return (runs.Where(run => run.IsProlog).Max(run => run.Life.Length), runs.Where(run => !run.IsProlog).Max(run => run.Life.Length));
    }
}
