using System.Globalization;

namespace HookAgent.Report;

/// <summary>Times and spans of the report, which counts in µs since the Epoch, as people and programs read them.</summary>
internal static class ReportTime
{
    public static DateTimeOffset Moment(long usec) => DateTimeOffset.UnixEpoch.AddTicks(usec * TimeSpan.TicksPerMicrosecond);

    public static long Usec(DateTimeOffset moment) => (moment - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>RFC 3339 in UTC with microseconds.</summary>
    public static string Rfc3339(long usec) => Moment(usec).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);

    public static string Local(long usec, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(Moment(usec), zone).ToString("ddd yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture);

    /// <summary>The sum of two that are not negative; the most that a long holds where it is more, as no journal but a made-up one has.</summary>
    public static long Sum(long a, long b) => a > long.MaxValue - b ? long.MaxValue : a + b;

    /// <summary>A measured time with three digits at the most: "4.2ms", "1.25s".</summary>
    public static string Short(long usec) => usec switch
    {
        < 1_000 => Text($"{usec}us"),
        < 100_000 => Text($"{usec / 1e3:0.0}ms"),
        < 1_000_000 => Text($"{usec / 1e3:0}ms"),
        < 100_000_000 => Text($"{usec / 1e6:0.00}s"),
        < 6_000_000_000 => Text($"{usec / 6e7:0.0}min"),
        _ => Text($"{usec / 3.6e9:0.0}h"),
    };

    /// <summary>0.4321 to "43.2 %". What is there, but too little to be seen, is told from nothing.</summary>
    public static string Percent(double share) => share switch
    {
        0 => "-",
        < 0.0005 => "<0.1 %",
        _ => Text($"{share * 100:0.0} %"),
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
