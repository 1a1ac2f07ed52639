using System.Text;
using HookAgent.Core.Jobs;
using HookAgent.Core.Journal;
using HookAgent.Report.Reading;
using HookAgent.Report.Timeline;

namespace HookAgent.Report;

/// <summary>
/// Tells the agent's entries from all others. Anybody may write to the journal what he likes, but not another
/// user's id: an entry counts where it is of root, or where the file does not have the user's id.
/// </summary>
internal sealed class AgentEntry(ReasonList reasons)
{
    /// <summary>SD_MESSAGE_UNIT_FAILURE_RESULT of systemd's sd-messages.h.</summary>
    public const string UnitFailed = "d9b373ed55a64feb8242e02dbe79a49c";

    /// <summary>SD_MESSAGE_UNIT_STOPPED of systemd's sd-messages.h.</summary>
    public const string UnitStopped = "9d1aaa27d60140bd96365438aad20286";

    public const string AgentUnit = "hookagentd.service";

    /// <summary>The latest time that counts as one, in µs since the Epoch: the end of the year 9999.</summary>
    private const long MostTime = 253_402_300_799_999_999;

    private static readonly (byte[] Id, EventKind Kind)[] s_ids =
    [
        Row(NodeMessageIds.StateChanged, EventKind.State),
        Row(NodeMessageIds.JobAppeared, EventKind.JobCame),
        Row(NodeMessageIds.JobDisappeared, EventKind.JobLeft),
        Row(NodeMessageIds.HandoverDone, EventKind.Handover),
        Row(NodeMessageIds.ProviderStopped, EventKind.ProviderStopped),
        Row(NodeMessageIds.DaemonStarted, EventKind.Started),
        Row(NodeMessageIds.DaemonStopping, EventKind.Stopped),
        Row(NodeMessageIds.DaemonFault, EventKind.Died),
        Row(NodeMessageIds.GaveUp, EventKind.Died),
        Row(NodeMessageIds.EntriesDropped, EventKind.EntriesLost),
    ];

    private static readonly (byte[] Id, EventKind Kind)[] s_systemdIds =
        [Row(UnitFailed, EventKind.Died), Row(UnitStopped, EventKind.Stopped)];

    /// <summary>What the entry tells; null when it is none of the agent's, nor of systemd about the agent.</summary>
    public static EventKind? Kind(Entry entry)
    {
        ReadOnlySpan<byte> id = entry[EntryField.MessageId];
        if (id.IsEmpty || !(entry[EntryField.UserId].IsEmpty || entry.Is(EntryField.UserId, "0"u8)))
        {
            return null;
        }

        if (id.SequenceEqual(s_linesDropped))
        {
            return IsOfAgent(entry) ? EventKind.EntriesLost : null;
        }

        return Find(s_ids, id)
            ?? (Find(s_systemdIds, id) is { } told && entry.Is(EntryField.ProcessId, "1"u8) && entry.Is(EntryField.Unit, s_unit)
                ? told
                : null);
    }

    /// <summary>When the entry was written; null where it does not say so.</summary>
    public static (long Realtime, long Monotonic)? Time(Entry entry) =>
        entry.Number(EntryField.Realtime) is { } realtime and <= MostTime
        && entry.Number(EntryField.Monotonic) is { } monotonic and <= MostTime
            ? (realtime, monotonic)
            : null;

    /// <summary>Null where fields are missing that the agent writes.</summary>
    public AgentEvent? Read(Entry entry, EventKind kind, (long Realtime, long Monotonic) time, int order)
    {
        AgentEvent bare = new(kind, time.Monotonic, time.Realtime, order);
        switch (kind)
        {
            case EventKind.State:
                ReadOnlySpan<byte> before = entry[EntryField.PreviousState];
                LaneState to = LaneStates.Of(entry[EntryField.State]);
                return entry[EntryField.State].IsEmpty ? null : bare with
                {
                    From = before.IsEmpty ? to : LaneStates.Of(before),
                    To = to,
                    Reason = reasons.Number(entry[EntryField.Reason]),
                    First = before.IsEmpty ? 0 : Usec(entry, EntryField.InState) ?? 0,
                };
            case EventKind.JobCame or EventKind.JobLeft:
                return Job(entry) is { } job ? bare with { Job = job } : null;
            case EventKind.Handover:
                return Usec(entry, EntryField.Handover) is { } handover
                    ? bare with { First = handover, Second = Usec(entry, EntryField.Overlap) ?? 0, Job = Job(entry) ?? 0 }
                    : null;
            case EventKind.ProviderStopped:
                return bare with { First = Usec(entry, EntryField.Lent) ?? long.MaxValue, Second = (long)LendingEnds.Of(entry[EntryField.Stop]) };
            case EventKind.Started or EventKind.Stopped or EventKind.Died or EventKind.EntriesLost:
                return bare;
        }

        return null;
    }

    /// <summary>
    /// Whether journald has dropped lines of the agent's ("Suppressed 7 messages from hookagentd.service"). It names the unit
    /// in a field of its own while the process that wrote them lives, and in the message always.
    /// </summary>
    private static bool IsOfAgent(Entry entry) =>
        entry.Is(EntryField.ObjectUnit, s_unit)
        || (entry[EntryField.ObjectUnit].IsEmpty && entry[EntryField.Message].EndsWith(s_unit) && entry[EntryField.Message].StartsWith("Suppressed "u8));

    private static long? Usec(Entry entry, EntryField field) => entry.Number(field) is { } usec and <= MostTime ? usec : null;

    private static uint? Job(Entry entry)
    {
        ReadOnlySpan<byte> digits = entry[EntryField.Job];
        Span<char> text = stackalloc char[JobId.MaxDigits];
        return digits.Length <= JobId.MaxDigits && JobId.TryParse(text[..Encoding.ASCII.GetChars(digits, text)], out JobId job)
            ? job.Value
            : null;
    }

    private static EventKind? Find((byte[] Id, EventKind Kind)[] ids, ReadOnlySpan<byte> id)
    {
        foreach ((byte[] known, EventKind kind) in ids)
        {
            if (id.SequenceEqual(known))
            {
                return kind;
            }
        }

        return null;
    }

    private static readonly byte[] s_linesDropped = Encoding.ASCII.GetBytes(ProviderEntry.LinesDropped);
    private static readonly byte[] s_unit = Encoding.ASCII.GetBytes(AgentUnit);

    private static (byte[], EventKind) Row(string id, EventKind kind) => (Encoding.ASCII.GetBytes(id), kind);
}
