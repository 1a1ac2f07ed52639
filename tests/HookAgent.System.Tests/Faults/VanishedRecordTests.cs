using HookAgent.Core.Time;
using HookAgent.SystemTests.Authorisation;
using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests.Faults;

/// <summary>
/// Records that go without their job, and jobs without a record whose end nobody told: neither is a provider started
/// beside the job, nor is the node never lent again.
/// </summary>
public sealed class VanishedRecordTests(SystemFixture fixture, ITestOutputHelper output) : FaultTest(fixture, output)
{
    private const string Records = Harness.Agent.Records;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    /// <summary>Between the steps of an allocation no process of the job is on the node.</summary>
    [Fact]
    public void Records_deleted_by_hand() => Fault("records deleted by hand during a step, the next step later", NoOverlap, () =>
    {
        Bench.BeginLent(Waiting);
        Task<JobRun> allocation = Slurm.SteppedSalloc(3, 2.5, 1);
        Eventually.True("the first step runs", s_patience, () => Node.Try("pgrep", "-f", "^slurmstepd: \\[").Succeeded);
        Agent.WaitFor("busy", "jobs-recorded");
        Node.Shell($"rm {Records}/*");
        NodeStatus seen = Eventually.Get("the node is unknown", s_patience, () => Agent.Status() is { State: "unknown" } status ? status : null, () => "");
        JobRun job = allocation.GetAwaiter().GetResult();
        TimeSpan beside = Bench.WorstOverlap();
        Assert.True(beside == TimeSpan.Zero, $"{seen.State} ({seen.Reason}) after the first step, and a provider beside the last one for {beside.Ms()}");
        ProviderRun next = LentAfter(job.End);
        return $"{seen.State} ({seen.Reason}) until the Epilog; lent again {(next.Ready!.Value - job.End).Ms()} after the job";
    });

    /// <summary>Slurm alone knows of the job then.</summary>
    [Fact]
    public void Records_deleted_by_hand_between_two_steps_and_reconcile() => Fault("records deleted by hand between two steps, then reconcile", NoOverlap, () =>
    {
        Bench.BeginLent(Waiting);
        Task<JobRun> allocation = Slurm.SteppedSalloc(0.5, 6, 1);
        Agent.WaitFor("busy", "jobs-recorded");
        Eventually.True("the first step has come", s_patience, () => Node.Try("pgrep", "-f", "^slurmstepd: \\[").Succeeded);
        Eventually.True("and gone", s_patience, () => !Node.Try("pgrep", "-f", "^slurmstepd: \\[").Succeeded);
        Node.Shell($"rm {Records}/*; hookctl reconcile");
        NodeStatus seen = Agent.WaitFor("unknown", "job-without-record");
        JobRun job = allocation.GetAwaiter().GetResult();
        ProviderRun next = LentAfter(job.End);
        return $"{seen.State} ({seen.Reason}) until the Epilog; lent again {(next.Ready!.Value - job.End).Ms()} after the job";
    });

    /// <summary>As systemd-tmpfiles-setup.service does while booting. Only the agent knows that nothing has booted.</summary>
    [Fact]
    public void Records_discarded_as_by_a_boot() => Fault("systemd-tmpfiles --remove --boot between two steps", NoOverlap, () =>
    {
        Bench.BeginLent("[Node]\nIdleDelay=0\n[Hook]\nPrologWait=30s\n");
        Task<JobRun> allocation = Slurm.SteppedSalloc(0.5, 6, 1);
        Agent.WaitFor("busy", "jobs-recorded");
        Eventually.True("the first step has come", s_patience, () => Node.Try("pgrep", "-f", "^slurmstepd: \\[").Succeeded);
        Eventually.True("and gone", s_patience, () => !Node.Try("pgrep", "-f", "^slurmstepd: \\[").Succeeded);
        Node.Run("systemd-tmpfiles", "--create", "--remove", "--boot", "hookagent.conf");
        Agent.WaitFor("unknown", "directory-unproven");
        Node.Run("systemctl", "restart", Agent.Unit);
        Agent.WaitFor("unknown", "directory-unproven");
        Node.Run("hookctl", "reconcile");
        NodeStatus seen = Agent.WaitFor("unknown", "job-without-record");
        JobRun job = allocation.GetAwaiter().GetResult();
        ProviderRun next = LentAfter(job.End);
        return $"unknown (directory-unproven) over a restart of the agent, {seen.State} ({seen.Reason}) after reconcile; lent again {(next.Ready!.Value - job.End).Ms()} after the job";
    });

