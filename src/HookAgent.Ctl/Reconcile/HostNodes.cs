using HookAgent.Ctl.Slurm;

namespace HookAgent.Ctl.Reconcile;

/// <summary>The Slurm nodes that this host is, or a sentence on why they are not known.</summary>
/// <param name="Names">Each NodeName once; empty only with a sentence.</param>
internal sealed record HostNodes(IReadOnlyList<string> Names, string? CannotTell)
{
    /// <summary>
    /// A host can be several nodes, and the slurmd of one may be down while its jobs run. So every node counts that Slurm has
    /// at this host's name or address, and every node name that a slurmd got with -N. When a slurmd runs whose node is
    /// neither, the names are not complete, and nothing may be forgotten.
    /// </summary>
    /// <param name="slurmds">The running ones that use the slurm.conf which <paramref name="nodes"/> are of.</param>
    /// <param name="named">What the operator names, as a host list; null for nothing.</param>
    /// <param name="isLocal">Whether the resolver leads from another name to this host.</param>
    /// <param name="down">What a slurmd that does not run would be started as (-N). One that slurmctld does not know has no job.</param>
    public static HostNodes Of(
        IReadOnlyList<SlurmNode> nodes, IReadOnlyList<SlurmdOptions> slurmds, ThisHost host, string? named, Func<string, bool> isLocal, IEnumerable<string> down)
    {
        List<string> names = [.. nodes.Where(node => host.Is(node.HostName) || host.Is(node.Address)).Select(node => node.Name)];
        bool isHostKnown = names.Count > 0;
        names.AddRange(down.Distinct().Where(name => !names.Contains(name) && nodes.Any(node => node.Name == name)));
        foreach (SlurmdOptions slurmd in slurmds)
        {
            if (slurmd.NodeName is { } told && !names.Contains(told))
            {
                if (!nodes.Any(node => node.Name == told))
                {
                    return Unknown($"slurmd runs here as node '{SlurmProgram.Shown(told)}' (-N), which slurmctld does not know");
                }

                names.Add(told);
            }
        }

        if (named is not null)
        {
            List<SlurmNode> meant = [.. nodes.Where(node => HostList.Has(named, node.Name))];
            if (meant.Count == 0)
            {
                return Unknown($"slurmctld knows no node '{SlurmProgram.Shown(named)}'");
            }

            foreach (SlurmNode node in meant.Where(node => !names.Contains(node.Name)))
            {
                if (!isLocal(node.HostName) && !isLocal(node.Address))
                {
                    return Unknown($"slurmctld has node {node.Name} at {node.HostName} ({node.Address}), which is not this host, {host.Name}");
                }

                names.Add(node.Name);
                isHostKnown = true;
            }
        }

        if (slurmds.Any(slurmd => slurmd.NodeName is null) && !isHostKnown)
        {
            return Unknown($"slurmd runs here by the host's name, and slurmctld has no node at {host.Name}; give the node's name in slurm.conf with --node");
        }

        return names.Count > 0
            ? new HostNodes(names, null)
            : Unknown($"slurmctld has no node at {host.Name}, and no slurmd runs here; give the node's name in slurm.conf with --node");
    }

    private static HostNodes Unknown(string sentence) => new([], sentence);
}
