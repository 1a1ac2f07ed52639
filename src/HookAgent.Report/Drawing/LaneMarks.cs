using HookAgent.Report.Timeline;

namespace HookAgent.Report.Drawing;

/// <summary>Tasks that were aborted within one column of the drawing.</summary>
internal readonly record struct LaneMark(int Column, AbortMark Abort);

internal static class LaneMarks
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
                AbortMark before = marks[^1].Abort;
                marks[^1] = new LaneMark(column, before with { Tasks = before.Tasks + abort.Tasks, LostUsec = ReportTime.Sum(before.LostUsec, abort.LostUsec) });
            }
            else
            {
                marks.Add(new LaneMark(column, abort));
            }
        }

        return marks;
    }
}
