using System.Globalization;
using HookAgent.Ctl.Report.Timeline;

namespace HookAgent.Ctl.Report;

/// <summary>The report for people: tables that fit a terminal of 80 columns, and what else is to be known.</summary>
internal static class ReportText
{
    public static void Write(ReportResult result, TimeZoneInfo zone, TextWriter to)
    {
        Figures all = result.All;
        string nodes = result.Nodes.Count == 1 ? result.Nodes[0].Label : $"{result.Nodes.Count} nodes";
        to.WriteLine($"{nodes} from {ReportTime.Local(result.Span.From, zone)}");
        to.WriteLine($"{"to".PadLeft(nodes.Length + 5)} {ReportTime.Local(result.Span.To, zone)}");
        to.WriteLine($"Lent {ReportTime.Short(all.Usec(LaneState.Lending))} of {ReportTime.Short(all.TotalUsec)} of node time.");
        to.WriteLine();
        Shares(result).Write(to);
        to.WriteLine();
        Counts(result).Write(to);
        to.WriteLine();
        Handovers(result).Write(to);
        List<string> notes = ReportNotes.Of(result);
        if (notes.Count > 0)
        {
            to.WriteLine();
            notes.ForEach(to.WriteLine);
        }
    }

    private static TextTable Shares(ReportResult result) => Table(
        result,
        ["SHARE OF TIME", .. LaneStates.Each(static state => state.Word().ToUpperInvariant())],
        static figures => LaneStates.Each(state => ReportTime.Percent(figures.Share(state))));

    private static TextTable Counts(ReportResult result) => Table(
        result,
        ["JOBS AND PROVIDER", "JOBS", "STARTS", "USELESS", "FAILED", "BOOTS"],
        static figures => [Count(figures.JobCount), Count(figures.Starts), Count(figures.Useless), Count(figures.FailedStarts), Count(figures.Boots)]);

    private static TextTable Handovers(ReportResult result) => Table(
        result,
        ["HANDOVERS", "COUNT", "P50", "P95", "P99", "MAX", "OVERLAPS", "P50", "MAX", "TOTAL"],
        static figures =>
        {
            Distribution handovers = figures.Handovers;
            Distribution overlaps = figures.Overlaps;
            return
            [
                Count(handovers.Count), .. Times(handovers.Count, handovers.P50, handovers.P95, handovers.P99, handovers.Max),
                Count(overlaps.Count), .. Times(overlaps.Count, overlaps.P50, overlaps.Max, overlaps.Total),
            ];
        });

    private static TextTable Table(ReportResult result, string[] heads, Func<Figures, string[]> cells)
    {
        TextTable table = new(heads);
        foreach (NodeLine node in result.Nodes)
        {
            table.Add([node.Label, .. cells(node.Figures)]);
        }

        if (result.Nodes.Count > 1)
        {
            table.Add(["all", .. cells(result.All)]);
        }

        return table;
    }

    private static string[] Times(int count, params long[] usec) => Array.ConvertAll(usec, time => count == 0 ? "-" : ReportTime.Short(time));

    private static string Count(int count) => count == 0 ? "-" : count.ToString(CultureInfo.InvariantCulture);
}
