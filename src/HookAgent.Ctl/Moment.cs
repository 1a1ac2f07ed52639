namespace HookAgent.Ctl;

/// <summary>The daemon's times.</summary>
internal static class Moment
{
    /// <summary>The time that is this many microseconds since the Epoch; null for 0, which stands for none.</summary>
    public static DateTimeOffset? FromUsec(ulong usec) =>
        usec is 0 || usec > MostUsec ? null : DateTimeOffset.UnixEpoch.AddTicks((long)usec * TimeSpan.TicksPerMicrosecond);

    /// <summary>The end of the year 9999, which is as far as the calendar goes here.</summary>
    private static readonly ulong MostUsec =
        (ulong)((DateTimeOffset.MaxValue - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
}
