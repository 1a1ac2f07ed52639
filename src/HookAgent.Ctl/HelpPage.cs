using HookAgent.Ctl.Output;

namespace HookAgent.Ctl;

/// <summary>What --help prints, made from the attributes of the options classes.</summary>
internal static class HelpPage
{
    /// <summary>The exit codes and their meaning. The manual page has the same.</summary>
    public static IReadOnlyList<string[]> ExitCodes { get; } =
    [
        [$"{ExitCode.Done}", "Done; of doctor: nothing is wrong."],
        [$"{ExitCode.Failed}", "Failed; a sentence on stderr says why and what to do. Of doctor: something is broken."],
        [$"{ExitCode.Warnings}", "Of doctor alone: warnings, but nothing is broken."],
        [$"{ExitCode.Usage}", "The command line is wrong."],
    ];

    public static string Usage(Verb? verb) => $"Usage: {verb?.Synopsis ?? "hookctl COMMAND [OPTION]..."}";

    public static void WriteOverview(TextWriter to)
    {
        to.WriteLine(Usage(null));
        to.WriteLine();
        to.WriteLine("Shows and controls how this node is lent between Slurm jobs.");
        WriteTable(to, "Commands", Verb.All.Select(static verb => (string[])[verb.Name, verb.Summary]));
        WriteTable(to, "Options of every command", [["--json", "Write one JSON object for programs."], ["--help", "Show this, or the options of the command."], ["--version", "Show the version."]]);
        WriteTable(to, "Exit codes", ExitCodes);
    }

    public static void Write(Verb verb, TextWriter to)
    {
        to.WriteLine(Usage(verb));
        to.WriteLine();
        to.WriteLine(verb.Summary);
        WriteTable(to, "Options", verb.OptionList
            .Where(static entry => !entry.Option.Hidden)
            .Select(static entry => (string[])[entry.Written, entry.Option.HelpText])
            .Append(["--help", "Show this."]));
        WriteTable(to, "Exit codes", ExitCodes);
    }

    private static void WriteTable(TextWriter to, string title, IEnumerable<string[]> rows)
    {
        to.WriteLine();
        to.WriteLine($"{title}:");
        TextTable.Write(to, rows, indent: 2);
    }
}
