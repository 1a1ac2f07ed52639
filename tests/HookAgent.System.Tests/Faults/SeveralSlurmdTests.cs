using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests.Faults;

/// <summary>
/// One host that is two nodes of Slurm's, neither of them by the host's name: reconcile forgets no job of either, also while
/// the slurmd of one is down. A node of its own, because its slurm.conf is another.
/// </summary>
[Trait("Kind", "fault")]
[Trait("Duration", "long")]
public sealed class SeveralSlurmdTests(ITestOutputHelper output)
{
    private const string TwoNodes = """
        systemctl stop slurmd slurmctld
        sed -Ei '/^(NodeName|PartitionName|Slurmd(SpoolDir|LogFile|PidFile))=/d' /etc/slurm/slurm.conf
        cat >>/etc/slurm/slurm.conf <<end
        NodeName=virt[1-2] NodeHostname=com0 Port=[17001-17002] CPUs=1 RealMemory=100 State=UNKNOWN
        PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
        SlurmdSpoolDir=/var/lib/slurm/slurmd-%n
        SlurmdLogFile=/var/log/slurm/slurmd-%n.log
        SlurmdPidFile=/run/slurm/slurmd-%n.pid
        Prolog=/usr/libexec/hookagent/slurm-hook
        Epilog=/usr/libexec/hookagent/slurm-hook
        PrologFlags=Alloc
        end
        mkdir -p /var/lib/slurm/slurmd-virt1 /var/lib/slurm/slurmd-virt2
        rm -f /var/lib/slurm/slurmctld/*state*
        systemctl start slurmctld
        """;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Fact]
    public void Reconcile_forgets_no_job_of_the_one_that_is_down()
    {
        const string name = "reconcile with two slurmd, one down, by 'slurmd -DN'";
        string[] packages = [Packages.Agent, Packages.Provider];
        using Lab lab = Lab.Up("slurmds");
        Bench bench = new(lab.Node);
        try
        {
            bench.Agent.Set("[Node]\nRequireUnit=\nIdleDelay=300ms\n");
            lab.Install(packages);
            lab.Standin();
            lab.Node.Shell(TwoNodes);
            Start(lab.Node, "virt1", "first");
            Start(lab.Node, "virt2", "second");
            Eventually.True("both nodes are idle", s_patience, () => lab.Node.Run("sinfo", "-hN", "-o", "%T").Lines.All(state => state == "idle"));

            string job = lab.Node.AsAlice("sbatch", "--parsable", "-w", "virt2", "-o", "/dev/null", "--wrap", "exec sleep 120").Text;
            bench.Agent.WaitFor("busy", "jobs-recorded");
            lab.Node.Run("systemctl", "stop", "slurmd-second");
            Keeps(bench, job);
            lab.Node.Run("systemctl", "stop", "slurmd-first");
            Start(lab.Node, "virt2", "third");
            Keeps(bench, job);

            lab.Node.Run("scancel", job);
            bench.Agent.WaitUntilLent();
            output.WriteLine($"fault: {name} | the job's record stays, the node is busy | 0 of 0 s | ok");
        }
        catch
        {
            output.WriteLine($"fault: {name} | | | FAILED");
            output.WriteLine(bench.Journal.Tail(250));
            throw;
        }
    }

    private static void Keeps(Bench bench, string job)
    {
        Assert.Contains($"1 job on this node ({job}); nothing had to be forgotten", bench.Node.Run("hookctl", "reconcile").Text, StringComparison.Ordinal);
        Assert.Equal("RUNNING", bench.Slurm.StateOf(job));
        Assert.Equal([job], bench.Agent.RecordedJobs);
        Assert.True(bench.Agent.Status()!.Is("busy", "jobs-recorded"));
    }

    /// <summary>Its jobs live on when it is stopped, and keep the unit's name.</summary>
    private static void Start(Node node, string name, string unit) =>
        node.Run("systemd-run", "--quiet", "--unit", $"slurmd-{unit}", "--property=KillMode=process", "slurmd", "-DN", name);
}
