using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using CommandLine;
using HookAgent.Ctl.Hold;
using HookAgent.Ctl.Reconcile;
using HookAgent.Ctl.Release;
using HookAgent.Ctl.Report;
using HookAgent.Ctl.Status;

namespace HookAgent.Ctl;

/// <summary>One verb of the command line: its options class, and what runs it.</summary>
/// <param name="options">Made by the parser; its attributes say what --help says.</param>
/// <param name="run">Given an instance of <paramref name="options"/>; returns the exit code.</param>
/// <param name="words">What may follow the options, as the usage line shows it; empty where nothing may.</param>
internal sealed class Verb(
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] Type options,
    Func<CommonOptions, Terminal, int> run,
    string words = "")
{
    public static IReadOnlyList<Verb> All { get; } =
    [
        new(typeof(StatusOptions), static (options, terminal) => StatusCommand.Run((StatusOptions)options, terminal)),
        new(typeof(HoldOptions), static (options, terminal) => HoldCommand.Run((HoldOptions)options, terminal)),
        new(typeof(ReleaseOptions), static (options, terminal) => ReleaseCommand.Run((ReleaseOptions)options, terminal)),
        new(typeof(ReconcileOptions), static (options, terminal) => ReconcileCommand.Run((ReconcileOptions)options, terminal)),
        new(typeof(ReportOptions), static (options, terminal) => ReportCommand.Run((ReportOptions)options, terminal), "[FILE]..."),
    ];

    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)]
    public Type Options { get; } = options;

    public string Name => Declared.Name;

    public string Words { get; } = words;

    /// <summary>What it does, in one sentence.</summary>
    public string Summary => Declared.HelpText;

    /// <summary>Its options, hidden ones too, and whether each needs a value.</summary>
    public IReadOnlyList<(OptionAttribute Option, bool TakesValue)> OptionList { get; } =
    [
        .. from property in options.GetProperties()
           let option = property.GetCustomAttribute<OptionAttribute>()
           where option is not null
           select (option, property.PropertyType != typeof(bool)),
    ];

    private VerbAttribute Declared => Options.GetCustomAttribute<VerbAttribute>()!;

    public int Run(CommonOptions given, Terminal terminal) => run(given, terminal);
}
