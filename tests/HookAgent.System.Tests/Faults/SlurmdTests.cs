using HookAgent.Core.Time;
using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests.Faults;

/// <summary>slurmd dies, with and without its steps, or is stopped by an administrator.</summary>
public sealed class SlurmdTests(SystemFixture fixture, ITestOutputHelper output) : FaultTest(fixture, output)
{
    private const string Slurmd = "slurmd.service";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <summary>The step lives on and waits for a slurmd, whose Epilog then ends the record.</summary>
    [Fact]
    public void Killed_in_mid_job() => Fault("slurmd killed in mid-job, back after the job", NoOverlap, () =>
    {
        Bench.BeginLent(Waiting);
        string id = Slurm.Sbatch(2);
        BootTime back;
        try
        {
            Slurm.Begun(id);
            Node.Run("systemctl", "kill", "--kill-who=main", "--signal=KILL", Slurmd);
            Eventually.True("the job's process is over", s_patience, () => Node.Try("grep", "-q", "end", $"/home/alice/job-{id}-4294967294").Succeeded);
            Agent.WaitFor("busy", "jobs-recorded");
        }
        finally
        {
            back = BootClock.Now();
            Node.Run("systemctl", "start", Slurmd);
        }

        JobRun job = Slurm.Finished(id);
        ProviderRun next = LentAfter(job.End);
        Assert.True(next.Start > back);
        Idle();
        return $"busy until slurmd was back, job COMPLETED; lent again {(next.Ready!.Value - back).Ms()} after slurmd";
    });

    /// <summary>No Epilog comes by itself: the record stays, and the node busy, until Slurm notices the loss or is told.</summary>
    [Fact]
    public void Killed_with_its_steps() => Fault("slurmd and its steps killed in mid-job", NoOverlap, () =>
    {
        Bench.BeginLent(Waiting);
        string id = Slurm.Sbatch(20);
        try
        {
            Slurm.Begun(id);
            Node.Run("systemctl", "kill", "--kill-who=all", "--signal=KILL", Slurmd);
            Eventually.True("nothing of the job is left", s_patience, () => !Node.Try("pgrep", "-x", "stamped-job").Succeeded);
        }
        finally
        {
            Node.Run("systemctl", "start", Slurmd);
        }

        Idle("MIXED");
        Agent.WaitFor("busy", "jobs-recorded");
        Assert.Equal([id], Agent.RecordedJobs);
        BootTime canceled = BootClock.Now();
        Node.AsAlice("scancel", id);
        Eventually.True("its Epilog has run", s_patience, () => Agent.RecordedJobs.Count == 0);
        ProviderRun next = LentAfter(canceled);
        Idle();
        return $"busy as long as Slurm has the job; lent {(next.Ready!.Value - canceled).Ms()} after scancel";
    });

    [Fact]
    public void Stopped_for_maintenance() => Fault("slurmd stopped for maintenance", NoOverlap, () =>
    {
        Bench.BeginLent(Waiting);
        BootTime back;
        try
        {
            Node.Run("systemctl", "stop", Slurmd);
            Agent.WaitFor("held", "required-unit-inactive");
            Assert.Equal("inactive", Provider.ActiveState);
        }
        finally
        {
            back = BootClock.Now();
            Node.Run("systemctl", "start", Slurmd);
        }

        ProviderRun next = LentAfter(back);
        Idle();
        JobRun job = Slurm.Srun(0.2);
        LentAfter(job.End);
        return $"held (required-unit-inactive); lent {(next.Ready!.Value - back).Ms()} after its start; jobs run";
    });

    private void Idle(string state = "IDLE") => Eventually.Get(
        $"Slurm calls its node {state}", s_patience, () => Slurm.NodeState() == state ? "" : null, () => $"It calls it {Slurm.NodeState()}.");
}
