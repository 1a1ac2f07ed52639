using HookAgent.Core.Text;

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

/// <summary>How long ago something was, or how long it is until then, as exactly as a person wants to know.</summary>
internal static class AgeText
{
    /// <summary>In whole seconds; see <see cref="SpanText"/>.</summary>
    public static string Of(TimeSpan span) => SpanText.Of(TimeSpan.FromSeconds((long)span.TotalSeconds));
}
