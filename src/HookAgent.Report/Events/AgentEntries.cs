using HookAgent.Core.Journal;
using HookAgent.Core.Node;
using HookAgent.Report.Reading;

namespace HookAgent.Report.Events;

/// <summary>Recognises the entries of hookagentd, and of systemd about it, and reads them.</summary>
internal static class AgentEntries
{
    public const string Unit = "hookagentd.service";

    /// <summary>A change of state has the id of its reason, or that of all others.</summary>
    private static readonly Dictionary<string, AgentEventKind> s_kinds = new(
        Enum.GetValues<Reason>().Select(NodeMessageIds.Of).Distinct().Select(static id => KeyValuePair.Create(id, AgentEventKind.StateChanged)))
    {
        [NodeMessageIds.JobAppeared] = AgentEventKind.JobStarted,
        [NodeMessageIds.JobDisappeared] = AgentEventKind.JobEnded,
        [NodeMessageIds.HandoverDone] = AgentEventKind.Handover,
        [NodeMessageIds.ProviderStopped] = AgentEventKind.ProviderStopped,
        [NodeMessageIds.DaemonStarted] = AgentEventKind.AgentStarted,
        [NodeMessageIds.DaemonStopping] = AgentEventKind.AgentStopped,
        [NodeMessageIds.DaemonFault] = AgentEventKind.AgentFailed,
        [NodeMessageIds.GaveUp] = AgentEventKind.AgentFailed,
        [NodeMessageIds.EntriesDropped] = AgentEventKind.EntriesLost,
    };

    /// <summary>SD_MESSAGE_UNIT_FAILURE_RESULT and SD_MESSAGE_UNIT_STOPPED of systemd's sd-messages.h.</summary>
    private static readonly Dictionary<string, AgentEventKind> s_systemdKinds = new()
    {
        ["d9b373ed55a64feb8242e02dbe79a49c"] = AgentEventKind.AgentFailed,
        ["9d1aaa27d60140bd96365438aad20286"] = AgentEventKind.AgentStopped,
    };

    private static readonly Dictionary<string, LendingEnd> s_ends = new()
    {
        [LendingEnd.Clean.Word()] = LendingEnd.Clean,
        [LendingEnd.SecondSignal.Word()] = LendingEnd.SecondSignal,
        [LendingEnd.Killed.Word()] = LendingEnd.Killed,
    };

    /// <summary>Null when the entry is neither the agent's nor of systemd about the agent.</summary>
    public static AgentEventKind? KindOf(EntryFields entry)
    {
        if (!entry.Has(EntryField.MessageId) || !entry.IsOfRoot)
        {
            return null;
        }

        string id = entry.Text(EntryField.MessageId);
        return id == ProviderEntries.LinesDropped ? (AreDroppedLinesOfAgent(entry) ? AgentEventKind.EntriesLost : null)
            : s_kinds.TryGetValue(id, out AgentEventKind kind) ? kind
            : s_systemdKinds.TryGetValue(id, out kind) && entry[EntryField.ProcessId].SequenceEqual("1"u8) && entry.Text(EntryField.Unit) == Unit ? kind
            : null;
    }

    /// <summary>Null where a field that the agent writes is missing.</summary>
    public static AgentEvent? Read(EntryFields entry, AgentEventKind kind, EntryTime time, int order)
    {
        AgentEvent bare = new(kind, time, order);
        switch (kind)
        {
            case AgentEventKind.StateChanged:
                ReportedState to = ReportedStates.Of(entry.Text(EntryField.State));
                bool hasBefore = entry.Has(EntryField.PreviousState);
                return !entry.Has(EntryField.State) ? null : bare with
                {
                    From = hasBefore ? ReportedStates.Of(entry.Text(EntryField.PreviousState)) : to,
                    To = to,
                    Reason = ReportedReason.Of(entry.Text(EntryField.Reason)),
                    Usec = hasBefore ? entry.Usec(EntryField.InState) ?? 0 : 0,
                };
            case AgentEventKind.JobStarted or AgentEventKind.JobEnded:
                return JobOf(entry) is { } job ? bare with { Job = job } : null;
            case AgentEventKind.Handover:
                return entry.Usec(EntryField.Handover) is { } handover
                    ? bare with { Usec = handover, OverlapUsec = entry.Usec(EntryField.Overlap) ?? 0, Job = JobOf(entry) ?? 0 }
                    : null;
            case AgentEventKind.ProviderStopped:
                return bare with { Usec = entry.Usec(EntryField.Lent) ?? long.MaxValue, End = s_ends.GetValueOrDefault(entry.Text(EntryField.Stop)) };
            case AgentEventKind.AgentStarted or AgentEventKind.AgentStopped or AgentEventKind.AgentFailed or AgentEventKind.EntriesLost:
                return bare;
        }

        return null;
    }

    /// <summary>The words of HOOKAGENT_STOP, "failed", and nothing.</summary>
    public static string Word(this LendingEnd end) => end switch
    {
        LendingEnd.NotLogged => "",
        LendingEnd.Clean => StopStage.Asked.Word(),
        LendingEnd.SecondSignal => StopStage.SecondSignal.Word(),
        LendingEnd.Killed => StopStage.Killed.Word(),
        LendingEnd.Failed => NodeState.Failed.Word(),
    };

    /// <summary>
    /// Whether journald dropped lines of the agent ("Suppressed 7 messages from hookagentd.service"). It names the unit in a
    /// field of its own while the process that wrote them lives, and always in the message.
    /// </summary>
    private static bool AreDroppedLinesOfAgent(EntryFields entry) => entry.Has(EntryField.ObjectUnit)
        ? entry.Text(EntryField.ObjectUnit) == Unit
        : entry[EntryField.Message].StartsWith("Suppressed "u8) && entry[EntryField.Message].EndsWith("hookagentd.service"u8);

    private static uint? JobOf(EntryFields entry) => entry.Number(EntryField.Job) is { } job and > 0 and <= uint.MaxValue ? (uint)job : null;
}
