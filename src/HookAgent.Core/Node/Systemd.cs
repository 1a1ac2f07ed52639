using HookAgent.Core.Time;

namespace HookAgent.Core.Node;

/// <summary>What the answer to <see cref="InspectUnit"/> explains.</summary>
public enum Inspection
{
    /// <summary>A start of the agent's whose job is done, and the unit does not run.</summary>
    Start,

    /// <summary>A lent provider that is not there any more.</summary>
    Exit,

    /// <summary>The same, while systemd was out of reach.</summary>
    UnwatchedExit,
}

/// <summary>
/// When systemd checked the conditions of a unit: ConditionTimestampMonotonic of org.freedesktop.systemd1(5), in
/// microseconds; 0 where it never did, or has unloaded the unit since. Only compared with another.
/// </summary>
public readonly record struct ConditionStamp(ulong MonotonicUsec);

/// <summary>What is known of systemd itself, and what it is being asked.</summary>
public sealed record Systemd : Unprinted
{
    /// <summary>When systemd went out of reach, at first the agent's own start; null while it can be reached.</summary>
    public BootTime? UnreachableSince { get; init; }

    /// <summary>The agent was told to end, because systemd stayed out of reach.</summary>
    public bool GaveUp { get; init; }

    public bool RequiredUnitUp { get; init; }

    /// <summary>systemd is stopping or restarting the agent itself, and the provider with it.</summary>
    public bool AgentStopping { get; init; }

    /// <summary>How many jobs the agent has asked for.</summary>
    public long Attempts { get; init; }

    /// <summary>What it is asked about by <see cref="InspectUnit"/>; null when nothing waits for the answer.</summary>
    public Inspection? Inspecting { get; init; }

    /// <summary>When systemd last checked the unit's conditions, as far as known; null before it was asked.</summary>
    public ConditionStamp? ConditionChecked { get; init; }

    public bool IsReachable => UnreachableSince is null;
}
