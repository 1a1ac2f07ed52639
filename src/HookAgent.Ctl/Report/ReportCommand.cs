using HookAgent.Core.Node;
using HookAgent.Core.Settings;
using HookAgent.Ctl.Report.Drawing;
using HookAgent.Ctl.Report.Reading;
using HookAgent.Ctl.Report.Timeline;

namespace HookAgent.Ctl.Report;

/// <summary><c>hookctl report</c>: reads the journal, of this node or from files of many, and tells what came of it.</summary>
internal sealed class ReportCommand(ReportOptions options, Terminal terminal, DateTimeOffset now, TimeZoneInfo zone)
{
    private TimeSpan _useless = UselessStart.Limit;
    private long? _since;
    private long? _until;

    public static int Run(ReportOptions options, Terminal terminal) =>
        new ReportCommand(options, terminal, DateTimeOffset.UtcNow, TimeZoneInfo.Local).Run();

    public int Run()
    {
        if (Mistake() is { } mistake)
        {
            terminal.Error.WriteLine($"hookctl: {mistake}");
            return ExitCode.Usage;
        }

        try
        {
            // Before anything is read, which may take a while.
            using WholeFile? csv = options.Csv is null ? null : new WholeFile(options.Csv);
            using WholeFile? svg = options.Svg is null ? null : new WholeFile(options.Svg);
            return Report(csv, svg);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return terminal.Fail($"cannot write: {failure.Message}");
        }
    }

    private string? Mistake()
    {
        if (options.Useless is { } text && (!TimeSpanText.TryParse(text, out _useless) || _useless == TimeSpanText.Infinity))
        {
            return $"'{text}' is no time; give one such as 500ms, 10s or 1min";
        }

        foreach ((string? given, string option) in ((string?, string)[])[(options.Since, "--since"), (options.Until, "--until")])
        {
            if (given is not null && !MomentText.TryParse(given, now, zone, out _))
            {
                return $"{option} does not understand '{given}'; give a time such as {MomentText.Forms}";
            }
        }

        _since = Usec(options.Since);
        _until = Usec(options.Until) is { } until ? Math.Min(until, ReportTime.Usec(now)) : null;
        return _since >= (_until ?? ReportTime.Usec(now)) ? $"there is no time between --since and {(_until is null ? "now" : "--until (or now)")}"
            : options.Csv is not null && options.Csv == options.Svg ? "--csv and --svg name the same file"
            : null;
    }

    private long? Usec(string? given) =>
        given is not null && MomentText.TryParse(given, now, zone, out DateTimeOffset moment) ? Math.Max(0, ReportTime.Usec(moment)) : null;

    private int Report(WholeFile? csv, WholeFile? svg)
    {
        Histories histories = new();
        JournalInput input = new(histories);
        if (Read(input, histories) is { } failure)
        {
            return terminal.Fail(failure);
        }

        foreach (string remark in input.Remarks)
        {
            terminal.Error.WriteLine($"hookctl: {remark}");
        }

        if (histories.Nodes.Count == 0)
        {
            return terminal.Fail(NothingFound(input));
        }

        ReportResult result = Evaluate(histories, input, csv?.Writer, svg?.Writer);
        csv?.Finish();
        svg?.Finish();
        if (options.Json)
        {
            ReportJson.Write(result, terminal.Out);
        }
        else
        {
            ReportText.Write(result, zone, terminal.Out);
        }

        return input.Unreadable > 0 ? ExitCode.Failed : ExitCode.Done;
    }

    /// <summary>Fills the histories; a sentence where that fails altogether.</summary>
    private string? Read(JournalInput input, Histories histories)
    {
        string[] files = [.. options.Words];
        foreach (string file in files)
        {
            input.ReadFile(file);
        }

        return files.Length > 0 ? null : new LocalJournal(options.Journalctl).ReadInto(input, histories);
    }

    private string NothingFound(JournalInput input) =>
        input.Unreadable > 0 || input.Foreign > 0 ? "nothing could be read of the agent's"
        : options.Words.Any() ? $"the agent has no entry in {(input.Files == 1 ? "this file" : "these files")}; write it on each node with 'journalctl -u {AgentEntry.AgentUnit} -o export'"
        : Environment.IsPrivilegedProcess ? $"the agent has no entry in this node's journal; does it run? 'systemctl status {AgentEntry.AgentUnit}' tells"
        : $"no entry of the agent can be seen in the journal{LocalJournal.ReadersHint}";

    /// <summary>One node after the other, so that no more than one node's intervals are held.</summary>
    private ReportResult Evaluate(Histories histories, JournalInput input, TextWriter? csv, TextWriter? svg)
    {
        foreach (NodeHistory node in histories.Nodes)
        {
            node.Settle();
        }

        ReportSpan span = SpanOf(histories);
        List<NodeLine> lines = [];
        List<Lane> lanes = [];
        Figures all = new();
        IntervalCsv? rows = csv is null ? null : new IntervalCsv(csv, histories.Reasons);
        foreach ((NodeHistory node, string label) in NodeLabels.Of(histories.Nodes))
        {
            NodeTimeline timeline = TimelineBuilder.Build(node, span, histories.Reasons, _useless);
            lines.Add(new NodeLine(label, node.HostName, node.MachineId, timeline.Figures));
            all.Add(timeline.Figures);
            rows?.Write(node, timeline);
            if (svg is not null)
            {
                lanes.Add(new Lane(label, timeline.Figures, LaneRuns.Of(timeline.Intervals, span, TimelineSvg.Columns)));
            }
        }

        if (svg is not null)
        {
            new TimelineSvg(lanes, all, span, zone).Write(svg);
        }

        return new ReportResult(span, _useless, lines, all, new ReadCounts(
            input.Files, histories.Entries, histories.Events, input.Damaged + histories.Unusable, input.Foreign, input.Unreadable));
    }

    /// <summary>What was asked for; else what there is: from the first event to now, or to the last entry of files.</summary>
    private ReportSpan SpanOf(Histories histories)
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

        long from = _since ?? first;
        long to = _until ?? (options.Words.Any() ? last : Math.Max(last, ReportTime.Usec(now)));
        return new ReportSpan(from, Math.Max(from, to));
    }
}
