using System.Collections.Immutable;
using HookAgent.Core.Jobs;
using HookAgent.Ctl.Slurm;

namespace HookAgent.Ctl.Reconcile;

/// <summary>
/// Asks Slurm which jobs are on this host: first scontrol which nodes it is, then squeue for the jobs of those. Several
/// slurmd with a slurm.conf each are as many Slurms, and all of them must answer.
/// </summary>
/// <param name="Squeue">squeue's path; null for the one that was installed with slurmd.</param>
/// <param name="Scontrol">scontrol's path; likewise.</param>
internal sealed record SlurmOfHost(LocalSlurmd Slurmd, ThisHost Host, string? Named, string? Squeue, string? Scontrol)
{
    /// <summary>How long each command may take; slurmctld answers in some milliseconds.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    public SqueueAnswer Ask()
    {
        ImmutableSortedSet<JobId> listed = [];
        List<string?> configs = [.. Slurmd.Running.Select(static slurmd => slurmd.Start.Told?.Path).Distinct()];
        foreach (string? config in configs.Count > 0 ? configs : [null])
        {
            switch (Ask(config))
            {
                case SqueueAnswer.Listed some:
                    listed = listed.Union(some.Jobs);
                    break;
                case SqueueAnswer.Failed failed:
                    return failed;
            }
        }

        return new SqueueAnswer.Listed(listed);
    }

    private SqueueAnswer Ask(string? config)
    {
        string scontrol = Scontrol ?? Slurmd.Beside("scontrol") ?? "scontrol";
        switch (SlurmProgram.Run(scontrol, SlurmNode.Arguments, config, s_patience))
        {
            case ProgramResult.Failed failed:
                return new SqueueAnswer.Failed(failed.Sentence);
            case ProgramResult.Printed printed:
                List<SlurmNode> nodes = SlurmNode.Parse(printed.Output, out string? strange);
                return strange is null
                    ? Ask(config, nodes)
                    : new SqueueAnswer.Failed($"{scontrol} printed '{SlurmProgram.Shown(strange)}', which is no node");
            default:
                throw new InvalidOperationException("a result that is neither");
        }
    }

    private SqueueAnswer Ask(string? config, List<SlurmNode> nodes)
    {
        HostNodes ours = HostNodes.Of(nodes, [.. Slurmd.Running.Select(static slurmd => slurmd.Start).Where(start => start.Told?.Path == config).Select(static start => start.Options)], Host, Named, IsLocal);
        return ours.CannotTell is { } sentence
            ? new SqueueAnswer.Failed($"which jobs run here cannot be told: {sentence}")
            : new Squeue(Squeue ?? Slurmd.Beside("squeue") ?? "squeue", ours.Names, config).Ask(s_patience);
    }

    /// <summary>Whether the resolver leads from a name to this host (getent(1), which is bounded as Slurm's commands are).</summary>
    private bool IsLocal(string name) =>
        Host.Is(name)
        || (SlurmProgram.Run("getent", ["ahosts", name], configFile: null, s_patience) is ProgramResult.Printed { Output: var found }
            && found.Split('\n').Any(line => line.Split(' ')[0] is { Length: > 0 } address && Host.Is(address)));
}
