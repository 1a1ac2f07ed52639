using System.Globalization;

namespace HookAgent.Core.Text;

/// <summary>
/// A span of time as people read it: "58 ms", "2.8 s", "1 min 30 s", "3 d 4 h". Settings have their own form, which systemd
/// reads: <see cref="Settings.TimeSpanText"/>.
/// </summary>
public static class SpanText
{
    /// <summary>Two units at most, and a tenth where the number is below ten of them. A span of 0 or less is "0 s".</summary>
    public static string Of(TimeSpan span) => span switch
    {
        { Ticks: <= 0 } => "0 s",
        { TotalMilliseconds: < 999.5 } => $"{Number(span.TotalMilliseconds)} ms",
        { TotalSeconds: < 59.5 } => $"{Number(span.TotalSeconds)} s",
        _ => OfSeconds((long)Math.Round(span.TotalSeconds)),
    };

    /// <summary>The same of microseconds; more than a TimeSpan holds, as only a made-up status or journal has, is the longest.</summary>
    public static string OfMicroseconds(ulong usec) =>
        Of(TimeSpan.FromTicks((long)Math.Min(usec, long.MaxValue / TimeSpan.TicksPerMicrosecond) * TimeSpan.TicksPerMicrosecond));

    private static string OfSeconds(long seconds) => seconds switch
    {
        < 3600 => Two(seconds / 60, "min", seconds % 60, "s"),
        < 86400 => Two(seconds / 3600, "h", seconds % 3600 / 60, "min"),
        _ => Two(seconds / 86400, "d", seconds % 86400 / 3600, "h"),
    };

    private static string Two(long more, string unit, long less, string lesser) =>
        string.Create(CultureInfo.InvariantCulture, $"{more} {unit}{(less > 0 ? $" {less} {lesser}" : "")}");

    private static string Number(double number) => number.ToString(number < 9.95 ? "0.#" : "0", CultureInfo.InvariantCulture);
}
