using HookAgent.Core.Time;
using HookAgent.SystemTests.Authorisation;
using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests.Faults;

/// <summary>Hooks and nudges that come when they should not: the records alone say which jobs there are.</summary>
public sealed class DisorderTests(SystemFixture fixture, ITestOutputHelper output) : FaultTest(fixture, output)
{
    private const string NoJob = "424242";
    private static readonly TimeSpan s_atOnce = TimeSpan.FromSeconds(5);

    /// <summary>As after a salloc without PrologFlags=Alloc.</summary>
    [Fact]
    public void Epilog_without_Prolog() => Fault("epilog without prolog, lent and busy", NoOverlap, () =>
    {
        Bench.BeginLent(Waiting);
        RunEpilog(NoJob);
        Agent.WaitFor("lending", "running");
        string id = Slurm.Sbatch(1.5);
        Slurm.Begun(id);
        RunEpilog(NoJob);
        Agent.WaitFor("busy", "jobs-recorded");
        Assert.Equal([id], Agent.RecordedJobs);
        JobRun job = Slurm.Finished(id);
        LentAfter(job.End);
        Assert.Equal(2, Provider.Runs().Length);
        return "the hook exits 0; a lent node stays lent, a busy one busy";
    });

    [Fact]
    public void An_Epilog_that_runs_twice() => Fault("epilog repeated, the second beside another job", NoOverlap, () =>
    {
        Bench.BeginLent(Waiting);
        JobRun first = Slurm.Srun(0.2);
        string id = Slurm.Sbatch(1.5);
        Slurm.Begun(id);
        RunEpilog(first.Id);
        Agent.WaitFor("busy", "jobs-recorded");
        JobRun job = Slurm.Finished(id);
        LentAfter(job.End);
        return "the other job's record and state are as before";
    });

    [Fact]
    public void Late_and_repeated_nudges() => Fault("late, repeated and reordered nudges", NoOverlap, () =>
    {
        Bench.BeginLent(Waiting);
        string id = Slurm.Sbatch(2);
        Slurm.Begun(id);
        Send(NodeBus.JobEnded(id), NodeBus.JobStarted(id), NodeBus.JobEnded(id), NodeBus.JobEnded(id));
        Agent.WaitFor("busy", "jobs-recorded");
        Assert.Equal("inactive", Provider.ActiveState);
        JobRun job = Slurm.Finished(id);
        ProviderRun next = LentAfter(job.End);

        // PrologWait= would hold a Prolog's nudge of a recorded job back for 15 s.
        TimeSpan answered = Send(NodeBus.JobStarted(id), NodeBus.JobEnded(id), NodeBus.JobStarted(NoJob), NodeBus.JobStarted(id));
        Assert.True(answered < s_atOnce, $"the nudges took {answered.Ms()}");
        Agent.WaitFor("lending", "running");
        Assert.Equal(next.Pid, Provider.Runs()[^1].Pid);
        return $"JobEnded of a running job: still busy; JobStarted of one that ended: answered, still lent ({answered.Ms()} for four)";
    });

    private void RunEpilog(string job) =>
        Node.Run("env", "SLURM_SCRIPT_CONTEXT=epilog_slurmd", $"SLURM_JOB_ID={job}", "SLURM_JOB_UID=2000", "/usr/libexec/hookagent/slurm-hook");

    private TimeSpan Send(params string[] nudges) => Node.Shell(string.Join(" && ", nudges)).Took;
}
