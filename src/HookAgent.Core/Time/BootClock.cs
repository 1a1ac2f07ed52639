using HookAgent.Core.Linux;

namespace HookAgent.Core.Time;

/// <summary>
/// The time of CLOCK_BOOTTIME, in nanoseconds: goes on through a suspend and is not moved when the clock is
/// set. Only the calendar time comes from the system's clock.
/// </summary>
public sealed class BootClock : TimeProvider
{
    private const int ClockBootTime = 7;
    private const long NanosecondsPerSecond = 1_000_000_000;

    public override long TimestampFrequency => NanosecondsPerSecond;

    public override long GetTimestamp() => Nanoseconds();

    /// <summary>CLOCK_BOOTTIME now, without an object to ask.</summary>
    public static BootTime Now() => new(Nanoseconds() / 1000);

    private static unsafe long Nanoseconds()
    {
        TimeSpec now;
        // The clock is there since Linux 2.6.39 and the pointer is good: nothing is left to fail.
        _ = Libc.ClockGetTime(ClockBootTime, &now);
        return (now.Seconds * NanosecondsPerSecond) + now.Nanoseconds;
    }
}
