using System.Globalization;
using HookAgent.Core.Text;

namespace HookAgent.Report.Timeline;

/// <summary>Times of a report, in µs since the Epoch, and lengths of time, in µs, as people and programs read them.</summary>
internal static class TimeText
{
    public static DateTimeOffset Moment(long usec) => DateTimeOffset.UnixEpoch.AddTicks(usec * TimeSpan.TicksPerMicrosecond);

    public static long Usec(DateTimeOffset moment) => (moment - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>RFC 3339 in UTC with microseconds.</summary>
    public static string Rfc3339(long usec) => Moment(usec).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);

    public static string Local(long usec, TimeZoneInfo zone) => MomentText.Of(Moment(usec), zone);

    /// <summary>The sum of two lengths, which are not negative; at most what a long holds, as only a made-up journal needs.</summary>
    public static long Sum(long a, long b) => a > long.MaxValue - b ? long.MaxValue : a + b;

    public static string Short(long usec) => SpanText.OfMicroseconds((ulong)Math.Max(0, usec));

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
