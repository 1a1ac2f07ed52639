using HookAgent.Ctl.Doctor;
using HookAgent.Ctl.Reconcile;

namespace HookAgent.Ctl.Slurm;

/// <summary>Where the slurm.conf of this node is, and how that was found out.</summary>
internal sealed record SlurmConfPlace(string Path, string FoundBy)
{
    /// <summary>Where slurmd keeps what slurmctld sends it on a configless cluster.</summary>
    private const string Configless = "/run/slurm/conf/slurm.conf";

    private static readonly string[] BuiltIn =
        ["/etc/slurm/slurm.conf", Configless, "/usr/local/etc/slurm.conf", "/etc/slurm-llnl/slurm.conf"];

    /// <summary>In the order in which slurmd looks (slurmd(8)); null where none is there.</summary>
    public static SlurmConfPlace? Find(SystemRoot root, LocalSlurmd slurmd)
    {
        if (slurmd.IsConfigless && root.IsFile(Configless))
        {
            return new SlurmConfPlace(Configless, "the running slurmd has it from slurmctld (--conf-server)");
        }

        if (slurmd.ConfigFile is { } told)
        {
            return new SlurmConfPlace(told, $"by {slurmd.ConfigFrom} of the running slurmd");
        }

        string? found = BuiltIn.FirstOrDefault(root.IsFile);
        return found is null ? null : new SlurmConfPlace(found, found == Configless ? "slurmd has it from slurmctld" : "in its usual place");
    }
}
