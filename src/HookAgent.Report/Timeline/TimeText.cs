using System.Globalization;

namespace HookAgent.Report.Timeline;

/// <summary>Times of a report, in µs since the Epoch, and lengths of time, in µs, as people and programs read them.</summary>
internal static class TimeText
{
    public static DateTimeOffset Moment(long usec) => DateTimeOffset.UnixEpoch.AddTicks(usec * TimeSpan.TicksPerMicrosecond);

    public static long Usec(DateTimeOffset moment) => (moment - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>RFC 3339 in UTC with microseconds.</summary>
    public static string Rfc3339(long usec) => Moment(usec).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);

    public static string Local(long usec, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(Moment(usec), zone).ToString("ddd yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture);

    /// <summary>The sum of two lengths, which are not negative; at most what a long holds, as only a made-up journal needs.</summary>
    public static long Sum(long a, long b) => a > long.MaxValue - b ? long.MaxValue : a + b;

    /// <summary>A length of time with three digits at the most: "4.2ms", "1.25s".</summary>
    public static string Short(long usec) => usec switch
    {
        < 1_000 => Invariant($"{usec}us"),
        < 100_000 => Invariant($"{usec / 1e3:0.0}ms"),
        < 1_000_000 => Invariant($"{usec / 1e3:0}ms"),
        < 100_000_000 => Invariant($"{usec / 1e6:0.00}s"),
        < 6_000_000_000 => Invariant($"{usec / 6e7:0.0}min"),
        _ => Invariant($"{usec / 3.6e9:0.0}h"),
    };

    /// <summary>0.4321 to "43.2 %". A share that is too small to be seen differs from none, which is "-".</summary>
    public static string Percent(double share) => share switch
    {
        0 => "-",
        < 0.0005 => "<0.1 %",
        _ => Invariant($"{share * 100:0.0} %"),
    };

    public static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
