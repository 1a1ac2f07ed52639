using HookAgent.Core.Time;
using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests.Faults;

/// <summary>systemd reads its units again, or replaces itself, in the middle of lending, reclaiming and a job.</summary>
public sealed class SystemdTests(SystemFixture fixture, ITestOutputHelper output) : FaultTest(fixture, output)
{
    [Theory]
    [InlineData("daemon-reload")]
    [InlineData("daemon-reexec")]
    public void Nothing_is_lost_by(string command) => Fault($"{command} while lent, in the Prolog, in the job", NoOverlap, () =>
    {
        Bench.BeginLent(Waiting, "drain_seconds=2");
        ProviderRun lent = Bench.WaitUntilReady();
        Node.Run("systemctl", command);
        Agent.WaitUntilLent();
        Assert.Equal(lent.Pid, Bench.WaitUntilReady().Pid);

        string id = Slurm.Sbatch(2);
        Agent.WaitFor("reclaiming", "stop-asked");
        Node.Run("systemctl", command);
        Slurm.Begun(id);
        Assert.Equal("inactive", Provider.ActiveState);
        Node.Run("systemctl", command);
        Agent.WaitFor("busy", "jobs-recorded");

        JobRun job = Slurm.Finished(id);
        ProviderRun next = LentAfter(job.End);
        Assert.Equal(2, Provider.Runs().Length);
        return $"the provider ran on, drained before the job, stayed off in it; lent again {(next.Ready!.Value - job.End).Ms()} after it";
    });
}
