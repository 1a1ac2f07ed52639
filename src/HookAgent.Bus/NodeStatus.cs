using HookAgent.Bus.Wire;
using Tmds.DBus.Protocol;

namespace HookAgent.Bus;

/// <summary>
/// All properties of a node, read at one moment; <see cref="NodeProperty"/> tells what each says. A property that an
/// older agent does not have is empty, 0 or false.
/// </summary>
public sealed record NodeStatus
{
    public string State { get; init; } = "";

    public string Reason { get; init; } = "";

    /// <summary>In microseconds of the calendar (CLOCK_REALTIME).</summary>
    public ulong Since { get; init; }

    public IReadOnlyList<string> Jobs { get; init; } = [];

    public string Unit { get; init; } = "";

    public string UnitState { get; init; } = "";

    public string HeldBy { get; init; } = "";

    public string HoldReason { get; init; } = "";

    /// <summary>In microseconds of the calendar (CLOCK_REALTIME).</summary>
    public ulong HoldUntil { get; init; }

    public string HoldUser { get; init; } = "";

    /// <summary>In microseconds of the calendar (CLOCK_REALTIME).</summary>
    public ulong HoldSince { get; init; }

    public bool HoldPersistent { get; init; }

    /// <summary>In microseconds of the calendar (CLOCK_REALTIME).</summary>
    public ulong NextStart { get; init; }

    public string RequireUnit { get; init; } = "";

    public string SettingsRefused { get; init; } = "";

    public string Version { get; init; } = "";

    public ulong LastHandoverUSec { get; init; }

    /// <summary>The last handovers, the newest first.</summary>
    public IReadOnlyList<NodeHandover> Handovers { get; init; } = [];

    public NodeCounts Counts { get; init; } = NodeCounts.Zero;

    /// <summary>In microseconds of the calendar (CLOCK_REALTIME).</summary>
    public ulong LastProlog { get; init; }

    public string LastPrologJob { get; init; } = "";

    /// <summary>In microseconds of the calendar (CLOCK_REALTIME).</summary>
    public ulong LastEpilog { get; init; }

    public string LastEpilogJob { get; init; } = "";

    internal static NodeStatus Read(BusProperties answered)
    {
        NodeStatus status = new();
        foreach (NodeProperty property in NodeProperty.All)
        {
            status = property.Read(answered, status);
        }

        return status;
    }
}

/// <summary>One handover of the node to a job.</summary>
/// <param name="At">When it was over, in microseconds of the calendar (CLOCK_REALTIME).</param>
/// <param name="Usec">From the hook's start to the provider being off.</param>
/// <param name="OverlapUsec">How long of that the provider ran beside the job.</param>
public sealed record NodeHandover(ulong At, string JobId, ulong Usec, ulong OverlapUsec)
{
    internal static IReadOnlyList<NodeHandover> Read(BusProperties answered, string name) =>
        answered.Structures(name, VariantValueType.UInt64, VariantValueType.String, VariantValueType.UInt64, VariantValueType.UInt64)?
            .Select(Read).ToArray() ?? [];

    /// <summary>Writes them as an "a(tstt)".</summary>
    internal static void Write(ref MessageWriter body, IReadOnlyList<NodeHandover> handovers)
    {
        ArrayStart list = body.WriteArrayStart(DBusType.Struct);
        foreach (NodeHandover handover in handovers)
        {
            body.WriteStructureStart();
            body.WriteUInt64(handover.At);
            body.WriteString(handover.JobId);
            body.WriteUInt64(handover.Usec);
            body.WriteUInt64(handover.OverlapUsec);
        }

        body.WriteArrayEnd(list);
    }

    private static NodeHandover Read(VariantValue structure) => new(
        structure.GetItem(0).GetUInt64(), structure.GetItem(1).GetString(), structure.GetItem(2).GetUInt64(), structure.GetItem(3).GetUInt64());
}
