using HookAgent.Core.Jobs;
using HookAgent.Core.Time;

namespace HookAgent.Ctl.Jobs;

/// <summary>The moment at which records are looked at, on both of the clocks that they carry.</summary>
internal readonly record struct JobClock(DateTimeOffset Now, BootTime Boot)
{
    public static JobClock Read() => new(DateTimeOffset.UtcNow, BootClock.Now());

    public long UnixSeconds => Now.ToUnixTimeSeconds();

    /// <summary>
    /// How long ago the job's Prolog began: of this boot by the clock that is never set, else by the calendar. Null
    /// where the record does not say, or says a time to come.
    /// </summary>
    public TimeSpan? AgeOf(JobRecord record, RecordKind kind)
    {
        TimeSpan? age = (kind, record) switch
        {
            (RecordKind.Readable, { StartedBootTime: { } started }) => Boot - started,
            (_, { StartedUsec: { } usec }) when Moment.FromUsec((ulong)usec) is { } began => Now - began,
            _ => null,
        };
        return age < TimeSpan.Zero ? null : age;
    }
}
