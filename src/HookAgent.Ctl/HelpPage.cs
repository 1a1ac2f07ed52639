namespace HookAgent.Ctl;

/// <summary>What --help prints, made from the attributes of the options classes.</summary>
internal static class HelpPage
{
    public static string Usage(Verb? verb) => $"Usage: hookctl {verb?.Name ?? "COMMAND"} [OPTION]... {verb?.Words}".TrimEnd();

    public static void WriteOverview(TextWriter to)
    {
        to.WriteLine(Usage(null));
        to.WriteLine();
        to.WriteLine("Shows and steers how this node is lent out between Slurm jobs.");
        WriteTable(to, "Commands", Verb.All.Select(static verb => (verb.Name, verb.Summary)));
        WriteTable(to, "Options of every command", [("--help", "Show this, or the options of the command."), ("--version", "Show the version.")]);
        WriteTable(to, "Exit codes", ExitCodes);
    }

    public static void Write(Verb verb, TextWriter to)
    {
        to.WriteLine(Usage(verb));
        to.WriteLine();
        to.WriteLine(verb.Summary);
        WriteTable(to, "Options", verb.OptionList
            .Where(static entry => !entry.Option.Hidden)
            .Select(static entry => ($"--{entry.Option.LongName}{(entry.TakesValue ? $" {entry.Option.MetaValue}" : "")}", entry.Option.HelpText))
            .Append(("--help", "Show this.")));
        WriteTable(to, "Exit codes", ExitCodes);
    }

    private static (string, string)[] ExitCodes =>
    [
        ($"{ExitCode.Done}", "Done."),
        ($"{ExitCode.Failed}", "Failed; a sentence on stderr says why and what to do."),
        ($"{ExitCode.Usage}", "The command line is wrong."),
    ];

    private static void WriteTable(TextWriter to, string title, IEnumerable<(string Name, string Text)> rows)
    {
        (string Name, string Text)[] all = [.. rows];
        int width = all.Max(static row => row.Name.Length);
        to.WriteLine();
        to.WriteLine($"{title}:");
        foreach ((string name, string text) in all)
        {
            to.WriteLine($"  {name.PadRight(width)}  {text}");
        }
    }
}
