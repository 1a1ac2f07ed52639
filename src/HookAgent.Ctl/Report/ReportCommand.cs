using CommandLine;
using HookAgent.Core.Node;
using HookAgent.Core.Settings;
using HookAgent.Ctl.Agent;
using HookAgent.Ctl.Output;
using HookAgent.Report;
using HookAgent.Report.Timeline;

namespace HookAgent.Ctl.Report;

[Verb("report", HelpText = "Report from the journal how this node, or many, was lent, and what that cost the jobs.")]
internal sealed class ReportOptions : CommonOptions
{
    [Option("since", MetaValue = "TIME", HelpText = "Begin at this time, such as yesterday, '2026-11-22 08:00' or -2h (default: where the journal begins).")]
    public string? Since { get; set; }

    [Option("until", MetaValue = "TIME", HelpText = "End at this time (default: now, or the last entry of the files).")]
    public string? Until { get; set; }

    [Option("short", MetaValue = "TIME", HelpText = "Count a lending as short if the provider was up for less than this (default: 2s).")]
    public string? Short { get; set; }

    [Option("summary", HelpText = "Only what matters of all nodes together, on one screen.")]
    public bool Summary { get; set; }

    [Option("sort", MetaValue = "KEY", HelpText = "Order the nodes by name, lent, harvested, jobs, delay or trouble, the most first (default: name).")]
    public string Sort { get; set; } = NodeOrder.ByName;

    [Option("compare", HelpText = "Compare two reports, each of a FILE or a folder of files: before and after a change.")]
    public bool Compare { get; set; }

    [Option("csv", MetaValue = "FILE", HelpText = "Write every interval into this file.")]
    public string? Csv { get; set; }

    [Option("lendings", MetaValue = "FILE", HelpText = "Write every lending, and what the provider did in it, into this file.")]
    public string? Lendings { get; set; }

    [Option("svg", MetaValue = "FILE", HelpText = "Draw the nodes' timelines into this file.")]
    public string? Svg { get; set; }

    [Option("html", MetaValue = "FILE", HelpText = "Write a page with the nodes' timelines into this file, for a browser.")]
    public string? Html { get; set; }

    [Option("journalctl", Hidden = true, MetaValue = "PATH", HelpText = "Run this journalctl.")]
    public string Journalctl { get; set; } = "journalctl";
}

/// <summary><c>hookctl report</c>: how the nodes' time was used, by their journals; or two sets of journals side by side.</summary>
internal sealed class ReportCommand(ReportOptions options, Terminal terminal, DateTimeOffset now, TimeZoneInfo zone)
{
    /// <summary>What could not be read of the journals, a sentence each.</summary>
    private readonly List<string> _remarks = [];

    public static int Run(ReportOptions options, Terminal terminal) =>
        new ReportCommand(options, terminal, DateTimeOffset.UtcNow, LocalZone.For(terminal)).Run();

    private int Run()
    {
        if (Mistake(out ReportScope scope) is { } mistake)
        {
            return terminal.Refuse(mistake);
        }

        try
        {
            return options.Compare ? Compare(scope) : Report(scope);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return terminal.Fail($"cannot write: {failure.Message}; name another file or output");
        }
    }

    /// <summary>What is wrong with the options; null where nothing is.</summary>
    private string? Mistake(out ReportScope scope)
    {
        TimeSpan shortest = ShortLending.Limit;
        scope = new ReportScope(null, null, shortest, now);
        if (options.Short is { } text && (!TimeSpanText.TryParse(text, out shortest) || shortest == TimeSpanText.Infinity))
        {
            return $"'{text}' is no time; give one such as 500ms, 10s or 1min";
        }

        if (!NodeOrder.IsKnown(options.Sort))
        {
            return $"--sort does not know '{options.Sort}'; give {NodeOrder.Words}";
        }

        if (!TryParse(options.Since, out long? since))
        {
            return $"--since does not understand '{options.Since}'; give a time such as {TimestampText.Forms}";
        }

        if (!TryParse(options.Until, out long? until))
        {
            return $"--until does not understand '{options.Until}'; give a time such as {TimestampText.Forms}";
        }

        long end = Math.Min(until ?? long.MaxValue, TimeText.Usec(now));
        scope = new ReportScope(since, until is null ? null : end, shortest, now);
        return since >= end ? $"there is no time between --since and {(until is null ? "now" : "--until (or now)")}"
            : SameFile() ?? Overwritten() ?? (options.Compare ? CompareMistake() : null);
    }

    private bool TryParse(string? text, out long? usec)
    {
        DateTimeOffset moment = now;
        bool isUnderstood = text is null || TimestampText.TryParse(text, now, zone, out moment);
        usec = text is null ? null : Math.Max(0, TimeText.Usec(moment));
        return isUnderstood;
    }

    /// <summary>What is written beside the report, null where it is not asked for.</summary>
    private (string Option, string? File)[] Files => [("--csv", options.Csv), ("--lendings", options.Lendings), ("--svg", options.Svg), ("--html", options.Html)];

