namespace HookAgent.Core.Time;

/// <summary>
/// A moment on CLOCK_BOOTTIME, in microseconds since the kernel started. It counts through a suspend and is
/// not moved when somebody sets the clock (clock_gettime(2)); it means nothing on another boot.
/// </summary>
public readonly record struct BootTime(long Microseconds) : IComparable<BootTime>
{
    /// <summary>The same moment of <paramref name="clock"/>, whose timestamps must be CLOCK_BOOTTIME's.</summary>
    public static BootTime Now(TimeProvider clock) =>
        new((long)((Int128)clock.GetTimestamp() * 1_000_000 / clock.TimestampFrequency));

    public int CompareTo(BootTime other) => Microseconds.CompareTo(other.Microseconds);

    /// <summary>The moment after <paramref name="span"/>; the last one there is where it would not fit.</summary>
    public static BootTime operator +(BootTime time, TimeSpan span) =>
        new(long.CreateSaturating((Int128)time.Microseconds + (span.Ticks / TimeSpan.TicksPerMicrosecond)));

    public static TimeSpan operator -(BootTime left, BootTime right) =>
        TimeSpan.FromMicroseconds(left.Microseconds - right.Microseconds);

    public static bool operator <(BootTime left, BootTime right) => left.Microseconds < right.Microseconds;

    public static bool operator >(BootTime left, BootTime right) => left.Microseconds > right.Microseconds;

    public static bool operator <=(BootTime left, BootTime right) => left.Microseconds <= right.Microseconds;

    public static bool operator >=(BootTime left, BootTime right) => left.Microseconds >= right.Microseconds;
}
