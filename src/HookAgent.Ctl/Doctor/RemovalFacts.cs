using HookAgent.Bus;
using HookAgent.Ctl.Agent;
using HookAgent.Ctl.Host;
using HookAgent.Ctl.Slurm;

namespace HookAgent.Ctl.Doctor;

/// <summary>All that says whether Slurm still runs the hook, gathered at one moment.</summary>
internal sealed record RemovalFacts(SystemRoot Root, bool IsRoot, SlurmWitnesses Slurm)
{
    /// <summary>What the agent says; null where it does not answer, or is that of another node.</summary>
    public NodeStatus? Status { get; init; }

    /// <summary>Of any release: what one takes and another refuses keeps the package.</summary>
    public static RemovalFacts Gather(DoctorOptions options)
    {
        SystemRoot root = new(options.Root);
        SlurmWitnesses slurm = SlurmWitnesses.Hear(root, LocalSlurmd.Find(root.Real("/proc")), options.Units(root), options.Controllers(), version: null);
        return new RemovalFacts(root, Environment.IsPrivilegedProcess, slurm) { Status = Ask(options) };
    }

    private static NodeStatus? Ask(DoctorOptions options)
    {
        if ((!options.IsThisNode && options.Bus is null) || !AgentConnection.TryOpen(options.Bus, out AgentConnection? agent, out _))
        {
            return null;
        }

        using (agent)
        {
            agent.Node.GetStatus(out NodeStatus? status);
            return status;
        }
    }
}
