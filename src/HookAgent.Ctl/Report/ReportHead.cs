using HookAgent.Report;
using HookAgent.Report.Events;
using HookAgent.Report.Timeline;

namespace HookAgent.Ctl.Report;

/// <summary>What the report begins and ends with: nodes, span and the answer; then how to read the figures.</summary>
internal static class ReportHead
{
    public static void Write(ReportResult result, TimeZoneInfo zone, TextWriter to)
    {
        Figures all = result.All;
        int count = result.Nodes.Count;
        to.WriteLine(count == 1 ? result.Nodes[0].Label : $"{count} nodes: {NodeSets.Of(result.ByName.Select(static node => node.Label))}");
        to.WriteLine($"from {TimeText.Local(result.Span.From, zone)}");
        to.WriteLine($"to   {TimeText.Local(result.Span.To, zone)}, {TimeText.Short(result.Span.Length)}");
        string harvested = all.Harvested is { } share ? $"; harvested {TimeText.Percent(share)} of the idle time" : "";
        to.WriteLine($"Lent {TimeText.NodeTime(all.Usec(ReportedState.Lending), all.TotalUsec, count)} ({TimeText.Percent(all.Share(ReportedState.Lending))}){harvested}.");
    }

    public static void WriteNotes(ReportResult result, TextWriter to)
    {
        string[] notes = [.. ReportNotes.Of(result)];
        if (notes.Length > 0)
        {
            to.WriteLine();
            Array.ForEach(notes, to.WriteLine);
        }
    }
}
