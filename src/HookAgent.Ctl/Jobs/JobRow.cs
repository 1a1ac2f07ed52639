using System.Runtime.InteropServices;
using HookAgent.Core.Jobs;
using HookAgent.Core.Time;
using HookAgent.Ctl.Output;

namespace HookAgent.Ctl.Jobs;

/// <summary>The record of a job.</summary>
internal enum RecordKind
{
    /// <summary>A record of this boot.</summary>
    Readable,

    /// <summary>A file with the job's id as its name that is no readable record: the job counts as running.</summary>
    Unreadable,

    /// <summary>A record of another boot, which the agent removes when it reads the directory.</summary>
    OtherBoot,

    /// <summary>There is none; only a slurmstepd shows that the job is here.</summary>
    None,
}

/// <summary>One job that has a record or a slurmstepd on this node.</summary>
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
        rows.AddRange(steps.Except(rows.Select(static row => row.Job)).Select(static job => new JobRow(job, RecordKind.None, null, null, null, true, false)));
        return [.. rows.OrderBy(static row => row.Job)];
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

    /// <summary>Why the record directory cannot be read, and what to do about it.</summary>
    public static string WhyUnreadable(string path, JobReading reading) => reading.Directory switch
    {
        DirectoryCondition.Missing => $"there is no {path}; make it with 'systemd-tmpfiles --create hookagent.conf' and try again",
        DirectoryCondition.NotADirectory => $"{path} is not a directory; remove it, make it anew with 'systemd-tmpfiles --create hookagent.conf' and try again",
        DirectoryCondition.Unreadable or DirectoryCondition.Readable => $"{path} cannot be read: {Marshal.GetPInvokeErrorMessage(reading.Errno)}",
    };

    private static JobRow OfRecord(JobRecord record, RecordKind kind, IReadOnlySet<JobId> steps, JobClock now)
    {
        bool hasStep = steps.Contains(record.Job);
        bool isOver = record.EndTime is { } end && end < now.UnixSeconds - (long)StaleRecord.Patience.TotalSeconds;
        return new JobRow(record.Job, kind, record, null, now.AgeOf(record, kind), hasStep, isOver && !hasStep);
    }
}

/// <summary>The moment at which records are looked at, on both of the clocks that they carry.</summary>
internal readonly record struct JobClock(DateTimeOffset Now, BootTime Boot)
{
    public static JobClock Read() => new(DateTimeOffset.UtcNow, BootClock.Now());

    public long UnixSeconds => Now.ToUnixTimeSeconds();

    /// <summary>
    /// How long ago the job's Prolog began: by CLOCK_BOOTTIME for a record of this boot, else by the calendar. Null
    /// where the record does not say it, or names a time in the future.
    /// </summary>
    public TimeSpan? AgeOf(JobRecord record, RecordKind kind)
    {
        TimeSpan? age = (kind, record) switch
        {
            (RecordKind.Readable, { StartedBootTime: { } started }) => Boot - started,
            (_, { StartedUsec: { } usec }) when UnixTime.FromUsec((ulong)usec) is { } began => Now - began,
            _ => null,
        };
        return age < TimeSpan.Zero ? null : age;
    }
}
