using System.Globalization;
using System.Text;
using HookAgent.Report.Events;

namespace HookAgent.Report.Drawing;

/// <summary>How many nodes were in each state, over time: the lanes, stacked into one strip.</summary>
internal static class NodeCounts
{
    /// <summary>The states from the bottom up; where no agent ran there is no colour.</summary>
    public static ReportedState[] Stack { get; } =
    [
        ReportedState.Lending, ReportedState.Settling, ReportedState.Reclaiming, ReportedState.Busy,
        ReportedState.Held, ReportedState.Failed, ReportedState.Unknown,
    ];

    /// <summary>The nodes in each state, by column: [state][column].</summary>
    public static int[][] Of(IReadOnlyList<Lane> lanes, int columns)
    {
        int[][] counts = [.. ReportedStates.All.Select(_ => new int[columns])];
        foreach (LaneRun run in lanes.SelectMany(static lane => lane.Runs))
        {
            for (int column = run.From; column < run.To; column++)
            {
                counts[(int)run.State][column]++;
            }
        }

        return counts;
    }

    /// <summary>A path of SVG for each state that occurs, of rectangles as wide as the count lasts.</summary>
    public static IEnumerable<string> Paths(IReadOnlyList<Lane> lanes, int left, int bottom, int height)
    {
        int[][] counts = Of(lanes, TimelineSvg.Columns);
        int[] below = new int[TimelineSvg.Columns];
        foreach (ReportedState state in Stack)
        {
            int[] its = counts[(int)state];
            StringBuilder path = new();
            for (int first = 0; first < its.Length;)
            {
                int end = first + 1;
                while (end < its.Length && its[end] == its[first] && below[end] == below[first])
                {
                    end++;
                }

                if (its[first] > 0)
                {
                    path.Append(CultureInfo.InvariantCulture, $"M{left + first} {Y(below[first]):0.##}H{left + end}V{Y(below[first] + its[first]):0.##}H{left + first}z");
                }

                first = end;
            }

            for (int column = 0; column < its.Length; column++)
            {
                below[column] += its[column];
            }

            if (path.Length > 0)
            {
                yield return $"<path fill=\"{Palette.Paint(state)}\" d=\"{path}\"/>";
            }
        }

        double Y(int nodes) => bottom - (nodes * (double)height / lanes.Count);
    }
}
