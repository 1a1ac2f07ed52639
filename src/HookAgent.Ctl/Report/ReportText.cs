using System.Globalization;
using HookAgent.Ctl.Output;
using HookAgent.Report;
using HookAgent.Report.Events;
using HookAgent.Report.Timeline;

namespace HookAgent.Ctl.Report;

/// <summary>The report for people: tables, and notes on how to read them.</summary>
internal static class ReportText
{
    private const string Unknown = "?";

    public static void Write(ReportResult result, TimeZoneInfo zone, Terminal to, bool withRemarks)
    {
        Figures all = result.All;
        ReportHead.Write(result, zone, to);
        Write(
            "SHARE",
            [.. ReportedStates.All.Select(static state => state.Word().ToUpperInvariant())],
            static figures => [.. ReportedStates.All.Select(state => TimeText.Percent(figures.Share(state)))]);
        Write(
            "JOBS AND PROVIDER",
            ["JOBS", "STARTS", "SHORT", "FAILED", "BOOTS", "HARVESTED"],
            static figures => [Number(figures.JobCount), Number(figures.Starts), Number(figures.Short), Number(figures.FailedStarts), Number(figures.Boots), figures.Harvested is { } share ? TimeText.Percent(share) : "?"]);
        if (all.Tasks is not null)
        {
            Write("TASKS", ["STARTED", "ABORTED", "TIME LOST", "LENDINGS", "WITHOUT TASK"], Tasks);
            Write("READY AFTER START", ["CONNECTED", "P50", "MAX", "FIRST TASK", "P50", "MAX"], Readiness);
        }

        Write("HANDOVERS", ["COUNT", "P50", "P99", "MAX", "OVERLAPS", "P50", "MAX", "TOTAL"], Handovers);
        if (withRemarks)
        {
            ReportHead.WriteNotes(result, to);
        }

        void Write(string title, string[] heads, Func<Figures, string[]> cells)
        {
            to.Out.WriteLine();
            IEnumerable<(string Label, Figures Figures)> rows = result.Nodes.Select(static node => (node.Label, node.Figures));
            rows = result.Nodes.Count > 1 ? rows.Append(("all", all)) : rows;
            TextTable.Write(to.Out, [[title, .. heads], .. rows.Select(row => (string[])[row.Label, .. cells(row.Figures)])], areNumbers: true, width: to.Width);
        }
    }

    private static string[] Tasks(Figures figures) => figures.Tasks is not { } tasks ? [Unknown, Unknown, Unknown, Unknown, Unknown] :
    [
        AtLeast(tasks.Started, tasks.LinesDropped > 0, Number),
        AtLeast(tasks.Aborted, tasks.IsLeast, Number),
        AtLeast(tasks.LostUsec, tasks.IsLeast || tasks.Untimed > 0, TimeText.Short),
        Number(tasks.Lendings),
        Number(tasks.WithoutTask),
    ];

    private static string[] Readiness(Figures figures) => figures.Tasks is not { Connected: var connected, FirstTasks: var first } ? [Unknown, Unknown, Unknown, Unknown, Unknown, Unknown] :
    [
        Number(connected.Count), .. Times(connected, connected.P50, connected.Max),
        Number(first.Count), .. Times(first, first.P50, first.Max),
    ];

    private static string[] Handovers(Figures figures)
    {
        (Distribution handovers, Distribution overlaps) = (figures.Handovers, figures.Overlaps);
        return
        [
            Number(handovers.Count), .. Times(handovers, handovers.P50, handovers.P99, handovers.Max),
            Number(overlaps.Count), .. Times(overlaps, overlaps.P50, overlaps.Max, overlaps.Total),
        ];
    }

    private static string AtLeast(long? known, bool isLeast, Func<long, string> text) => known switch
    {
        null => Unknown,
        { } least when isLeast => $"{text(least)}+",
        { } exact => text(exact),
    };

    private static string[] Times(Distribution of, params long[] usec) => Array.ConvertAll(usec, time => of.Count == 0 ? "-" : TimeText.Short(time));

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
