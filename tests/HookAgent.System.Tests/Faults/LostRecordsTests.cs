using HookAgent.Core.Time;
using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests.Faults;

/// <summary>The record directory taken away under a job: the node is unknown, and not lent before Slurm has been asked.</summary>
public sealed class LostRecordsTests(SystemFixture fixture, ITestOutputHelper output) : FaultTest(fixture, output)
{
    [Theory]
    [InlineData("record directory deleted under a job", "rm -r /run/hookagent/jobs", "directory-missing")]
    [InlineData("/run/hookagent deleted under a job", "rm -r /run/hookagent", "directory-missing")]
    [InlineData("record directory replaced under a job", "mv /run/hookagent/jobs /run/hookagent/old && mkdir /run/hookagent/jobs && rm -r /run/hookagent/old", "directory-unproven")]
    public void The_job_is_found_by_reconcile(string name, string lose, string reason) => Fault(name, NoOverlap, () =>
    {
        Bench.BeginLent(Waiting);
        string id = Slurm.Sbatch(4);
        Slurm.Begun(id);
        Agent.WaitFor("busy", "jobs-recorded");
        Node.Shell(lose);
        Agent.WaitFor("unknown", reason);
        Assert.Equal("inactive", Provider.ActiveState);

        // As its sentence in hookctl status says.
        Node.Run("systemd-tmpfiles", "--create", "hookagent.conf");
        Node.Run("systemctl", "restart", Agent.Unit);
        Assert.Contains(id, Node.Run("hookctl", "reconcile").Text, StringComparison.Ordinal);
        Agent.WaitFor("unknown", "job-without-record");
        Assert.Equal("RUNNING", Slurm.StateOf(id));

        JobRun job = Slurm.Finished(id);
        ProviderRun next = LentAfter(job.End);
        return $"unknown ({reason}), found by reconcile; lent again {(next.Ready!.Value - job.End).Ms()} after the job";
    });

    /// <summary>
    /// What was made at boot is the directory that has gone, so nothing of it counts for the one that took its place. Up to
    /// 0.1.0 a file beside it did, where the agent remembered nothing.
    /// </summary>
    [Fact]
    public void What_was_made_at_boot_proves_no_directory_of_later() => Fault("record directory replaced after boot, the agent's memory lost", NoOverlap, () =>
    {
        Bench.BeginLent(Waiting);
        string id = Slurm.Sbatch(4);
        Slurm.Begun(id);
        Agent.WaitFor("busy", "jobs-recorded");
        Agent.Stop();
        Node.Shell("systemd-tmpfiles --create --boot hookagent.conf && rm -rf /run/hookagent/jobs /var/lib/hookagent/node.state && systemd-tmpfiles --create hookagent.conf");
        Agent.Start();
        Agent.WaitFor("unknown", "directory-unproven");

        Node.Run("hookctl", "reconcile");
        Agent.WaitFor("unknown", "job-without-record");

        // The proof stays: the next agent does not ask Slurm.
        Node.Run("systemctl", "restart", Agent.Unit);
        Agent.WaitFor("unknown", "job-without-record");
        JobRun job = Slurm.Finished(id);
        ProviderRun next = LentAfter(job.End);
        return $"unknown until reconcile; lent again {(next.Ready!.Value - job.End).Ms()} after the job";
    });

    /// <summary>Nobody mends it: the Epilog finds no record, and the node stays unlent.</summary>
    [Fact]
    public void Nobody_mends_it_and_the_node_is_not_lent() => Fault("record directory deleted under a job, not mended", NoOverlap, () =>
    {
        Bench.BeginLent(Waiting);
        string id = Slurm.Sbatch(1.5);
        Slurm.Begun(id);
        Node.Run("rm", "-r", Harness.Agent.Records);
        JobRun job = Slurm.Finished(id);
        JobRun second = Slurm.Srun(0.3);
        NodeStatus left = Agent.WaitFor("unknown", "directory-missing");
        Assert.Single(Provider.Runs());

        Node.Shell("systemd-tmpfiles --create hookagent.conf && systemctl restart hookagentd && hookctl reconcile");
        ProviderRun next = LentAfter(second.End);
        Assert.True(next.Start > job.End);
        return $"two jobs ran, then {left.State} ({left.Reason}); lent once it was mended";
    });
}
