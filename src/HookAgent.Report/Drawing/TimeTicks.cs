using System.Globalization;
using HookAgent.Report.Timeline;

namespace HookAgent.Report.Drawing;

/// <summary>A mark of the time axis.</summary>
/// <param name="Label">The time, as exact as the marks are apart.</param>
/// <param name="Under">What changes less often, a date or a year; empty where the mark before has the same.</param>
internal readonly record struct TimeTick(long At, string Label, string Under);

/// <summary>Marks at round times of the zone, as many as there is room for.</summary>
internal static class TimeTicks
{
    private static readonly TimeSpan s_week = TimeSpan.FromDays(7);

    /// <summary>Steps up to a week; longer ones are the doubles of a week.</summary>
    private static readonly TimeSpan[] s_steps =
    [
        .. Array.ConvertAll([1, 2, 5, 10, 20, 50, 100, 200, 500], static ms => TimeSpan.FromMilliseconds(ms)),
        .. Array.ConvertAll([1, 2, 5, 10, 15, 30], static s => TimeSpan.FromSeconds(s)),
        .. Array.ConvertAll([1, 2, 5, 10, 15, 30], static min => TimeSpan.FromMinutes(min)),
        .. Array.ConvertAll([1, 2, 3, 6, 12, 24, 48], static h => TimeSpan.FromHours(h)),
        s_week,
    ];

    public static List<TimeTick> Of(ReportSpan span, TimeZoneInfo zone, int most)
    {
        TimeSpan step = s_steps.FirstOrDefault(HasRoom, s_week);
        while (!HasRoom(step))
        {
            step *= 2;
        }

        (string format, string under) = step.TotalDays >= 1 ? ("d MMM", "yyyy")
            : step.TotalMinutes >= 1 ? ("HH:mm", "ddd d MMM yyyy")
            : step.TotalSeconds >= 1 ? ("HH:mm:ss", "ddd d MMM yyyy")
            : ("HH:mm:ss.fff", "ddd d MMM yyyy");
        List<TimeTick> ticks = [];
        string shown = "";

        // The calendar's first day is a Monday, so that weeks begin with one.
        long first = TimeZoneInfo.ConvertTime(TimeText.Moment(span.From), zone).Ticks / step.Ticks;
        for (long local = first * step.Ticks; local <= DateTime.MaxValue.Ticks; local += step.Ticks)
        {
            DateTime time = new(local);
            long at = (local - DateTime.UnixEpoch.Ticks - zone.GetUtcOffset(time).Ticks) / TimeSpan.TicksPerMicrosecond;
            if (at > span.To)
            {
                break;
            }

            // An hour that a change of the clocks leaves out is one with the next.
            if (at >= span.From && (ticks.Count == 0 || at > ticks[^1].At))
            {
                string line = time.ToString(under, CultureInfo.InvariantCulture);
                ticks.Add(new TimeTick(at, time.ToString(format, CultureInfo.InvariantCulture), line == shown ? "" : line));
                shown = line;
            }
        }

        return ticks;

        bool HasRoom(TimeSpan step) => span.Length / step.TotalMicroseconds < most;
    }
}
