using HookAgent.Core.Time;
using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests.Faults;

/// <summary>The node goes down with a job on it, in order or not, and comes back with another boot id.</summary>
[Trait("Duration", "long")]
public sealed class RebootTests(SystemFixture fixture, ITestOutputHelper output) : FaultTest(fixture, output)
{
    private const string BootId = "/run/hookagent/boot-id";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan s_requeued = TimeSpan.FromSeconds(240);
    private readonly SystemFixture _fixture = fixture;

    [Theory]
    [InlineData("reboot with a job running", false)]
    [InlineData("power cut with a job running", true)]
    public void The_node_is_lent_again_and_the_job_runs_again(string name, bool crash) => Fault(name, NoOverlap, () =>
    {
        Bench.BeginLent("[Node]\nIdleDelay=2s\n[Hook]\nPrologWait=15s\n");
        string id = Slurm.Sbatch(8);
        Slurm.Begun(id);
        Slurm.Saved();
        string boot = Node.Read(BootId);
        BootTime down = BootClock.Now();
        _fixture.Lab.Reboot(Node, crash);
        Assert.NotEqual(boot, Node.Read(BootId));
        ProviderRun next = LentAfter(down);

        // A node of the lab shows the host's uptime, by which slurmctld cannot tell that it was down.
        Node.Run("scontrol", "requeue", id);
        Eventually.Get("the job waits to run again", s_patience, () => Slurm.StateOf(id) == "PENDING" ? "" : null, () => $"It is {Slurm.StateOf(id)}.");

        // Two minutes later, when slurmd has forgotten that the job's Prolog ran before the boot.
        Eventually.Get("the job runs again", s_requeued, () => Slurm.StateOf(id) == "COMPLETED" ? "" : null, () => $"It is {Slurm.StateOf(id)}.");
        JobRun again = Slurm.Finished(id);
        Assert.True(again.Begin > next.Start);
        LentAfter(again.End);
        return $"lent {(next.Ready!.Value - down).TotalSeconds:0.0} s after it went down; the job requeued and COMPLETED";
    });
}
