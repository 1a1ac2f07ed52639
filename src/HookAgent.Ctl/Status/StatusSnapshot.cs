using HookAgent.Bus;
using HookAgent.Bus.Systemd;
using HookAgent.Core.Node;
using HookAgent.Ctl.Agent;
using HookAgent.Ctl.Host;

namespace HookAgent.Ctl.Status;

/// <summary>All that status shows, read at one moment.</summary>
/// <param name="Node">What the agent says.</param>
/// <param name="MemoryBytes">What the unit has in memory; null where systemd does not say.</param>
/// <param name="CpuUsec">What the unit has used of the processors since its start; null where systemd does not say.</param>
/// <param name="Provider">What a provider that failed or waits says about it; null for nothing.</param>
/// <param name="ByRoot">Whether root asks, who may always read the provider's journal.</param>
internal sealed record StatusSnapshot(
    NodeStatus Node, ulong? MemoryBytes, ulong? CpuUsec, ProviderMessage? Provider, bool ByRoot)
{
    public string Host { get; init; } = HostName.Short;

    /// <summary>Whether systemd knows no such unit, as when its package has been removed.</summary>
    public bool IsMissing { get; init; }

    /// <summary>Reads it; null, and why in <paramref name="answer"/>, where the agent does not answer.</summary>
    public static StatusSnapshot? Of(AgentConnection agent, out NodeAnswer answer)
    {
        answer = agent.Node.GetStatus(out NodeStatus? status);
        if (status is null)
        {
            return null;
        }

        UnitSettings? unit = agent.ReadUnit(status.Unit);

        // systemd keeps the processor time of a unit that has ended.
        UnitSettings? running = unit is { ActiveState: "inactive" or "failed" } ? null : unit;
        return new StatusSnapshot(
            status, Measured(running?.MemoryCurrent), Measured(running?.CpuUsageNsec) / 1000, ReadProvider(status, unit?.Invocation ?? ""),
            Environment.IsPrivilegedProcess)
        {
            IsMissing = unit is { LoadState: "not-found" },
        };
    }

    private static ProviderMessage? ReadProvider(NodeStatus status, string invocation)
    {
        bool runs = status.State == NodeState.Lending.Word();
        return invocation.Length > 0 && (runs || status.State == NodeState.Failed.Word() || status.Reason == Reason.ExecCondition.Word())
            ? ProviderMessage.Read("journalctl", invocation, runs)
            : null;
    }

    private static ulong? Measured(ulong? value) => value is UnitSettings.NoLimit ? null : value;
}
