using HookAgent.Bus.Wire;
using Tmds.DBus.Protocol;

namespace HookAgent.Bus;

/// <summary>
/// All properties of a node, read at one moment; units and words as org.hookagent.Node1.xml tells. A property
/// that an older daemon does not have is empty or 0.
/// </summary>
public sealed record NodeStatus
{
    public string State { get; init; } = "";

    public string Reason { get; init; } = "";

    public ulong Since { get; init; }

    public IReadOnlyList<string> Jobs { get; init; } = [];

    public string Unit { get; init; } = "";

    public string UnitState { get; init; } = "";

    public string HeldBy { get; init; } = "";

    public string HoldReason { get; init; } = "";

    public ulong HoldUntil { get; init; }

    public string Version { get; init; } = "";

    public ulong LastHandoverUSec { get; init; }

    public ulong ProviderStarts { get; init; }

    public ulong ProviderStops { get; init; }

    public ulong JobsSeen { get; init; }

    public ulong RecordsWithoutNudge { get; init; }

    public ulong ShortLendings { get; init; }

    public ulong SecondSignals { get; init; }

    public ulong Kills { get; init; }

    /// <summary>The last handovers, the newest first.</summary>
    public IReadOnlyList<NodeHandover> Handovers { get; init; } = [];

    internal static NodeStatus Read(BusProperties properties) => new()
    {
        State = properties.Text(NodeProperty.State) ?? "",
        Reason = properties.Text(NodeProperty.Reason) ?? "",
        Since = properties.Number(NodeProperty.Since) ?? 0,
        Jobs = properties.Texts(NodeProperty.Jobs) ?? [],
        Unit = properties.Text(NodeProperty.Unit) ?? "",
        UnitState = properties.Text(NodeProperty.UnitState) ?? "",
        HeldBy = properties.Text(NodeProperty.HeldBy) ?? "",
        HoldReason = properties.Text(NodeProperty.HoldReason) ?? "",
        HoldUntil = properties.Number(NodeProperty.HoldUntil) ?? 0,
        Version = properties.Text(NodeProperty.Version) ?? "",
        LastHandoverUSec = properties.Number(NodeProperty.LastHandoverUSec) ?? 0,
        ProviderStarts = properties.Number(NodeProperty.ProviderStarts) ?? 0,
        ProviderStops = properties.Number(NodeProperty.ProviderStops) ?? 0,
        JobsSeen = properties.Number(NodeProperty.JobsSeen) ?? 0,
        RecordsWithoutNudge = properties.Number(NodeProperty.RecordsWithoutNudge) ?? 0,
        ShortLendings = properties.Number(NodeProperty.ShortLendings) ?? 0,
        SecondSignals = properties.Number(NodeProperty.SecondSignals) ?? 0,
        Kills = properties.Number(NodeProperty.Kills) ?? 0,
        Handovers = properties.Structures(
            NodeProperty.Handovers, VariantValueType.UInt64, VariantValueType.String, VariantValueType.UInt64, VariantValueType.UInt64)?
            .Select(NodeHandover.Read).ToArray() ?? [],
    };
}

/// <summary>One handover of the node to a job.</summary>
/// <param name="At">When it was over, in microseconds of the calendar (CLOCK_REALTIME).</param>
/// <param name="Usec">From the hook's start to the provider being off.</param>
/// <param name="OverlapUsec">How long of that the provider ran beside the job.</param>
public sealed record NodeHandover(ulong At, string JobId, ulong Usec, ulong OverlapUsec)
{
    internal static NodeHandover Read(VariantValue structure) => new(
        structure.GetItem(0).GetUInt64(), structure.GetItem(1).GetString(), structure.GetItem(2).GetUInt64(), structure.GetItem(3).GetUInt64());
}
