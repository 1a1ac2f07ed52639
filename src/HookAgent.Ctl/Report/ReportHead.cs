using HookAgent.Ctl.Output;
using HookAgent.Report;
using HookAgent.Report.Events;
using HookAgent.Report.Timeline;

namespace HookAgent.Ctl.Report;

/// <summary>What the report begins and ends with: nodes, span and the answer; then how to read the figures.</summary>
internal static class ReportHead
{
    public static void Write(ReportResult result, TimeZoneInfo zone, Terminal to)
    {
        Figures all = result.All;
        int count = result.Nodes.Count;
        string nodes = count == 1 ? "" : $"{count} nodes: ";
        to.Say(nodes + NodeList.Of(result.ByName.Select(static node => node.Label), to.Width - nodes.Length));
        to.Say($"from {TimeText.Local(result.Span.From, zone)}");
        to.Say($"to   {TimeText.Local(result.Span.To, zone)}, {TimeText.Short(result.Span.Length)}");
        string harvested = all.Harvested is { } share ? $"; harvested {TimeText.Percent(share)} of the idle time" : "";
        to.Say($"Lent {TimeText.NodeTime(all.Usec(ReportedState.Lending), all.TotalUsec, count)} ({TimeText.Percent(all.Share(ReportedState.Lending))}){harvested}.");
    }

    public static void WriteNotes(ReportResult result, Terminal to)
    {
        string[] notes = [.. ReportNotes.Of(result)];
        if (notes.Length > 0)
        {
            to.Out.WriteLine();
            Array.ForEach(notes, note => to.Say(note));
        }
    }
}
