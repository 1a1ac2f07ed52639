using HookAgent.Report.Reading;

namespace HookAgent.Report.Events;

/// <summary>What happened to a node, by an entry of the agent, or of systemd about it.</summary>
internal enum AgentEventKind : byte
{
    AgentStarted,

    /// <summary>hookagentd ended as it was asked to.</summary>
    AgentStopped,

    /// <summary>hookagentd ended otherwise.</summary>
    AgentFailed,

    StateChanged,
    JobStarted,
    JobEnded,
    Handover,

    /// <summary>The provider was stopped.</summary>
    ProviderStopped,

    /// <summary>The journal lacks entries of hookagentd.</summary>
    EntriesLost,
}

/// <summary>How the provider was stopped, by HOOKAGENT_STOP, or that it failed.</summary>
internal enum LendingEnd : byte
{
    /// <summary>It was not, or the journal does not tell.</summary>
    NotLogged,

    /// <summary>It stopped as asked.</summary>
    Clean,

    SecondSignal,
    Killed,

    /// <summary>It did not start, or ended by itself.</summary>
    Failed,
}

/// <summary>An event of one boot of a node.</summary>
/// <typeparam name="T">The event itself.</typeparam>
internal interface IBootEvent<T>
{
    /// <summary>When, in µs of the boot's CLOCK_MONOTONIC.</summary>
    long Monotonic { get; }

    /// <summary>Whether both are the same journal entry, read twice.</summary>
    bool Repeats(in T other);
}

/// <summary>An event that the agent logged. A million of them is held in memory, so it is small.</summary>
/// <param name="Time">When the entry was written.</param>
/// <param name="Order">The place among all events read.</param>
/// <param name="Usec">StateChanged: how long the state before lasted. Handover: from the Prolog's start until the provider was gone. ProviderStopped: how long it had been up; <see cref="long.MaxValue"/> where that is not known.</param>
/// <param name="OverlapUsec">Handover: how long job and provider may have shared the node.</param>
/// <param name="Job">0 where there is none.</param>
internal readonly record struct AgentEvent(
    AgentEventKind Kind,
    EntryTime Time,
    int Order,
    long Usec = 0,
    long OverlapUsec = 0,
    uint Job = 0,
    ReportedState From = ReportedState.Off,
    ReportedState To = ReportedState.Off,
    LendingEnd End = LendingEnd.NotLogged,
    string Reason = "") : IBootEvent<AgentEvent>
{
    public long Monotonic => Time.Monotonic;

    public bool Repeats(in AgentEvent other) => this == other with { Order = Order };
}