    /// <summary>
    /// Up to Slurm 25.11 a repeated TERMINATE_JOB can have the Epilog of a requeued job's first run come late: here while
    /// the Prolog of the next run waits for the provider, and once more while the job runs.
    /// </summary>
    [Fact]
    public void A_repeated_Epilog_of_the_run_before() => Fault("repeated epilog removes a requeued job's record", NoOverlap, () =>
    {
        Bench.BeginLent(Waiting, "drain_seconds=3");
        string id = Slurm.Sbatch(4);
        Agent.WaitFor("reclaiming", "stop-asked");
        RunEpilog(id);
        Assert.Empty(Agent.RecordedJobs);
        Slurm.Begun(id);
        NodeStatus waited = Agent.WaitFor("unknown", "job-without-record");
        RunEpilog(id);
        NodeStatus ran = Agent.WaitFor("unknown", "step-without-record");
        JobRun job = Slurm.Finished(id);
        ProviderRun next = LentAfter(job.End);
        Assert.Equal(2, Provider.Runs().Length);
        return $"its Prolog waited on, then {waited.State} ({waited.Reason}), then {ran.State} ({ran.Reason}); lent again {(next.Ready!.Value - job.End).Ms()} after the job";
    });

    [Fact]
    public void A_record_that_cannot_be_written_and_an_agent_that_is_away_at_the_end() => Fault("record unwritable, agent down at the epilog", NoOverlap, () =>
    {
        Bench.BeginLent(Waiting);
        Node.Shell($"mount --bind {Records} {Records} && mount -o remount,bind,ro {Records}");
        JobRun job;
        try
        {
            string id = Slurm.Sbatch(3);
            Slurm.Begun(id);
            Agent.WaitFor("unknown", "job-without-record");

            // As an agent does that is restarted in the middle of the job: it looks which slurmstepd there are.
            Node.Shell(NodeBus.ForRoot["Refresh"]);
            Agent.Stop();
            job = Slurm.Finished(id);
        }
        finally
        {
            Node.Shell($"umount {Records}");
        }

        Agent.Start();
        ProviderRun next = LentAfter(job.End);
        return $"unknown (job-without-record) until the agent was back; lent again {(next.Ready!.Value - job.End).Ms()} after the job";
    });

    /// <summary>slurmctld may hear of a job's end later than its node, and the hook finds no bus.</summary>
    [Fact]
    public void A_list_of_before_the_end_of_a_job_whose_nudge_was_lost() => Fault("nudge lost, then reconcile with a list from before", NoOverlap, () =>
    {
        const string early = "/usr/local/bin/early-squeue";
        const string bus = "/run/dbus/system_bus_socket";
        Bench.BeginLent("[Node]\nIdleDelay=300ms\n[Hook]\nTimeout=500ms\n");
        string id = Slurm.Sbatch(60);
        Slurm.Begun(id);
        Agent.WaitFor("busy", "jobs-recorded");
        Node.Write(early, $"#!/bin/sh\necho '{id}|COMPLETING'\n", "0755");
        Node.Run("mv", bus, $"{bus}.away");
        try
        {
            Node.Run("scancel", id);
            Eventually.True("the Epilog has run", s_patience, () => Agent.RecordedJobs.Count == 0 && !HookRun.AnyNow(Node));
        }
        finally
        {
            Node.Run("mv", $"{bus}.away", bus);
        }

        BootTime asked = BootClock.Now();
        Node.Run("hookctl", "reconcile", "--squeue", early);
        Agent.WaitUntilLent();
        return $"lent {(BootClock.Now() - asked).Ms()} after reconcile was asked";
    });

    private void RunEpilog(string job) =>
        Node.Run("env", "SLURM_SCRIPT_CONTEXT=epilog_slurmd", $"SLURM_JOB_ID={job}", "SLURM_JOB_UID=2000", "/usr/libexec/hookagent/slurm-hook");
}