    private string? SameFile()
    {
        (string Option, string? File)[] files = Files;
        (string Option, string? File)[] toOutput = [.. files.Where(static one => ReportFiles.IsStandardOutput(one.File))];
        if (toOutput.Length > 1 || (toOutput.Length == 1 && (options.Json || options.Summary)))
        {
            string other = toOutput.Length > 1 ? toOutput[1].Option : options.Json ? "--json" : "--summary";
            return $"{toOutput[0].Option} {toOutput[0].File} and {other} would be mixed on standard output; name a file";
        }

        string[] same = [.. files.Where(one => one.File is { } file && files.Count(other => other.File == file) > 1).Select(static one => one.Option)];
        return same is [var first, var second, ..] ? $"{first} and {second} name the same file" : null;
    }

    /// <summary>A journal is not written over: "--html *.export" without a name takes the first of them for it.</summary>
    private string? Overwritten() => Files.FirstOrDefault(static one => one.File is { } file && IsJournal(file)) is (var option, { } journal)
        ? $"{option} would write over {journal}, which is a journal; name another file"
        : null;

    /// <summary>Whether it begins as what journalctl -o export writes, or as a file of journald's.</summary>
    private static bool IsJournal(string path)
    {
        try
        {
            // A device or a pipe has no length, and reading it would take from it; a link has one of its own.
            string target = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
            if (new FileInfo(target) is not { Exists: true, Length: > 0 })
            {
                return false;
            }

            using FileStream file = File.OpenRead(target);
            Span<byte> head = stackalloc byte[8];
            head = head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
            return head.StartsWith("__"u8) || head.StartsWith("LPKSHHRH"u8);
        }
        catch (Exception unread) when (unread is IOException or UnauthorizedAccessException)
        {
            // Whether it can be written is told when it is.
            return false;
        }
    }

    private string? CompareMistake() =>
        options.Words.Count() != 2 ? "--compare needs two files, or folders of files: before and after"
        : (options.Since ?? options.Until) is not null ? "--compare takes each of the two whole, so neither --since nor --until"
        : options.Summary || options.Sort != NodeOrder.ByName ? "--compare has no tables of nodes, so neither --summary nor --sort"
        : (options.Csv ?? options.Lendings ?? options.Svg ?? options.Html) is not null ? "--compare goes with neither --csv, --lendings, --svg nor --html, which are of one report"
        : null;

    private int Report(ReportScope scope)
    {
        using ReportFiles files = new(options, terminal.Out, zone);
        if (Make(scope, [.. options.Words], files.Add) is not { } result)
        {
            return ExitCode.Failed;
        }

        result = NodeOrder.In(options.Sort, result);
        files.Finish(result);
        if (Files.Any(static one => ReportFiles.IsStandardOutput(one.File)))
        {
            // It is there already.
        }
        else if (options.Json)
        {
            JsonLine.Write(terminal.Out, ReportJson.Of(result));
        }
        else if (options.Summary)
        {
            Pager.Show(terminal, to => ReportSummary.Write(result, zone, to, !options.NoLegend));
        }
        else
        {
            Pager.Show(terminal, to => ReportText.Write(result, zone, to, !options.NoLegend));
        }

        SayRemarks();
        return result.Read.Unreadable > 0 ? ExitCode.Failed : ExitCode.Done;
    }

    private int Compare(ReportScope scope)
    {
        string[] sets = [.. options.Words];
        if (Make(scope, [sets[0]], static (_, _) => { }) is not { } before || Make(scope, [sets[1]], static (_, _) => { }) is not { } after)
        {
            return ExitCode.Failed;
        }

        Comparison comparison = new(before, after);
        if (options.Json)
        {
            JsonLine.Write(terminal.Out, comparison.Json());
        }
        else
        {
            Pager.Show(terminal, to => comparison.Write(to, zone));
        }

        SayRemarks();
        return before.Read.Unreadable + after.Read.Unreadable > 0 ? ExitCode.Failed : ExitCode.Done;
    }

    /// <summary>Null where there is nothing to report, and why is said.</summary>
    /// <param name="paths">Files and folders; none for this node's journal.</param>
    /// <param name="addNode">Gets the timeline of each node.</param>
    private ReportResult? Make(ReportScope scope, string[] paths, Action<NodeFigures, NodeTimeline> addNode)
    {
        JournalReport report = new(scope);
        Array.ForEach(paths, report.ReadFile);
        if (paths.Length == 0 && report.ReadThisNode(options.Journalctl) is { } failure)
        {
            terminal.Fail(failure);
            return null;
        }

        _remarks.AddRange(report.Remarks);
        ReportResult? result = report.Build(addNode, out string problem);
        if (result is null)
        {
            SayRemarks();
            terminal.Fail(problem);
        }

        return result;
    }

    /// <summary>Said below the report, where a pager or the tables of many nodes do not hide them.</summary>
    private void SayRemarks()
    {
        terminal.Out.Flush();
        foreach (string remark in _remarks)
        {
            terminal.Complain(remark);
        }
    }
}
