namespace HookAgent.Report;

/// <summary>What an entry of the journal tells of the node.</summary>
internal enum EventKind : byte
{
    /// <summary>hookagentd has started.</summary>
    Started,

    /// <summary>hookagentd ends as it was asked to.</summary>
    Stopped,

    /// <summary>hookagentd has ended otherwise.</summary>
    Died,

    /// <summary>From one state and reason to another.</summary>
    State,

    JobCame,
    JobLeft,
    Handover,

    /// <summary>The provider was stopped after it had run for a time that is known.</summary>
    ProviderStopped,

    /// <summary>hookagentd could not write entries to the journal.</summary>
    EntriesLost,
}

/// <summary>One event of a node. A million of them is held in memory, so it is small.</summary>
/// <param name="Monotonic">When, in µs of the boot's CLOCK_MONOTONIC: no setting of the clock moves it.</param>
/// <param name="Realtime">When, in µs since the Epoch by the clock of that time.</param>
/// <param name="First">State: µs in the state before. Handover: µs from the Prolog's start to the provider's end. ProviderStopped: µs that it had been up, as far as known, else <see cref="long.MaxValue"/>.</param>
/// <param name="Second">Handover: µs that job and provider may have shared. ProviderStopped: the <see cref="Timeline.LendingEnd"/>.</param>
/// <param name="Order">The place among all entries read.</param>
/// <param name="Job">0 where there is none.</param>
internal readonly record struct AgentEvent(
    EventKind Kind,
    long Monotonic,
    long Realtime,
    int Order,
    long First = 0,
    long Second = 0,
    uint Job = 0,
    LaneState From = LaneState.Off,
    LaneState To = LaneState.Off,
    byte Reason = 0)
{
    /// <summary>The same entry, read twice.</summary>
    public bool Repeats(in AgentEvent other) => this == other with { Order = Order };
}
