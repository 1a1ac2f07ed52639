using System.Globalization;

namespace HookAgent.Report.Drawing;

/// <summary>A mark of the time axis.</summary>
/// <param name="Label">The time, as exact as the marks are apart.</param>
/// <param name="Under">What changes less often, a date or a year; empty where the mark before has the same.</param>
internal readonly record struct TimeTick(long At, string Label, string Under);

/// <summary>Marks at full minutes, hours, days, months or years of the zone, as many as there is room for.</summary>
internal static class TimeTicks
{
    private const long Millisecond = 1_000;
    private const long Second = 1_000_000;
    private const long Minute = 60 * Second;
    private const long Hour = 60 * Minute;
    private const long Day = 24 * Hour;

    private static readonly long[] s_clockSteps =
    [
        Millisecond, 2 * Millisecond, 5 * Millisecond, 10 * Millisecond, 20 * Millisecond, 50 * Millisecond,
        100 * Millisecond, 200 * Millisecond, 500 * Millisecond,
        Second, 2 * Second, 5 * Second, 10 * Second, 15 * Second, 30 * Second,
        Minute, 2 * Minute, 5 * Minute, 10 * Minute, 15 * Minute, 30 * Minute,
        Hour, 2 * Hour, 3 * Hour, 6 * Hour, 12 * Hour,
    ];

    private static readonly int[] s_daySteps = [1, 2, 7, 14];

    private static readonly int[] s_monthSteps = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12000];

    public static List<TimeTick> Of(ReportSpan span, TimeZoneInfo zone, int most)
    {
        foreach (long step in s_clockSteps)
        {
            if (span.Length / step < most)
            {
                return Clock(span, zone, step);
            }
        }

        foreach (int days in s_daySteps)
        {
            if (span.Length / (days * Day) < most)
            {
                return Dates(span, zone, "d MMM", "yyyy", date => (int)(date - DateTime.MinValue).TotalDays % days == 0);
            }
        }

        foreach (int months in s_monthSteps)
        {
            if (span.Length / (months * 28 * Day) < most)
            {
                return Dates(span, zone, months < 12 ? "MMM" : "yyyy", months < 12 ? "yyyy" : "",
                    date => date.Day == 1 && ((date.Year * 12) + date.Month - 1) % months == 0);
            }
        }

        return [];
    }

    private static List<TimeTick> Clock(ReportSpan span, TimeZoneInfo zone, long step)
    {
        string format = step < Second ? "HH:mm:ss.fff" : step < Minute ? "HH:mm:ss" : "HH:mm";
        long offset = zone.GetUtcOffset(ReportTime.Moment(span.From)).Ticks / TimeSpan.TicksPerMicrosecond;
        List<TimeTick> ticks = [];
        for (long at = ((((span.From + offset) + step - 1) / step) * step) - offset; at <= span.To; at += step)
        {
            Add(ticks, at, TimeZoneInfo.ConvertTime(ReportTime.Moment(at), zone).DateTime, format, "ddd d MMM yyyy");
        }

        return ticks;
    }

    /// <summary>Midnights that are wanted. There are at most some hundred thousand days between now and any other.</summary>
    private static List<TimeTick> Dates(ReportSpan span, TimeZoneInfo zone, string format, string under, Func<DateTime, bool> wanted)
    {
        List<TimeTick> ticks = [];
        DateTime last = ReportTime.Moment(span.To).UtcDateTime.Date;
        for (DateTime date = ReportTime.Moment(span.From).UtcDateTime.Date; date <= last && date < DateTime.MaxValue.Date; date = date.AddDays(1))
        {
            long at = ReportTime.Usec(new DateTimeOffset(date, TimeSpan.Zero) - zone.GetUtcOffset(date));
            if (wanted(date) && at >= span.From && at <= span.To)
            {
                Add(ticks, at, date, format, under);
            }
        }

        return ticks;
    }

    private static void Add(List<TimeTick> ticks, long at, DateTime local, string format, string underFormat)
    {
        string under = underFormat.Length > 0 ? local.ToString(underFormat, CultureInfo.InvariantCulture) : "";
        string? shown = ticks.FindLast(static tick => tick.Under.Length > 0).Under;
        ticks.Add(new TimeTick(at, local.ToString(format, CultureInfo.InvariantCulture), under == shown ? "" : under));
    }
}
