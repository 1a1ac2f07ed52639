using HookAgent.Bus.Sd;

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

    /// <summary>Reads an "a{sv}". A known name with a value of another type counts as missing.</summary>
    internal static bool TryRead(BusMessage message, out NodeStatus status)
    {
        NodeStatus read = new();
        bool complete = message.TryReadProperties((name, value) =>
        {
            NodeStatus? next = name switch
            {
                NodeProperty.State => Text(value, text => read with { State = text }),
                NodeProperty.Reason => Text(value, text => read with { Reason = text }),
                NodeProperty.Since => Number(value, number => read with { Since = number }),
                NodeProperty.Jobs => value.TryReadVariantStringArray(out List<string>? jobs)
                    ? read with { Jobs = jobs }
                    : null,
                NodeProperty.Unit => Text(value, text => read with { Unit = text }),
                NodeProperty.UnitState => Text(value, text => read with { UnitState = text }),
                NodeProperty.HeldBy => Text(value, text => read with { HeldBy = text }),
                NodeProperty.HoldReason => Text(value, text => read with { HoldReason = text }),
                NodeProperty.HoldUntil => Number(value, number => read with { HoldUntil = number }),
                NodeProperty.Version => Text(value, text => read with { Version = text }),
                NodeProperty.LastHandoverUSec => Number(value, number => read with { LastHandoverUSec = number }),
                NodeProperty.ProviderStarts => Number(value, number => read with { ProviderStarts = number }),
                NodeProperty.ProviderStops => Number(value, number => read with { ProviderStops = number }),
                NodeProperty.JobsSeen => Number(value, number => read with { JobsSeen = number }),
                NodeProperty.RecordsWithoutNudge =>
                    Number(value, number => read with { RecordsWithoutNudge = number }),
                NodeProperty.ShortLendings => Number(value, number => read with { ShortLendings = number }),
                NodeProperty.SecondSignals => Number(value, number => read with { SecondSignals = number }),
                NodeProperty.Kills => Number(value, number => read with { Kills = number }),
                _ => null,
            };
            read = next ?? read;
            return next is not null;
        });
        status = read;
        return complete;
    }

    private static NodeStatus? Text(BusMessage value, Func<string, NodeStatus> with) =>
        value.TryReadVariantString(out string? text) ? with(text) : null;

    private static NodeStatus? Number(BusMessage value, Func<ulong, NodeStatus> with) =>
        value.TryReadVariantUInt64(out ulong number) ? with(number) : null;
}
