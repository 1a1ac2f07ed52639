using HookAgent.Report.Events;
using HookAgent.Report.Timeline;

namespace HookAgent.Report.Drawing;

/// <summary>What a picture of a report says in words.</summary>
/// <param name="Answer">"300 nodes, 24 h: 4,731 of 7,200 node-hours lent (66 %)".</param>
/// <param name="When">From when until when.</param>
/// <param name="Handovers">How many there were, and how long they took.</param>
internal sealed record ReportTitle(string Answer, string When, string Handovers)
{
    /// <param name="nodes">At least one.</param>
    public static ReportTitle Of(IReadOnlyList<string> nodes, Figures all, ReportSpan span, TimeZoneInfo zone)
    {
        // One name of the zone is enough.
        string from = TimeText.Local(span.From, zone);
        Distribution handovers = all.Handovers;
        return new ReportTitle(
            TimeText.Invariant($"{(nodes.Count == 1 ? nodes[0] : $"{nodes.Count} nodes")}, {TimeText.Short(span.Length)}: {TimeText.NodeTime(all.Usec(ReportedState.Lending), all.TotalUsec, nodes.Count)} lent ({all.Share(ReportedState.Lending) * 100:0} %)"),
            $"{from[..from.LastIndexOf(' ')]} to {TimeText.Local(span.To, zone)}",
            handovers.Count == 0 ? "No handover to a job"
            : TimeText.Invariant($"{handovers.Count:#,0} {(handovers.Count == 1 ? "handover" : "handovers")} to a job, half within {TimeText.Short(handovers.P50)}, the longest {TimeText.Short(handovers.Max)}"));
    }
}
