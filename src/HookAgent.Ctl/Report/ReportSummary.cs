using System.Globalization;
using HookAgent.Ctl.Output;
using HookAgent.Report;
using HookAgent.Report.Timeline;

namespace HookAgent.Ctl.Report;

/// <summary>The report on one screen, however many nodes there are.</summary>
internal static class ReportSummary
{
    private const int MostReasons = 8;

    /// <summary>What a reason and a time take of a line.</summary>
    private const int ReasonColumns = 42;

    public static void Write(ReportResult result, TimeZoneInfo zone, Terminal to, bool withRemarks)
    {
        Figures all = result.All;
        ReportHead.Write(result, zone, to);
        to.Out.WriteLine();
        TextTable.Write(to.Out, Lines(all), width: to.Width);
        string[][] reasons = [.. OutOfAction(result, to.Width)];
        if (reasons.Length > 0)
        {
            to.Out.WriteLine();
            TextTable.Write(to.Out, [["OUT OF ACTION", "TIME", "NODES"], .. reasons.Take(MostReasons)]);
            if (reasons.Length > MostReasons)
            {
                to.Say($"and {Plural.Of(reasons.Length - MostReasons, "more reason")}; 'hookctl report --json' has them all");
            }
        }

        if (withRemarks)
        {
            ReportHead.WriteNotes(result, to);
        }
    }

    private static IEnumerable<string[]> Lines(Figures all)
    {
        Distribution handovers = all.Handovers;
        yield return ["Jobs", $"{Number(all.JobCount)}; {Number(handovers.Count)} came to a lent node"];
        if (handovers.Count > 0)
        {
            Distribution delays = all.Delays;
            yield return ["  delayed", $"{Spread(delays)}, {TimeText.Short(delays.Total)} in all"];
            yield return ["  handover", Spread(handovers)];
            yield return ["  beside it", all.Overlaps is { Count: > 0 } overlaps
                ? $"{Number(overlaps.Count)} of them: {Spread(overlaps)}, {TimeText.Short(overlaps.Total)} in all"
                : "never"];
        }

        yield return ["Provider", $"{Count(all.Starts, "start")}, {Number(all.Short)} short, {Number(all.FailedStarts)} failed"];
        if (all.Tasks is { } tasks)
        {
            yield return ["Tasks", $"{AtLeast(tasks.Started, tasks.LinesDropped > 0)} started, {AtLeast(tasks.Aborted, tasks.IsLeast)} aborted, "
                + $"{(tasks.LostUsec is { } lost ? TimeText.Short(lost) : "?")} of their time lost"];
        }
    }

    /// <summary>By time, the longest first. What the journals do not have says nothing of a node; a note tells of it.</summary>
    private static IEnumerable<string[]> OutOfAction(ReportResult result, int width) => result.All.OutOfAction.Keys
        .Where(static why => why != Figures.NoData)
        .OrderByDescending(why => result.All.OutOfAction[why])
        .Select(why =>
        {
            string[] nodes = [.. result.ByName.Where(node => node.Figures.OutOfAction.ContainsKey(why)).Select(static node => node.Label)];
            return (string[])[
                why, TimeText.Short(result.All.OutOfAction[why]),
                nodes.Length == result.Nodes.Count && nodes.Length > 1 ? $"all {nodes.Length}" : NodeList.Of(nodes, width - ReasonColumns)];
        });

    private static string Spread(Distribution of) => $"p50 {TimeText.Short(of.P50)}, p99 {TimeText.Short(of.P99)}, longest {TimeText.Short(of.Max)}";

    private static string AtLeast(long? known, bool isLeast) => known is { } number ? $"{Number(number)}{(isLeast ? "+" : "")}" : "?";

    private static string Count(long number, string what) => $"{Number(number)} {what}{(number == 1 ? "" : "s")}";

    private static string Number(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);
}
