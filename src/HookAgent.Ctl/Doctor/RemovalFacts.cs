using HookAgent.Ctl.Host;
using HookAgent.Ctl.Slurm;

namespace HookAgent.Ctl.Doctor;

/// <summary>All that says whether Slurm still runs the hook, gathered at one moment.</summary>
internal sealed record RemovalFacts(SystemRoot Root, bool IsRoot, SlurmWitnesses Slurm)
{
    /// <summary>Of any release: what one takes and another refuses keeps the package.</summary>
    public static RemovalFacts Gather(DoctorOptions options)
    {
        SystemRoot root = new(options.Root);
        SlurmWitnesses slurm = SlurmWitnesses.Hear(root, LocalSlurmd.Find(root.Real("/proc")), options.Units(root), options.Controllers(), version: null);
        return new RemovalFacts(root, Environment.IsPrivilegedProcess, slurm);
    }
}
