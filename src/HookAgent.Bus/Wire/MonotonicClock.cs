namespace HookAgent.Bus.Wire;

/// <summary>CLOCK_MONOTONIC, the clock of the calls' time limits and of systemd's reloads; .NET reads the same.</summary>
public static class MonotonicClock
{
    internal const ulong Never = ulong.MaxValue;

    public static ulong NowUsec() =>
        (ulong)((Int128)TimeProvider.System.GetTimestamp() * 1_000_000 / TimeProvider.System.TimestampFrequency);

    /// <summary>A timeout for poll(2), rounded up; -1, for ever, without a moment.</summary>
    public static int MillisecondsUntil(ulong? momentUsec)
    {
        if (momentUsec is not { } moment)
        {
            return -1;
        }

        ulong now = NowUsec();
        return moment <= now ? 0 : (int)Math.Min((moment - now + 999) / 1000, int.MaxValue);
    }

    /// <summary><paramref name="span"/> from now; an infinite one, or one too long to add, is <see cref="Never"/>.</summary>
    internal static ulong After(TimeSpan span)
    {
        ulong now = NowUsec();
        return span < TimeSpan.Zero || (ulong)span.TotalMicroseconds > Never - now ? Never : now + (ulong)span.TotalMicroseconds;
    }
}
