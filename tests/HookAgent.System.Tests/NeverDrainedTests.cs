using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests;

/// <summary>Whatever is broken on the node, its jobs run, Slurm keeps it, and the hook ends in time.</summary>
public sealed class NeverDrainedTests(SystemFixture fixture, ITestOutputHelper output) : SystemTest(fixture, output)
{
    /// <summary>What slurmd may see beyond the hook's own deadline: process start and end on a busy machine.</summary>
    private static readonly TimeSpan s_margin = TimeSpan.FromSeconds(0.2);

    /// <summary>WatchdogSec= of the daemon and TimeoutStopSec= of the provider, and 2 s.</summary>
    private static readonly TimeSpan s_worstOverlap = TimeSpan.FromSeconds(10 + 14 + 2);

    public static TheoryData<string, int> Faults
    {
        get
        {
            TheoryData<string, int> data = [];
            foreach (string name in Fault.All.Keys)
            {
                data.Add(name, 0);
            }

            data.Add("daemon under SIGSTOP", 2);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void Jobs_run_and_the_hook_ends_in_time_with(string faultName, int prologWait) => Story(() =>
    {
        Fault fault = Fault.All[faultName];
        Bench.WithRecordedHook(_ =>
        {
            Bench.BeginLent($"[Node]\nIdleDelay=500ms\n[Hook]\nTimeout=1s\nPrologWait={prologWait}s\n");
            HookRun.Forget(Node);
            JobRun[] jobs = RunJobsUnder(fault);

            TimeSpan overlap = CheckProviderGone(jobs[^1]);
            (TimeSpan prolog, TimeSpan epilog) = CheckHooks(jobs, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(prologWait));
            Agent.WaitUntilLent(TimeSpan.FromSeconds(60));
            Figure($"{faultName}, PrologWait={prologWait}s: longest Prolog {prolog.Ms()}, Epilog {epilog.Ms()}; overlap of {jobs[^1].Life.Length.TotalSeconds:0.0} s of job {overlap.Ms()}; node {Slurm.NodeState()}");
        });
    });

    private JobRun[] RunJobsUnder(Fault fault)
    {
        Node.Shell(fault.Break);
        try
        {
            // The longer one begins first, so that it meets the provider that ran when the fault came.
            string batch = Slurm.Sbatch(fault.JobSeconds);
            Slurm.Begun(batch);
            JobRun[] jobs = [Slurm.Srun(0.2), Slurm.Finished(batch)];
            Slurm.Completed(jobs[0].Id);
            Bench.CheckUndrained(recordsToo: false);
            return jobs;
        }
        finally
        {
            Node.Shell(fault.Mend);
        }
    }

    /// <summary>How long the provider was beside the job.</summary>
    private TimeSpan CheckProviderGone(JobRun job)
    {
        ProviderRun run = Provider.Runs()[0];
        Assert.True(run.End < job.End, "the provider outlived the job");
        TimeSpan overlap = run.Life.Overlap(job.Life);
        Assert.True(overlap <= s_worstOverlap, $"the provider was beside a job for {overlap.Ms()}");
        return overlap;
    }

    private (TimeSpan Prolog, TimeSpan Epilog) CheckHooks(JobRun[] jobs, TimeSpan timeout, TimeSpan prologWait)
    {
        HookRun[] runs = [.. HookRun.All(Node).Where(run => jobs.Any(job => job.Id == run.Job))];
        Assert.Equal(jobs.Length, runs.Count(run => run.IsProlog));
        Assert.Equal(jobs.Length, runs.Count(run => !run.IsProlog));
        Assert.All(runs, run =>
        {
            TimeSpan limit = timeout + (run.IsProlog ? prologWait : TimeSpan.Zero) + s_margin;
            Assert.Equal(0, run.ExitCode);
            Assert.True(run.Life.Length <= limit, $"{run.Context} took {run.Life.Length.Ms()}, {limit.Ms()} were allowed");
        });
        return (runs.Where(run => run.IsProlog).Max(run => run.Life.Length), runs.Where(run => !run.IsProlog).Max(run => run.Life.Length));
    }
}
