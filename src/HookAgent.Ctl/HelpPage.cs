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

    private static readonly string[][] s_codesOfDoctor =
    [
        [$"{ExitCode.Done}", "Nothing is wrong."], [$"{ExitCode.Failed}", "Something is broken."],
        [$"{ExitCode.Warnings}", "Warnings, but nothing is broken."], ExitCodes[^1],
    ];

    private static readonly string[][] s_codesOfOthers =
    [
        [$"{ExitCode.Done}", "Done."], [$"{ExitCode.Failed}", "Failed; a sentence on stderr says why and what to do."], ExitCodes[^1],
    ];

    public static void WriteUsage(Verb? verb, TextWriter to, int width) =>
        to.WriteLine(WordWrap.Of($"Usage: {verb?.Synopsis ?? "hookctl [OPTION...] [COMMAND]"}", width, indent: 15));

    public static void WriteOverview(Terminal terminal)
    {
        WriteUsage(null, terminal.Out, terminal.Width);
        terminal.Out.WriteLine();
        terminal.Say("Shows and controls how this node is lent between Slurm jobs. Without a command: status.");
        WriteTable(terminal, "Commands", Verb.All.Select(static verb => (string[])[verb.Name, verb.Summary]));
        WriteTable(terminal, "Options of every command", Common(Verb.All[0]).Append(["-V, --version", "Show the version."]));
        WriteTable(terminal, "Exit codes", ExitCodes);
    }

    public static void Write(Verb verb, Terminal terminal)
    {
        WriteUsage(verb, terminal.Out, terminal.Width);
        terminal.Out.WriteLine();
        terminal.Say(verb.Summary);
        if (verb.OwnOptions.Any())
        {
            WriteTable(terminal, "Options", verb.OwnOptions.Select(Row));
        }

        WriteTable(terminal, "Options of every command", Common(verb));
        WriteTable(terminal, "Exit codes", verb.Name == "doctor" ? s_codesOfDoctor : s_codesOfOthers);
    }

    private static IEnumerable<string[]> Common(Verb verb) => verb.OptionList.Where(static option => option is { IsCommon: true, Option.Hidden: false })
        .Select(Row).Append(["-h, --help", "Show this, or the options of the command."]);

    private static string[] Row(VerbOption option) =>
        [$"{(CommandWords.ShortNames.FirstOrDefault(pair => pair.Value == option.Name) is { Value: not null } pair ? $"-{pair.Key}, " : "")}{option.Written}", option.Option.HelpText];

    private static void WriteTable(Terminal terminal, string title, IEnumerable<string[]> rows)
    {
        terminal.Out.WriteLine();
        terminal.Out.WriteLine($"{title}:");
        TextTable.Write(terminal.Out, rows, indent: 2, width: terminal.Width);
    }
}
