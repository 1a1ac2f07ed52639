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

    /// <summary>A length of time in at most two units: "850 us", "4.2 ms", "58 ms", "2.8 s", "1 min 30 s", "3 h 20 min", "5 d 3 h".</summary>
    public static string Short(long usec) => usec switch
    {
        < 1_000 => Invariant($"{usec} us"),
        < 9_950 => Invariant($"{usec / 1e3:0.0} ms"),
        < 999_500 => Invariant($"{usec / 1e3:0} ms"),
        < 9_950_000 => Invariant($"{usec / 1e6:0.0} s"),
        < 59_500_000 => Invariant($"{usec / 1e6:0} s"),
        < 3_599_500_000 => Two(usec, 60_000_000, "min", 1_000_000, "s"),
        < 172_770_000_000 => Two(usec, 3_600_000_000, "h", 60_000_000, "min"),
        _ => Two(usec, 86_400_000_000, "d", 3_600_000_000, "h"),
    };

    /// <summary>The larger unit, and the smaller one where it is not 0.</summary>
    private static string Two(long usec, long large, string its, long small, string other)
    {
        long rounded = ((usec + (small / 2)) / small) * small;
        return Invariant($"{rounded / large} {its}") + (rounded % large == 0 ? "" : Invariant($" {rounded % large / small} {other}"));
    }

    /// <summary>"4,731 of 7,200 node-hours", or of one node "3.2 of 24.0 hours"; in minutes or seconds where there are few hours.</summary>
    public static string NodeTime(long part, long whole, int nodes)
    {
        (double unit, string name) = whole >= 36_000_000_000 ? (3.6e9, "hours") : whole >= 600_000_000 ? (6e7, "minutes") : (1e6, "seconds");
        string format = whole / unit >= 1000 ? "#,0" : "0.0";
        return $"{(part / unit).ToString(format, CultureInfo.InvariantCulture)} of {(whole / unit).ToString(format, CultureInfo.InvariantCulture)} {(nodes == 1 ? "" : "node-")}{name}";
    }

    /// <summary>0.4321 to "43.2 %". A share that is too small to be seen differs from none, which is "-".</summary>
    public static string Percent(double share) => share switch
    {
        0 => "-",
        < 0.0005 => "<0.1 %",
        _ => Invariant($"{share * 100:0.0} %"),
    };

    public static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
