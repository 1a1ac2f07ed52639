using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests.Faults;

/// <summary>
/// One host that is two nodes of Slurm's, neither of them by the host's name, or nodes of two Slurms: reconcile forgets no
/// job of either, also while the slurmd of one is down. A node of its own, because its slurm.conf is another.
/// </summary>
[Trait("Kind", "fault")]
[Trait("Duration", "long")]
public sealed class SeveralSlurmdTests(ITestOutputHelper output)
{
    private const string TwoNodes = TwoSlurmds.Configure + """
        cat >>/etc/slurm/slurm.conf <<end
        Prolog=/usr/libexec/hookagent/slurm-hook
        Epilog=/usr/libexec/hookagent/slurm-hook
        PrologFlags=Alloc
        end
        systemctl start slurmctld
        """;

    /// <summary>Another cluster, with ports, folders and job ids of its own.</summary>
    private const string AnotherSlurm = """
        mkdir -p /var/lib/slurm/other-ctld /var/lib/slurm/other-d
        chown slurm: /var/lib/slurm/other-ctld
        sed -E -e '/^(NodeName|PartitionName)=/d' -e 's/^ClusterName=.*/ClusterName=other/' -e 's,slurm/slurmctld,slurm/other-ctld,' \
            -e 's/slurmd-%n/other-d/' -e 's/slurmctld\.(log|pid)/other-ctld.\1/' /etc/slurm/slurm.conf >/etc/slurm/other.conf
        cat >>/etc/slurm/other.conf <<end
        SlurmctldPort=7817
        FirstJobId=5000
        NodeName=other NodeHostName=com0 Port=17011 CPUs=1 RealMemory=100 State=UNKNOWN
        PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
        end
        cat >/etc/systemd/system/slurmd-other.service <<end
        [Service]
        Environment=SLURM_CONF=/etc/slurm/other.conf
        ExecStart=/usr/sbin/slurmd -DN other
        KillMode=process
        end
        systemctl daemon-reload
        systemd-run --quiet --unit=other-ctld slurmctld -D -f /etc/slurm/other.conf
        """;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Fact]
    public void Reconcile_forgets_no_job_of_the_one_that_is_down() => Fault("reconcile with two slurmd, one down, by 'slurmd -DN'", bench =>
    {
        Start(bench.Node, "virt1", "first");
        Start(bench.Node, "virt2", "second");
        Eventually.True("both nodes are idle", s_patience, () => bench.Node.Run("sinfo", "-hN", "-o", "%T").Lines.All(state => state == "idle"));

        string job = bench.Node.AsAlice("sbatch", "--parsable", "-w", "virt2", "-o", "/dev/null", "--wrap", "exec sleep 120").Text;
        bench.Agent.WaitFor("busy", "jobs-recorded");
        bench.Node.Run("systemctl", "stop", "slurmd-second");
        Keeps(bench, job);
        Assert.Equal("RUNNING", bench.Slurm.StateOf(job));
        bench.Node.Run("systemctl", "stop", "slurmd-first");
        Start(bench.Node, "virt2", "third");
        Keeps(bench, job);
        Assert.Equal("RUNNING", bench.Slurm.StateOf(job));
        bench.Node.Run("scancel", job);
    });

    [Fact]
    public void Reconcile_forgets_no_job_of_another_Slurm_whose_slurmd_is_down() => Fault("reconcile with two Slurms, the slurmd of one down", bench =>
    {
        string[] other = ["env", "SLURM_CONF=/etc/slurm/other.conf"];
        Start(bench.Node, "virt1", "first");
        bench.Node.Shell(AnotherSlurm);
        bench.Node.Run("systemctl", "start", "slurmd-other");
        Eventually.True("the other Slurm's node is idle", s_patience, () => bench.Node.Try([.. other, "sinfo", "-hN", "-o", "%T"]) is { Succeeded: true, Text: "idle" });

        string job = bench.Node.AsAlice([.. other, "sbatch", "--parsable", "-o", "/dev/null", "--wrap", "exec sleep 120"]).Text;
        bench.Agent.WaitFor("busy", "jobs-recorded");
        bench.Node.Run("systemctl", "stop", "slurmd-other");
        Keeps(bench, job);
        bench.Node.Run("systemctl", "start", "slurmd-other");
        bench.Node.Run([.. other, "scancel", job]);
    });

    private void Fault(string name, Action<Bench> body)
    {
        string[] packages = [Packages.Agent, Packages.Provider];
        using Lab lab = Lab.Up("slurmds");
        Bench bench = new(lab.Node);
        try
        {
            bench.Agent.Set("[Node]\nRequireUnit=\nIdleDelay=300ms\n");
            lab.Install(packages);
            lab.Node.Run("hookctl", "release");
            lab.Standin();
            lab.Node.Shell(TwoNodes);
            body(bench);
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
        Assert.Equal([job], bench.Agent.RecordedJobs);
        Assert.True(bench.Agent.Status()!.Is("busy", "jobs-recorded"));
    }

    /// <summary>Its jobs live on when it is stopped, and keep the unit's name.</summary>
    private static void Start(Node node, string name, string unit) =>
        node.Run("systemd-run", "--quiet", "--unit", $"slurmd-{unit}", "--property=KillMode=process", "slurmd", "-DN", name);
}
