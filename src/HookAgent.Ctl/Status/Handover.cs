using System.Globalization;
using HookAgent.Bus.Sd;
using HookAgent.Core.Jobs;
using HookAgent.Core.Journal;

namespace HookAgent.Ctl.Status;

/// <summary>One handover of the node to a job, as the daemon told it to the journal.</summary>
/// <param name="At">When it was told.</param>
/// <param name="Usec">From the hook's start to the provider being off.</param>
/// <param name="OverlapUsec">How long of that the provider ran beside the job.</param>
internal sealed record Handover(DateTimeOffset At, JobId Job, ulong Usec, ulong OverlapUsec)
{
    private const string JobField = "SLURM_JOB_ID";
    private const string HandoverField = "HOOKAGENT_HANDOVER_USEC";
    private const string OverlapField = "HOOKAGENT_OVERLAP_USEC";

    /// <summary>The last handovers, the newest first; none where the journal has none or may not be read.</summary>
    public static IReadOnlyList<Handover> Last(JournalTail journal, int most) =>
    [
        // Anybody may write such a line to the journal; the user id is journald's own word.
        .. journal.Read([$"MESSAGE_ID={NodeMessageIds.HandoverDone}", "_UID=0"], [JobField, HandoverField, OverlapField], most)
            .Select(TryRead)
            .OfType<Handover>(),
    ];

    internal static Handover? TryRead(JournalTailEntry entry) =>
        Moment.FromUsec(entry.RealtimeUsec) is { } at
        && JobId.TryParse(entry.Fields.GetValueOrDefault(JobField), out JobId job)
        && TryReadUsec(entry, HandoverField, out ulong usec)
        && TryReadUsec(entry, OverlapField, out ulong overlap)
            ? new Handover(at, job, usec, overlap)
            : null;

    private static bool TryReadUsec(JournalTailEntry entry, string field, out ulong usec) =>
        ulong.TryParse(entry.Fields.GetValueOrDefault(field), NumberStyles.None, CultureInfo.InvariantCulture, out usec);
}
