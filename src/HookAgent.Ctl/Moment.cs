namespace HookAgent.Ctl;

/// <summary>Times as the daemon and the job records write them.</summary>
internal static class Moment
{
    /// <summary>The time that is this many microseconds since the Epoch; null for 0, which stands for none.</summary>
    public static DateTimeOffset? FromUsec(ulong usec) =>
        usec is 0 || usec > MostUsec ? null : DateTimeOffset.UnixEpoch.AddTicks((long)usec * TimeSpan.TicksPerMicrosecond);

    /// <summary>The time that is this many seconds since the Epoch; null for one the calendar does not have.</summary>
    public static DateTimeOffset? FromUnixSeconds(long seconds) =>
        seconds >= 0 && (ulong)seconds <= MostUsec / 1_000_000 ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    /// <summary>The end of the year 9999, which is as far as the calendar goes here.</summary>
    private static readonly ulong MostUsec =
        (ulong)((DateTimeOffset.MaxValue - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
}
