using System.Diagnostics.CodeAnalysis;
using CommandLine;
using HookAgent.Core;
using HookAgent.Ctl.Doctor;
using HookAgent.Ctl.Forget;
using HookAgent.Ctl.Hold;
using HookAgent.Ctl.Jobs;
using HookAgent.Ctl.Reconcile;
using HookAgent.Ctl.Release;
using HookAgent.Ctl.Report;
using HookAgent.Ctl.Retry;
using HookAgent.Ctl.Status;

namespace HookAgent.Ctl;

/// <summary>Finds the verb, its options, and what is wrong with them.</summary>
internal static class HookCtl
{
    private static readonly string[] HelpWords = ["help", "--help", "-h"];
    private static readonly string[] VersionWords = ["version", "--version", "-V"];

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
    [DynamicDependency(DynamicallyAccessedMemberTypes.All, typeof(ReportOptions))]
    public static int Run(string[] arguments, Terminal terminal)
    {
        if (arguments.Length == 0)
        {
            return Refuse("which command?", null, terminal);
        }

        if (VersionWords.Contains(arguments[0]) || arguments.Skip(1).Contains("--version"))
        {
            terminal.Out.WriteLine($"hookctl {ProductVersion.Text}");
            return ExitCode.Done;
        }

        if (HelpWords.Contains(arguments[0]))
        {
            return Help(arguments.ElementAtOrDefault(1), terminal);
        }

        Verb? verb = Verb.All.FirstOrDefault(verb => verb.Name == arguments[0]);
        if (verb is null)
        {
            string? nearest = NearestName.Of(arguments[0], Verb.All.Select(static verb => verb.Name));
            string hint = nearest is null ? "" : $"; did you mean '{nearest}'?";
            return Refuse($"unknown command '{arguments[0]}'{hint}", null, terminal);
        }

        return arguments.Skip(1).Any(HelpWords.Contains) ? Help(verb.Name, terminal) : Run(verb, arguments, terminal);
    }

    private static int Run(Verb verb, string[] arguments, Terminal terminal)
    {
        if (Misused(verb, arguments) is { } misused)
        {
            return Refuse(misused, verb, terminal);
        }

        ParserResult<object> result = Parse(Joined(verb, arguments));
        return result switch
        {
            Parsed<object> { Value: CommonOptions { Words: var words } } when verb.Misplaced([.. words]) is { } complaint =>
                Refuse(complaint, verb, terminal),
            Parsed<object> { Value: CommonOptions options } => verb.Run(options, terminal),
            _ => Refuse(Complaint(result.Errors.First()), verb, terminal),
        };
    }

    /// <summary>
    /// The parser takes a missing value for none, the next option's name for the value, and anything after
    /// the "=" of a switch for an argument. To act on half a command line is worse than to refuse it.
    /// </summary>
    private static string? Misused(Verb verb, string[] arguments)
    {
        for (int i = 1; i < arguments.Length; i++)
        {
            string name = arguments[i].Split('=')[0];
            bool separate = name == arguments[i];
            VerbOption? option = verb.OptionList.FirstOrDefault(entry => $"--{entry.Option.LongName}" == name);
            if (option is null)
            {
                continue;
            }

            if (!option.TakesValue && !separate)
            {
                return $"{name} takes no value";
            }

            string? value = separate ? arguments.ElementAtOrDefault(i + 1) : arguments[i][(name.Length + 1)..];
            if (option.TakesValue && (string.IsNullOrEmpty(value) || (separate && value.StartsWith('-') && !IsNegative(value))))
            {
                return $"{name} needs a value";
            }
        }

        return null;
    }

    /// <summary>Such as the "-2h" of --since, which the parser would take for options.</summary>
    private static bool IsNegative(string value) => value.Length > 1 && value[0] == '-' && char.IsAsciiDigit(value[1]);

    /// <summary>An option and its negative value as one word.</summary>
    private static List<string> Joined(Verb verb, string[] arguments)
    {
        List<string> joined = [];
        foreach (string argument in arguments)
        {
            if (joined.Count > 0 && IsNegative(argument) && verb.OptionList.Any(entry => entry.TakesValue && $"--{entry.Option.LongName}" == joined[^1]))
            {
                joined[^1] += $"={argument}";
            }
            else
            {
                joined.Add(argument);
            }
        }

        return joined;
    }

    private static ParserResult<object> Parse(IEnumerable<string> arguments)
    {
        using Parser parser = new(static settings =>
        {
            settings.HelpWriter = null;
            settings.AutoHelp = false;
            settings.AutoVersion = false;
        });
        return parser.ParseArguments(arguments, [.. Verb.All.Select(static verb => verb.Options)]);
    }

    private static string Complaint(Error error) => error switch
    {
        UnknownOptionError unknown => $"unknown option '{(unknown.Token.Length == 1 ? "-" : "--")}{unknown.Token}'",
        RepeatedOptionError repeated => $"--{repeated.NameInfo.LongName} is given more than once",
        TokenError { Tag: ErrorType.BadFormatTokenError } bad => $"'{bad.Token}' is not an option",
        _ => $"the options are not understood ({error.Tag})",
    };

    private static int Refuse(string complaint, Verb? verb, Terminal terminal)
    {
        terminal.Error.WriteLine($"hookctl: {complaint}");
        terminal.Error.WriteLine(HelpPage.Usage(verb));
        terminal.Error.WriteLine($"Try 'hookctl {(verb is null ? "" : $"{verb.Name} ")}--help'.");
        return ExitCode.Usage;
    }

    private static int Help(string? verbName, Terminal terminal)
    {
        Verb? verb = Verb.All.FirstOrDefault(verb => verb.Name == verbName);
        if (verb is null && verbName is not null)
        {
            return Refuse($"unknown command '{verbName}'", null, terminal);
        }

        if (verb is null)
        {
            HelpPage.WriteOverview(terminal.Out);
        }
        else
        {
            HelpPage.Write(verb, terminal.Out);
        }

        return ExitCode.Done;
    }
}
