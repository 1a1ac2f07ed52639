using System.Diagnostics.CodeAnalysis;
using CommandLine;
using HookAgent.Core;
using HookAgent.Ctl.Adopt;
using HookAgent.Ctl.Agent;
using HookAgent.Ctl.Control;
using HookAgent.Ctl.Doctor;
using HookAgent.Ctl.Jobs;
using HookAgent.Ctl.Output;
using HookAgent.Ctl.Reconcile;
using HookAgent.Ctl.Report;
using HookAgent.Ctl.Status;

namespace HookAgent.Ctl;

/// <summary>Runs the verb of a command line, or says what is wrong with the line.</summary>
internal static class HookCtl
{
    /// <summary>Names that operators know from other programs, and the parser's.</summary>
    private static readonly Dictionary<string, string> s_otherNames = new() { ["-h"] = "--help", ["-V"] = "--version" };

    /// <summary>The exit code of <c>hookctl</c> with these arguments.</summary>
    // The parser finds the options by reflection, which the native compiler cannot see.
    [DynamicDependency(DynamicallyAccessedMemberTypes.All, typeof(StatusOptions))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.All, typeof(JobsOptions))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.All, typeof(DoctorOptions))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.All, typeof(HoldOptions))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.All, typeof(ReleaseOptions))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.All, typeof(RetryOptions))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.All, typeof(ForgetOptions))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.All, typeof(ReconcileOptions))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.All, typeof(AdoptOptions))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.All, typeof(ReportOptions))]
    public static int Run(string[] arguments, Terminal terminal)
    {
        string[] words = [.. arguments.Select(static word => s_otherNames.GetValueOrDefault(word, word))];
        Verb? verb = words.Length > 0 ? Verb.Find(words[0]) : null;

        // The parser answers these two only as the first word of all, or as the first after the verb.
        words = verb is not null && words.FirstOrDefault(static word => word is "--help" or "--version") is { } asked ? [words[0], asked] : words;
        if (verb is not null && HalfOption(verb, words) is { } half)
        {
            return Refuse(half, verb, terminal);
        }

        using Parser parser = new(static settings => settings.HelpWriter = null);
        ParserResult<object> result = parser.ParseArguments(verb is null ? words : Joined(verb, words), [.. Verb.All.Select(static verb => verb.Options)]);
        return result switch
        {
            Parsed<object> { Value: CommonOptions options } when verb!.OperandError([.. options.Words]) is { } complaint => Refuse(complaint, verb, terminal),
            Parsed<object> { Value: CommonOptions options } => verb!.Run(options, terminal),
            _ => Answer(result.Errors.First(), verb, words, terminal),
        };
    }

    /// <summary>
    /// The parser takes the next option's name for a missing value, an empty value for none, and anything after the "=" of a
    /// switch for an argument. To act on half a command line is worse than to refuse it.
    /// </summary>
    private static string? HalfOption(Verb verb, string[] words)
    {
        for (int i = 1; i < words.Length; i++)
        {
            string[] parts = words[i].Split('=', 2);
            if (verb.OptionList.FirstOrDefault(option => option.Name == parts[0]) is not { } option)
            {
                continue;
            }

            if (!option.TakesValue && parts.Length > 1)
            {
                return $"{option.Name} takes no value";
            }

            string? value = parts.Length > 1 ? parts[1] : words.ElementAtOrDefault(i + 1);
            if (option.TakesValue && (string.IsNullOrEmpty(value) || (parts.Length == 1 && value.StartsWith('-') && !IsNegative(value))))
            {
                return $"{option.Name} needs a value";
            }
        }

        return null;
    }

    /// <summary>Such as the "-2h" of --since, which the parser would take for options.</summary>
    private static bool IsNegative(string value) => value.Length > 1 && value[0] == '-' && char.IsAsciiDigit(value[1]);

    /// <summary>With an option and its negative value as one word.</summary>
    private static List<string> Joined(Verb verb, string[] words)
    {
        List<string> joined = [];
        foreach (string word in words)
        {
            if (joined.Count > 0 && IsNegative(word) && verb.OptionList.Any(option => option.TakesValue && option.Name == joined[^1]))
            {
                joined[^1] += $"={word}";
            }
            else
            {
                joined.Add(word);
            }
        }

        return joined;
    }

    private static int Answer(Error error, Verb? verb, string[] words, Terminal terminal) => error switch
    {
        VersionRequestedError => Write(terminal, static to => to.WriteLine($"hookctl {ProductVersion.Text}")),
        HelpVerbRequestedError when words.Length == 1 => Write(terminal, HelpPage.WriteOverview),
        HelpVerbRequestedError when Verb.Find(words[1]) is { } named => Write(terminal, to => HelpPage.Write(named, to)),
        HelpVerbRequestedError => Refuse(Unknown(words[1]), null, terminal),
        HelpRequestedError when verb is not null => Write(terminal, to => HelpPage.Write(verb, to)),
        BadVerbSelectedError unknown => Refuse(Unknown(unknown.Token), null, terminal),
        NoVerbSelectedError => Refuse("which command?", null, terminal),
        UnknownOptionError unknown => Refuse($"unknown option '{(unknown.Token.Length == 1 ? "-" : "--")}{unknown.Token}'", verb, terminal),
        RepeatedOptionError repeated => Refuse($"--{repeated.NameInfo.LongName} is given more than once", verb, terminal),
        BadFormatTokenError bad => Refuse($"'{bad.Token}' is not an option", verb, terminal),
        _ => Refuse($"the options are not understood ({error.Tag})", verb, terminal),
    };

    private static string Unknown(string command) =>
        $"unknown command '{command}'{(NearestName.Of(command, Verb.All.Select(static verb => verb.Name)) is { } nearest ? $"; did you mean '{nearest}'?" : "")}";

    private static int Write(Terminal terminal, Action<TextWriter> page)
    {
        page(terminal.Out);
        return ExitCode.Done;
    }

    private static int Refuse(string complaint, Verb? verb, Terminal terminal)
    {
        terminal.Error.WriteLine($"hookctl: {complaint}");
        terminal.Error.WriteLine(HelpPage.Usage(verb));
        terminal.Error.WriteLine($"Try 'hookctl {(verb is null ? "" : $"{verb.Name} ")}--help'.");
        return ExitCode.Usage;
    }
}
