using HookAgent.Bus;
using HookAgent.Bus.Systemd;

namespace HookAgent.Ctl.Status;

/// <summary>All that status shows, read at one moment.</summary>
/// <param name="Node">What the daemon says.</param>
/// <param name="MemoryBytes">What the unit has in memory; null where systemd does not say.</param>
/// <param name="CpuUsec">What the unit has used of the processors since its start; null where systemd does not say.</param>
/// <param name="Handovers">The last ones, the newest first.</param>
internal sealed record StatusReading(NodeStatus Node, ulong? MemoryBytes, ulong? CpuUsec, IReadOnlyList<Handover> Handovers)
{
    private const int MostHandovers = 5;

    /// <summary>Reads it; null, and why in <paramref name="answer"/>, where the daemon does not answer.</summary>
    public static StatusReading? Of(DaemonLink link, out NodeAnswer answer)
    {
        answer = link.Node.GetStatus(out NodeStatus? status);
        if (status is null)
        {
            return null;
        }

        UnitSettings? unit = link.ReadUnit(status.Unit);
        return new StatusReading(
            status, Measured(unit?.MemoryCurrent), Measured(unit?.CpuUsageNsec) / 1000, Handover.Last(MostHandovers));
    }

    private static ulong? Measured(ulong? value) => value is UnitSettings.NoLimit ? null : value;
}
