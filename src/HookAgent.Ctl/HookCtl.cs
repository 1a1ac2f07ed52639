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
    /// <summary>What operators call them elsewhere, such as in scontrol(1) and systemctl(1), where the letters lead astray.</summary>
    private static readonly Dictionary<string, string> s_otherNames = new()
    {
        ["unhold"] = "release",
        ["resume"] = "release",
        ["undrain"] = "release",
        ["start"] = "release",
        ["drain"] = "hold",
        ["stop"] = "hold",
        ["check"] = "doctor",
        ["list"] = "jobs",
        ["show"] = "status",
        ["log"] = "job",
    };

    /// <summary>The exit code of <c>hookctl</c> with these arguments.</summary>
    // The parser finds the options by reflection, which the native compiler cannot see.
    [DynamicDependency(DynamicallyAccessedMemberTypes.All, typeof(StatusOptions))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.All, typeof(JobsOptions))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.All, typeof(JobOptions))]
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
        CommandWords words = CommandWords.Of(arguments);
        if (words.Verb == "help")
        {
            words = words.Rest is [var about, ..] ? new CommandWords(about, ["--help"]) : new CommandWords(null, ["--help"]);
        }

        if (words.AsksForVersion || words.Verb == "version")
        {
            terminal.Out.WriteLine($"hookctl {ProductVersion.Text}");
            return ExitCode.Done;
        }

        if (words is { Verb: null, AsksForHelp: true })
        {
            HelpPage.WriteOverview(terminal);
            return ExitCode.Done;
        }

        // Bare, it shows the status, as systemctl(1) does.
        string name = words.Verb ?? "status";
        if (Verb.Find(name) is not { } verb)
        {
            return Refuse($"unknown command '{name}'{Suggestion(name)}", null, terminal);
        }

        if (words.AsksForHelp)
        {
            HelpPage.Write(verb, terminal);
            return ExitCode.Done;
        }

        if ((words.Sort(verb, out IReadOnlyList<string> given, out IReadOnlyList<string> operands) ?? verb.OperandError(operands)) is { } mistake)
        {
            return Refuse(mistake, verb, terminal);
        }

        using Parser parser = new(static settings => (settings.HelpWriter, settings.AutoHelp, settings.AutoVersion) = (null, false, false));
        if (parser.ParseArguments([verb.Name, .. given], [.. Verb.All.Select(static verb => verb.Options)]) is not Parsed<object> { Value: CommonOptions options })
        {
            return Refuse("the options are not understood", verb, terminal);
        }

        options.Words = operands;
        return options.FormatError(verb.Name, verb.HasShort) is { } wrong ? Refuse(wrong, verb, terminal)
            : verb.Run(options, terminal with
            {
                Out = options.Quiet ? TextWriter.Null : terminal.Out,
                PagerPrograms = options.NoPager || options.Quiet ? [] : terminal.PagerPrograms,
            });
    }

    private static string Suggestion(string command) =>
        (s_otherNames.GetValueOrDefault(command) ?? NearestName.Of(command, Verb.All.Select(static verb => verb.Name))) is { } meant ? $"; did you mean '{meant}'?" : "";

    private static int Refuse(string complaint, Verb? verb, Terminal terminal)
    {
        terminal.Complain(complaint);
        HelpPage.WriteUsage(verb, terminal.Error, terminal.ErrorWidth);
        terminal.Error.WriteLine($"Try 'hookctl {(verb is null ? "" : $"{verb.Name} ")}--help'.");
        return ExitCode.Usage;
    }
}
