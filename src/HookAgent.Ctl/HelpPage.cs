namespace HookAgent.Ctl;

/// <summary>What --help prints, made from the attributes of the options classes.</summary>
internal static class HelpPage
{
    /// <summary>What hookctl exits with, and when. The manual page says the same.</summary>
    public static IReadOnlyList<(int Code, string Text)> ExitCodes { get; } =
    [
        (ExitCode.Done, "Done; of doctor: nothing is wrong."),
        (ExitCode.Failed, "Failed; a sentence on stderr says why and what to do. Of doctor: something is broken."),
        (ExitCode.Warnings, "Of doctor alone: warnings, but nothing is broken."),
        (ExitCode.Usage, "The command line is wrong."),
    ];

    public static string Usage(Verb? verb) => $"Usage: {verb?.Synopsis ?? "hookctl COMMAND [OPTION]..."}";

    public static void WriteOverview(TextWriter to)
    {
        to.WriteLine(Usage(null));
        to.WriteLine();
        to.WriteLine("Shows and steers how this node is lent out between Slurm jobs.");
        WriteTable(to, "Commands", Verb.All.Select(static verb => (verb.Name, verb.Summary)));
        WriteTable(to, "Options of every command", [("--json", "Write one JSON object for programs."), ("--help", "Show this, or the options of the command."), ("--version", "Show the version.")]);
        WriteExitCodes(to);
    }

    public static void Write(Verb verb, TextWriter to)
    {
        to.WriteLine(Usage(verb));
        to.WriteLine();
        to.WriteLine(verb.Summary);
        WriteTable(to, "Options", verb.OptionList
            .Where(static entry => !entry.Option.Hidden)
            .Select(static entry => (Verb.Written(entry.Option, entry.TakesValue), entry.Option.HelpText))
            .Append(("--help", "Show this.")));
        WriteExitCodes(to);
    }

    private static void WriteExitCodes(TextWriter to) =>
        WriteTable(to, "Exit codes", ExitCodes.Select(static row => ($"{row.Code}", row.Text)));

    private static void WriteTable(TextWriter to, string title, IEnumerable<(string Name, string Text)> rows)
    {
        to.WriteLine();
        to.WriteLine($"{title}:");
        TextTable.Write(to, rows.Select(static row => (string[])[row.Name, row.Text]), indent: 2);
    }
}
