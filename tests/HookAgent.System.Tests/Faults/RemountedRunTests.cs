using HookAgent.Core.Time;
using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests.Faults;

/// <summary>
/// The agent's folder in /run becomes another file system, or read-only, under a running agent, and is put right. Not all of
/// /run: the kernel refuses to make that read-only while systemd writes there.
/// </summary>
public sealed class RemountedRunTests(SystemFixture fixture, ITestOutputHelper output) : FaultTest(fixture, output)
{
    private const string Cover = "mount -t tmpfs -o size=1m,mode=0755 none /run/hookagent";
    private const string ReadOnly = "mount --bind /run/hookagent /run/hookagent && mount -o remount,bind,ro /run/hookagent";
    private const string Uncover = "umount /run/hookagent";

    [Theory]
    [Trait("Duration", "long")]
    [InlineData("another file system over /run/hookagent", Cover, Uncover)]
    [InlineData("/run/hookagent read-only", ReadOnly, Uncover)]
    public void A_job_finds_no_provider(string name, string spoil, string mend) => Fault($"{name} while lent", NoOverlap, () =>
    {
        Bench.BeginLent(Waiting);
        string agent = Agent.MainPid;
        Node.Shell(spoil);
        JobRun job;
        try
        {
            job = Slurm.Srun(0.5);
        }
        finally
        {
            Node.Shell(mend);
        }

        Assert.Equal(agent, Agent.MainPid);
        LentAfter(job.End);
        return "the provider was gone before the job; lent again after it";
    });

    [Theory]
    [Trait("Duration", "long")]
    [InlineData("another file system over /run/hookagent", Cover, Uncover)]
    [InlineData("/run/hookagent read-only", ReadOnly, Uncover)]
    public void A_running_job_is_not_forgotten(string name, string spoil, string mend) => Fault($"{name} beside a job, and its Epilog there", NoOverlap, () =>
    {
        Bench.BeginLent(Waiting);
        string id = Slurm.Sbatch(2);
        Slurm.Begun(id);
        BootTime since = BootClock.Now();
        Node.Shell(spoil);
        JobRun job;
        try
        {
            job = Slurm.Finished(id);
        }
        finally
        {
            Node.Shell(mend);
        }

        // The Epilog could not remove the record.
        Agent.WaitFor("busy", "jobs-recorded");
        Node.Run("hookctl", "reconcile");
        LentAfter(job.End);
        Assert.Equal(2, Provider.Runs().Length);
        return $"busy until reconcile; lent again {(BootClock.Now() - since).Ms()} later";
    });
}
