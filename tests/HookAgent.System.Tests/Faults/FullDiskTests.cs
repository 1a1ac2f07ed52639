using HookAgent.Core.Journal;
using HookAgent.Core.Time;
using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests.Faults;

/// <summary>The disk of the state folder is full while an operator holds the node: the hold outlives the agent once there is room.</summary>
public sealed class FullDiskTests(SystemFixture fixture, ITestOutputHelper output) : FaultTest(fixture, output)
{
    private const string Folder = "/var/lib/hookagent";

    [Fact]
    public void A_hold_is_written_once_there_is_room() => Fault($"{Folder} full while a hold is written", NoOverlap, () =>
    {
        Bench.Begin(Waiting);
        Agent.Stop();
        Node.Shell($"mount -t tmpfs -o size=32k,mode=0755 none {Folder}");
        try
        {
            BootTime since = BootClock.Now();
            Agent.Start();

            // An agent of before kept its proof of the job directory there.
            Node.Run("hookctl", "reconcile");
            Agent.WaitUntilLent();
            Node.Shell($"dd if=/dev/zero of={Folder}/fill bs=4k count=64 status=none 2>/dev/null; test $(df --output=avail {Folder} | tail -n 1) -eq 0");
            Node.Run("hookctl", "hold", "--reason", "a full disk");
            Agent.WaitFor("held", "operator-hold");
            Slurm.Srun(0.1);
            Agent.WaitFor("held", "operator-hold");
            Assert.NotEmpty(Journal.Find(since, $"MESSAGE_ID={NodeMessageIds.StateFileFailed}"));
            Assert.Equal("", Node.Shell($"find {Folder} -name '.*.new'").Text);

            Node.Run("rm", $"{Folder}/fill");
            Node.Run("systemctl", "restart", Harness.Agent.Unit);
            Agent.WaitFor("held", "operator-hold");
            Node.Run("hookctl", "release");
            Agent.WaitUntilLent();
            return "held beside a job, said that nothing is kept; held on by the next agent";
        }
        finally
        {
            Agent.Stop();
            Node.Run("umount", Folder);
        }
    });
}
