using HookAgent.Report.Timeline;

namespace HookAgent.Report.Drawing;

/// <summary>A piece of a lane in one colour, in columns of the drawing.</summary>
internal readonly record struct LaneRun(int From, int To, LaneState State);

/// <summary>
/// Draws intervals into columns. Where several lie in one column its colour is that of the state with the most time
/// to its credit, and what the others had is carried on. So a stretch of intervals that are all narrower than a
/// column shows their colours as often as they had time, and none is drowned by the one that is a little longer.
/// </summary>
internal static class LaneRuns
{
    public static List<LaneRun> Of(IReadOnlyList<Interval> intervals, ReportSpan span, int columns)
    {
        List<LaneRun> runs = [];
        double[] credit = new double[LaneStates.Count];
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
                // What is left from narrower ones would be out of place by now.
                Array.Clear(credit);
            }

            for (int i = next; i < intervals.Count && intervals[i].From < to; i++)
            {
                credit[(int)intervals[i].State] += (Math.Min(intervals[i].To, to) - Math.Max(intervals[i].From, from)) / width;
            }

            LaneState most = Most(credit);
            credit[(int)most]--;
            if (runs.Count > 0 && runs[^1].State == most)
            {
                runs[^1] = runs[^1] with { To = column + 1 };
            }
            else
            {
                runs.Add(new LaneRun(column, column + 1, most));
            }
        }

        return runs;
    }

    private static LaneState Most(double[] credit)
    {
        int most = 0;
        for (int i = 1; i < credit.Length; i++)
        {
            most = credit[i] > credit[most] ? i : most;
        }

        return (LaneState)most;
    }
}
