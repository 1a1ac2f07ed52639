using HookAgent.Report.Events;
using HookAgent.Report.Timeline;

namespace HookAgent.Report.Drawing;

/// <summary>One node of the drawing.</summary>
internal sealed record Lane(string Label, Figures Figures, List<LaneRun> Runs, List<LaneMark> Marks, List<LaneTip> Tips)
{
    public static Lane Of(string label, NodeTimeline timeline, TimeZoneInfo zone) => new(
        label,
        timeline.Figures,
        LaneRun.Of(timeline.Intervals, timeline.Span, TimelineSvg.Columns),
        LaneMark.Of(timeline.Aborts, timeline.Span, TimelineSvg.Columns),
        LaneTip.Of(timeline, TimelineSvg.Columns, zone));
}

/// <summary>What the pointer finds on an interval that is wide enough to be hit, in columns of the drawing.</summary>
internal sealed record LaneTip(int From, int To, string Text)
{
    /// <summary>In columns.</summary>
    private const double Narrowest = 3;

    private const int MostJobs = 5;

    public static List<LaneTip> Of(NodeTimeline timeline, int columns, TimeZoneInfo zone)
    {
        List<LaneTip> tips = [];
        double column = Math.Max(1, timeline.Span.Length) / (double)columns;
        foreach (Interval interval in timeline.Intervals)
        {
            if (interval.Length / column >= Narrowest)
            {
                tips.Add(new LaneTip(
                    (int)Math.Round((interval.From - timeline.Span.From) / column), (int)Math.Round((interval.To - timeline.Span.From) / column),
                    $"{interval.State.Word()}{(interval.Reason.Length > 0 ? $" ({interval.Reason})" : "")}{Jobs(timeline.JobsOf(interval))}, {TimeText.Short(interval.Length)} from {TimeText.Local(interval.From, zone)}"));
            }
        }

        return tips;
    }

    private static string Jobs(ReadOnlySpan<uint> jobs) => jobs.Length == 0 ? ""
        : $", {(jobs.Length == 1 ? "job" : "jobs")} {string.Join(' ', jobs[..Math.Min(MostJobs, jobs.Length)].ToArray())}{(jobs.Length > MostJobs ? " …" : "")}";
}

/// <summary>A piece of a lane in one colour, in columns of the drawing.</summary>
internal readonly record struct LaneRun(int From, int To, ReportedState State)
{
    /// <summary>
    /// Draws intervals into columns. A column has the colour of the state with the most credit: the time in it, and what the
    /// columns before left over. So a stretch of intervals that are all narrower than a column shows their colours in
    /// proportion to their times, and none is lost to one that is a little longer.
    /// </summary>
    public static List<LaneRun> Of(IReadOnlyList<Interval> intervals, ReportSpan span, int columns)
    {
        List<LaneRun> runs = [];
        double[] credit = new double[ReportedStates.All.Length];
        double width = (double)span.Length / columns;
        int next = 0;
        for (int column = 0; column < columns && intervals.Count > 0 && width > 0; column++)
        {
            double from = span.From + (column * width);
            double to = from + width;
            while (next < intervals.Count && intervals[next].To <= from)
            {
                next++;
            }

            if (next < intervals.Count && intervals[next].From <= from && intervals[next].To >= to)
            {
                // What narrower intervals left over would be out of place by now.
                Array.Clear(credit);
            }

            for (int i = next; i < intervals.Count && intervals[i].From < to; i++)
            {
                credit[(int)intervals[i].State] += (Math.Min(intervals[i].To, to) - Math.Max(intervals[i].From, from)) / width;
            }

            int most = Array.IndexOf(credit, credit.Max());
            credit[most]--;
            if (runs.Count > 0 && runs[^1].State == (ReportedState)most)
            {
                runs[^1] = runs[^1] with { To = column + 1 };
            }
            else
            {
                runs.Add(new LaneRun(column, column + 1, (ReportedState)most));
            }
        }

        return runs;
    }
}

/// <summary>Tasks that were aborted within one column of the drawing.</summary>
internal readonly record struct LaneMark(int Column, AbortMark Abort)
{
    /// <param name="aborts">By time, and within the span.</param>
    public static List<LaneMark> Of(IReadOnlyList<AbortMark> aborts, ReportSpan span, int columns)
    {
        List<LaneMark> marks = [];
        foreach (AbortMark abort in aborts)
        {
            int column = (int)Math.Clamp((abort.At - span.From) * (double)columns / Math.Max(1, span.Length), 0, columns - 1);
            if (marks.Count > 0 && marks[^1].Column == column)
            {
                marks[^1] = new LaneMark(column, marks[^1].Abort.With(abort));
            }
            else
            {
                marks.Add(new LaneMark(column, abort));
            }
        }

        return marks;
    }
}

/// <summary>The height of lanes, in pixels, and which of them have a label: each of a few lanes, every n-th of many.</summary>
/// <param name="Height">Of a lane.</param>
/// <param name="Pitch">From one lane to the next.</param>
/// <param name="FontSize">Of the labels.</param>
/// <param name="LabelEvery">1 where each lane has a label.</param>
internal readonly record struct LaneLayout(int Height, int Pitch, int FontSize, int LabelEvery)
{
    /// <summary>In a smaller one a label cannot be read.</summary>
    private const int SmallestPitch = 10;

    public static LaneLayout For(int lanes)
    {
        int height = Math.Clamp(1400 / Math.Max(1, lanes), 4, 26);
        int pitch = height + (height >= 16 ? 8 : height >= 8 ? 2 : 1);
        return new LaneLayout(
            height, pitch, Math.Clamp(pitch - 1, SmallestPitch - 1, 13), (SmallestPitch + pitch - 1) / pitch);
    }
}
