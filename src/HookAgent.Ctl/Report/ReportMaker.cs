using HookAgent.Report;
using HookAgent.Report.Drawing;
using HookAgent.Report.Reading;
using HookAgent.Report.Timeline;

namespace HookAgent.Ctl.Report;

/// <summary>Reads journals, of this node or from files of many, and makes one report of them.</summary>
/// <param name="since">In µs since the Epoch; null for all that there is.</param>
/// <param name="until">As <paramref name="since"/>.</param>
/// <param name="shortest">Lendings that were shorter count as short.</param>
internal sealed class ReportMaker(Terminal terminal, string journalctl, long? since, long? until, TimeSpan shortest, DateTimeOffset now, TimeZoneInfo zone)
{
    /// <summary>Null where there is nothing to report, and why is said.</summary>
    /// <param name="paths">Files and folders; none for this node's journal.</param>
    /// <exception cref="IOException">A file of <paramref name="into"/> cannot be written.</exception>
    public ReportResult? Make(IReadOnlyList<string> paths, ReportFiles? into = null)
    {
        Histories histories = new();
        JournalInput input = new(histories);
        if (Read(paths, input, histories) is { } failure)
        {
            terminal.Fail(failure);
            return null;
        }

        foreach (string remark in input.Remarks)
        {
            terminal.Error.WriteLine($"hookctl: {remark}");
        }

        histories.Settle();
        if (histories.Nodes.Count == 0)
        {
            terminal.Fail(NothingFound(paths, input));
            return null;
        }

        return Evaluate(histories, input, SpanOf(histories, fromFiles: paths.Count > 0), into);
    }

    /// <summary>Fills the histories; a sentence where that fails altogether.</summary>
    private string? Read(IReadOnlyList<string> paths, JournalInput input, Histories histories)
    {
        foreach (string path in paths)
        {
            input.ReadFile(path);
        }

        return paths.Count > 0 ? null : new LocalJournal(journalctl).ReadInto(input, histories, (since, until));
    }

    private static string NothingFound(IReadOnlyList<string> paths, JournalInput input) =>
        input.Unreadable > 0 || input.Foreign > 0 ? "nothing could be read of the agent's"
        : paths.Count > 0 ? $"the agent has no entry in {(input.Files == 1 ? "this file" : "these files")}; write it on each node with 'journalctl -u {AgentEntry.AgentUnit} -u {ReportNotes.UsualUnit} -o export'"
        : Environment.IsPrivilegedProcess ? $"the agent has no entry in this node's journal; does it run? 'systemctl status {AgentEntry.AgentUnit}' tells"
        : $"no entry of the agent can be seen in the journal{LocalJournal.ReadersHint}";

    /// <summary>One node after the other, so that no more than one node's intervals are held.</summary>
    private ReportResult Evaluate(Histories histories, JournalInput input, ReportSpan span, ReportFiles? into)
    {
        List<NodeLine> lines = [];
        List<Lane> lanes = [];
        Figures all = new();
        IntervalCsv? intervals = into?.Intervals is { } csv ? new IntervalCsv(csv.Writer, histories.Reasons) : null;
        LendingCsv? lendings = into?.Lendings is { } of ? new LendingCsv(of.Writer) : null;
        foreach ((NodeHistory node, string label) in NodeLabels.Of(histories.Nodes))
        {
            NodeTimeline timeline = TimelineBuilder.Build(node, span, histories.Reasons, shortest);
            lines.Add(new NodeLine(label, node.HostName, node.MachineId, timeline.Figures));
            all.Add(timeline.Figures);
            intervals?.Write(node, timeline);
            lendings?.Write(node, timeline);
            if (into?.Picture is not null)
            {
                lanes.Add(new Lane(
                    label, timeline.Figures, LaneRuns.Of(timeline.Intervals, span, TimelineSvg.Columns), LaneMarks.Of(timeline.Aborts, span, TimelineSvg.Columns)));
            }
        }

        if (into?.Picture is { } picture)
        {
            new TimelineSvg(lanes, all, span, zone).Write(picture.Writer);
        }

        return new ReportResult(span, shortest, histories.LentTo(), lines, all, new ReadCounts(
            input.Files, histories.Entries, histories.Events, histories.ProviderEvents, input.Damaged + histories.Unusable, input.Foreign, input.Unreadable));
    }

    /// <summary>What was asked for; else what there is: from the first event to now, or to the last entry of files.</summary>
    private ReportSpan SpanOf(Histories histories, bool fromFiles)
    {
        long first = long.MaxValue;
        long last = 0;
        foreach (NodeHistory node in histories.Nodes)
        {
            first = Math.Min(first, node.Boots[0].FirstEvent);
            foreach (BootHistory boot in node.Boots)
            {
                last = Math.Max(last, boot.LastSign);
            }
        }

        long from = since ?? first;
        long to = until ?? (fromFiles ? last : Math.Max(last, ReportTime.Usec(now)));
        return new ReportSpan(from, Math.Max(from, to));
    }
}
