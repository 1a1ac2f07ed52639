using HookAgent.Core.Journal;
using HookAgent.Core.Time;
using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests.Faults;

/// <summary>
/// What the agent's sandbox names is not there when it starts: it starts all the same, and says once what is missing. Before,
/// systemd failed at it (226/NAMESPACE, 238/STATE_DIRECTORY) and tried five times a second, 236 lines in 10 s.
/// </summary>
public sealed class MissingFoldersTests(SystemFixture fixture, ITestOutputHelper output) : FaultTest(fixture, output)
{
    private static readonly TimeSpan s_while = TimeSpan.FromSeconds(3);

    [Fact]
    public void Run_folder() => Fault("/run/hookagent missing when the agent starts", NoOverlap, () =>
    {
        Bench.BeginLent(Waiting);
        Agent.Stop();
        BootTime since = BootClock.Now();
        Node.Run("rm", "-r", "/run/hookagent");
        StartsQuietly(since);
        Agent.WaitFor("unknown", "directory-unproven");
        Node.Run("hookctl", "reconcile");
        JobRun job = Slurm.Srun(0.3);
        LentAfter(job.End);
        return "made anew, unknown until reconcile, then lent";
    });

    [Fact]
    public void State_folder_on_a_read_only_file_system() => Fault("/var/lib read-only without the state folder", NoOverlap, () =>
    {
        Bench.BeginLent(Waiting);
        Agent.Stop();
        BootTime since = BootClock.Now();
        // The stand-in notes what it does in a folder of its own there.
        Node.Shell("mv /var/lib/hookagent /var/hookagent-kept && mount --bind /var/lib /var/lib"
            + $" && mount --bind {Harness.Provider.Folder} {Harness.Provider.Folder} && mount -o remount,bind,ro /var/lib");
        try
        {
            StartsQuietly(since);

            // What an earlier reconcile found out was in the folder, too.
            Node.Run("hookctl", "reconcile");
            Agent.WaitUntilLent();
            Node.Run("hookctl", "hold", "--reason", "not to be kept");
            Agent.WaitFor("held", "operator-hold");
            Assert.NotEmpty(Journal.Find(since, $"MESSAGE_ID={NodeMessageIds.StateFileFailed}"));
            Node.Run("hookctl", "release");
            Agent.WaitUntilLent();
        }
        finally
        {
            Node.Shell($"umount -l {Harness.Provider.Folder}; umount -l /var/lib; rm -rf /var/lib/hookagent; mv /var/hookagent-kept /var/lib/hookagent");
        }

        Node.Run("systemctl", "restart", Harness.Agent.Unit);
        LentAfter(since);
        return "lent, and said that nothing is kept";
    });

    /// <summary>By one start, and with no more lines of the agent's and systemd's than a start has.</summary>
    private void StartsQuietly(BootTime since)
    {
        Node.Run("systemctl", "start", Harness.Agent.Unit);
        Eventually.True("it has run for a while", TimeSpan.FromSeconds(20), () => BootClock.Now() - since > s_while);
        Assert.Equal("0", Node.UnitProperty(Harness.Agent.Unit, "NRestarts"));
        int lines = Journal.Find(since, $"_SYSTEMD_UNIT={Harness.Agent.Unit}").Length + Journal.Find(since, $"UNIT={Harness.Agent.Unit}").Length;
        Assert.InRange(lines, 1, 25);
    }
}
