using System.Runtime.InteropServices;
using HookAgent.Core.Jobs;

namespace HookAgent.Ctl.Jobs;

/// <summary>What there is of a job in the record directory.</summary>
internal enum RecordKind
{
    /// <summary>A record of this boot.</summary>
    Readable,

    /// <summary>Something with the job's id for its name that is no readable record: the job counts as running.</summary>
    Unreadable,

    /// <summary>A record of another boot, which the daemon removes when it looks.</summary>
    OtherBoot,

    /// <summary>Nothing; only a slurmstepd says that the job is here.</summary>
    None,
}

/// <summary>One job that something on this node speaks of.</summary>
/// <param name="Record">What the record says; null where there is none that can be read.</param>
/// <param name="Problem">Why the record cannot be read; null where it can, or there is none.</param>
/// <param name="Age">How long ago the Prolog began; null where the record does not say.</param>
/// <param name="HasStep">Whether a slurmstepd of the job is seen. Its absence proves nothing: an allocation may have none.</param>
/// <param name="IsStale">Well past its END_TIME without a slurmstepd: its Epilog has most likely not run.</param>
internal sealed record JobRow(JobId Job, RecordKind Kind, JobRecord? Record, string? Problem, TimeSpan? Age, bool HasStep, bool IsStale)
{
    /// <summary>Joins the records and the processes, by job.</summary>
    public static IReadOnlyList<JobRow> Of(JobReading reading, IReadOnlySet<JobId> steps, JobClock now)
    {
        List<JobRow> rows =
        [
            .. reading.Records.Select(record => OfRecord(record, RecordKind.Readable, steps, now)),
            .. reading.OtherBoot.Select(record => OfRecord(record, RecordKind.OtherBoot, steps, now)),
            .. reading.Unreadable.Where(static entry => entry.Job is not null).Select(entry =>
                new JobRow(entry.Job!.Value, RecordKind.Unreadable, null, Why(entry), null, steps.Contains(entry.Job.Value), false)),
        ];
        HashSet<JobId> orphans = [.. steps];
        foreach (JobRow row in rows)
        {
            orphans.Remove(row.Job);
        }

        foreach (JobId job in orphans)
        {
            rows.Add(new JobRow(job, RecordKind.None, null, null, null, true, false));
        }

        rows.Sort(static (left, right) => left.Job.CompareTo(right.Job));
        return rows;
    }

    /// <summary>What is wrong with an entry of the directory.</summary>
    public static string Why(UnreadableEntry entry) => entry.Why switch
    {
        UnreadableWhy.NameIsNoJobId => "its name is no job id",
        UnreadableWhy.NotARegularFile => "it is no regular file",
        UnreadableWhy.TooLarge => "it is too large",
        UnreadableWhy.NotThisJob => "it is not of this job",
        UnreadableWhy.TakenAside => "it could be neither removed nor put back",
        UnreadableWhy.ReadFailed => Marshal.GetPInvokeErrorMessage(entry.Errno),
    };

    private static JobRow OfRecord(JobRecord record, RecordKind kind, IReadOnlySet<JobId> steps, JobClock now)
    {
        bool hasStep = steps.Contains(record.Job);
        bool isOver = record.EndTime is { } end && end < now.UnixSeconds - (long)StaleRecord.Patience.TotalSeconds;
        return new JobRow(record.Job, kind, record, null, now.AgeOf(record, kind), hasStep, isOver && !hasStep);
    }
}
