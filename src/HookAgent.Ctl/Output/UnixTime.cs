using HookAgent.Core.Settings;

namespace HookAgent.Ctl.Output;

/// <summary>Times as the agent and the job records write them.</summary>
internal static class UnixTime
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

/// <summary>How long something took, as exactly as a person wants to know.</summary>
internal static class AgeText
{
    /// <summary>Two units at most; under a second, "0".</summary>
    public static string Of(TimeSpan span) =>
        string.Join(' ', TimeSpanText.Format(TimeSpan.FromSeconds((long)span.TotalSeconds)).Split(' ').Take(2));
}
