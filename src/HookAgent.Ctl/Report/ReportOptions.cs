using CommandLine;

namespace HookAgent.Ctl.Report;

[Verb("report", HelpText = "Tell from the journal how much this node, or many, was lent, and what it cost the jobs.")]
internal sealed class ReportOptions : CommonOptions
{
    [Option("since", MetaValue = "TIME", HelpText = "Begin then, such as yesterday, '2026-11-22 08:00' or -2h; else with the journal.")]
    public string? Since { get; set; }

    [Option("until", MetaValue = "TIME", HelpText = "End then; else now, or, of files, with their last entry.")]
    public string? Until { get; set; }

    [Option("short", MetaValue = "TIME", HelpText = "Count a lending as short whose provider was up for less than this (2s unless told).")]
    public string? Short { get; set; }

    [Option("compare", HelpText = "Tell two reports side by side, one a FILE or folder of files: before and after a change.")]
    public bool Compare { get; set; }

    [Option("csv", MetaValue = "FILE", HelpText = "Write every interval into this file.")]
    public string? Csv { get; set; }

    [Option("lendings", MetaValue = "FILE", HelpText = "Write every lending into this file, with what the provider did in it.")]
    public string? Lendings { get; set; }

    [Option("svg", MetaValue = "FILE", HelpText = "Draw the nodes' timelines into this file.")]
    public string? Svg { get; set; }

    [Option("journalctl", Hidden = true, MetaValue = "PATH", HelpText = "Run this journalctl.")]
    public string Journalctl { get; set; } = "journalctl";
}
