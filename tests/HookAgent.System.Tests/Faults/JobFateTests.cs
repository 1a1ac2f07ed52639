using HookAgent.Core.Time;
using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests.Faults;

/// <summary>What Slurm and its users do to jobs beside running them.</summary>
public sealed class JobFateTests(SystemFixture fixture, ITestOutputHelper output) : FaultTest(fixture, output)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Its first run's Epilog comes with the second run's restart count. As long as slurmd knows the first run, for two minutes,
    /// it may start the second one without a Prolog (Slurm 20.11 and 22.05); so slurmctld waits, and the test does.
    /// </summary>
    [Fact]
    [Trait("Duration", "long")]
    public void Requeue() => Fault("requeue", NoOverlap, () =>
    {
        Bench.BeginLent(Waiting);
        string id = Slurm.Sbatch(2);
        Slurm.Begun(id);
        Node.Run("scontrol", "requeue", id);
        Eventually.True("the first run is over", s_patience, () => Slurm.StateOf(id) == "PENDING" && Agent.RecordedJobs.Count == 0);
        BootTime requeued = BootClock.Now();
        ProviderRun between = LentAfter(Provider.Runs()[0].Start);
        Eventually.True("slurmctld has waited its two minutes", TimeSpan.FromMinutes(3), () => Slurm.StateOf(id) != "PENDING");
        JobRun second = Slurm.Finished(id);
        ProviderRun next = LentAfter(second.End);
        Assert.True(between.Start < second.Begin && second.Begin > requeued);
        return $"lent between the runs, job COMPLETED; lent again {(next.Ready!.Value - second.End).Ms()} after the second";
    });

    [Fact]
    public void Suspend_and_resume() => Fault("suspend and resume", NoOverlap, () =>
    {
        Bench.BeginLent(Waiting);
        string id = Slurm.Sbatch(2);
        Slurm.Begun(id);
        Node.Run("scontrol", "suspend", id);
        Assert.Equal("SUSPENDED", Slurm.StateOf(id));
        JobRun other = Slurm.Srun(0.3);
        Eventually.True("the other job's Epilog is over", s_patience, () => Agent.RecordedJobs.SequenceEqual([id]));
        Agent.WaitFor("busy", "jobs-recorded");
        Node.Run("scontrol", "resume", id);
        JobRun job = Slurm.Finished(id);
        Assert.True(job.Begin < other.Begin && other.End < job.End);
        ProviderRun next = LentAfter(job.End);
        Assert.Equal(2, Provider.Runs().Length);
        return $"busy while suspended, also after another job; lent again {(next.Ready!.Value - job.End).Ms()} after its end";
    });

    /// <summary>The Prolog waits for the provider to drain; the job is killed in it, and its Epilog follows.</summary>
    [Fact]
    public void Scancel_in_the_Prolog() => Fault("scancel in the Prolog", NoOverlap, () =>
    {
        Bench.BeginLent(Waiting, "drain_seconds=3");
        BootTime since = BootClock.Now();
        string id = Slurm.Sbatch(2);
        Eventually.True("the Prolog waits", s_patience, () => Agent.RecordedJobs.Count == 1 && HookRun.AnyNow(Node));
        Node.AsAlice("scancel", id);
        Eventually.True("the job is CANCELLED and its Epilog over", s_patience, () => Slurm.StateOf(id) == "CANCELLED" && Agent.RecordedJobs.Count == 0);
        Assert.False(Node.Try("sh", "-c", $"ls /home/alice/job-{id}-*").Succeeded, "the job has run");
        HookRun[] hooks = HookRun.Since(Node, since);
        Assert.Equal(["prolog_slurmd", "epilog_slurmd"], hooks.Select(hook => hook.Context));
        ProviderRun next = LentAfter(hooks[0].Life.End);
        return $"Prolog of {hooks[0].Life.Length.Ms()}, then Epilog; the job never ran; lent again {(next.Ready!.Value - hooks[1].Life.End).Ms()} after it";
    });

    /// <summary>No slurmstepd is there to be seen, and no process of the job's own.</summary>
    [Fact]
    public void Salloc_without_a_step() => Fault("salloc without a step", NoOverlap, () =>
    {
        Bench.BeginLent(Waiting);
        JobRun job = Slurm.Salloc(2);
        ProviderRun next = LentAfter(job.End);
        Assert.Equal(2, Provider.Runs().Length);
        return $"no provider for its {job.Life.Length.TotalSeconds:0.0} s; lent again {(next.Ready!.Value - job.End).Ms()} after it";
    });

    [Fact]
    [Trait("Duration", "long")]
    public void Two_hundred_jobs_in_a_burst() => Fault("200 jobs in a burst", NoOverlap, () =>
    {
        const int tasks = 200;
        Bench.BeginLent("[Node]\nIdleDelay=10s\n[Hook]\nPrologWait=15s\n");
        BootTime since = BootClock.Now();
        IReadOnlyList<JobRun> jobs = Slurm.FinishedArray(Slurm.Sbatch(0, "--array", $"1-{tasks}"), tasks);
        BootTime last = jobs.Max(job => job.End);
        ProviderRun next = LentAfter(last);
        Assert.Equal(2, Provider.Runs().Length);
        HookRun[] hooks = HookRun.Since(Node, since);
        Assert.Equal(2 * tasks, hooks.Length);
        return $"all COMPLETED in {(last - since).TotalSeconds:0} s, {hooks.Length} hooks of {hooks.Select(hook => hook.Life.Length).Median().Ms()} in the middle; lent again once, {(next.Ready!.Value - last).TotalSeconds:0.0} s after the last";
    });
}
