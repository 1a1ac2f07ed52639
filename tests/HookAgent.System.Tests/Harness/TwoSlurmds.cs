namespace HookAgent.SystemTests.Harness;

/// <summary>A host that is two nodes of Slurm's, virt1 and virt2.</summary>
internal static class TwoSlurmds
{
    /// <summary>For the node's shell: stops Slurm and has slurm.conf name them. slurmctld is to be started by what follows.</summary>
    public const string Configure = """
        systemctl stop slurmd slurmctld
        sed -Ei '/^(NodeName|PartitionName|Slurmd(SpoolDir|LogFile|PidFile))=/d' /etc/slurm/slurm.conf
        cat >>/etc/slurm/slurm.conf <<end
        NodeName=virt[1-2] NodeHostname=com0 Port=[17001-17002] CPUs=1 RealMemory=100 State=UNKNOWN
        PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
        SlurmdSpoolDir=/var/lib/slurm/slurmd-%n
        SlurmdLogFile=/var/log/slurm/slurmd-%n.log
        SlurmdPidFile=/run/slurm/slurmd-%n.pid
        end
        mkdir -p /var/lib/slurm/slurmd-virt1 /var/lib/slurm/slurmd-virt2
        rm -f /var/lib/slurm/slurmctld/*state*

        """;
}
