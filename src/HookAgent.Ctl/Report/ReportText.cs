using System.Globalization;
using HookAgent.Report;
using HookAgent.Report.Timeline;

namespace HookAgent.Ctl.Report;

/// <summary>The report for people: tables that fit a terminal of 80 columns, and what else is to be known.</summary>
internal static class ReportText
{
    private const string Unknown = "?";

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
        if (all.Tasks is not null)
        {
            to.WriteLine();
            Tasks(result).Write(to);
            to.WriteLine();
            Readiness(result).Write(to);
        }

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
        ["JOBS AND PROVIDER", "JOBS", "STARTS", "SHORT", "FAILED", "BOOTS"],
        static figures => [Count(figures.JobCount), Count(figures.Starts), Count(figures.Short), Count(figures.FailedStarts), Count(figures.Boots)]);

    private static TextTable Tasks(ReportResult result) => Table(
        result,
        ["TASKS", "STARTED", "ABORTED", "TIME LOST", "LENDINGS", "WITHOUT TASK"],
        static figures => figures.Tasks is not { } tasks ? [Unknown, Unknown, Unknown, Unknown, Unknown] :
        [
            AtLeast(tasks.Started, tasks.LinesDropped > 0, Number),
            AtLeast(tasks.Aborted, tasks.IsLeast, Number),
            AtLeast(tasks.LostUsec, tasks.IsLeast || tasks.Untimed > 0, ReportTime.Short),
            Count(tasks.Lendings),
            Count(tasks.WithoutTask),
        ]);

    private static TextTable Readiness(ReportResult result) => Table(
        result,
        ["FROM START TO", "CONNECTED", "P50", "MAX", "FIRST TASK", "P50", "MAX"],
        static figures => figures.Tasks is not { } tasks ? [Unknown, Unknown, Unknown, Unknown, Unknown, Unknown] :
        [
            Count(tasks.Connected.Count), .. Times(tasks.Connected.Count, tasks.Connected.P50, tasks.Connected.Max),
            Count(tasks.FirstTasks.Count), .. Times(tasks.FirstTasks.Count, tasks.FirstTasks.P50, tasks.FirstTasks.Max),
        ]);

    private static string AtLeast(long? known, bool isLeast, Func<long, string> text) => known switch
    {
        null => Unknown,
        { } least when isLeast => $"{text(least)}+",
        0 => "-",
        { } exact => text(exact),
    };

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

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
