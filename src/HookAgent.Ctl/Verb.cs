using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using CommandLine;
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

/// <summary>One verb of the command line: its options class, and what runs it.</summary>
/// <param name="options">Made by the parser; its attributes say what --help says.</param>
/// <param name="run">Given an instance of <paramref name="options"/>; returns the exit code.</param>
/// <param name="operand">See <see cref="Operand"/>.</param>
/// <param name="hasShort">Whether it has something to say in one line.</param>
internal sealed class Verb(
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] Type options,
    Func<CommonOptions, Terminal, int> run,
    string? operand = null,
    bool hasShort = false)
{
    public static IReadOnlyList<Verb> All { get; } =
    [
        new(typeof(StatusOptions), static (options, terminal) => StatusCommand.Run((StatusOptions)options, terminal), hasShort: true),
        new(typeof(JobsOptions), static (options, terminal) => JobsCommand.Run((JobsOptions)options, terminal), hasShort: true),
        new(typeof(JobOptions), static (options, terminal) => JobCommand.Run((JobOptions)options, terminal), "JOBID"),
        new(typeof(DoctorOptions), static (options, terminal) => DoctorCommand.Run((DoctorOptions)options, terminal), hasShort: true),
        new(typeof(HoldOptions), static (options, terminal) => HoldCommand.Run((HoldOptions)options, terminal)),
        new(typeof(ReleaseOptions), static (options, terminal) => ReleaseCommand.Run((ReleaseOptions)options, terminal)),
        new(typeof(RetryOptions), static (options, terminal) => RetryCommand.Run((RetryOptions)options, terminal)),
        new(typeof(ForgetOptions), static (options, terminal) => ForgetCommand.Run((ForgetOptions)options, terminal), "JOBID"),
        new(typeof(ReconcileOptions), static (options, terminal) => ReconcileCommand.Run((ReconcileOptions)options, terminal)),
        new(typeof(AdoptOptions), static (options, terminal) => AdoptCommand.Run((AdoptOptions)options, terminal), "UNIT"),
        new(typeof(ReportOptions), static (options, terminal) => ReportCommand.Run((ReportOptions)options, terminal), "[FILE...]"),
    ];

    public static Verb? Find(string name) => All.FirstOrDefault(verb => verb.Name == name);

    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)]
    public Type Options { get; } = options;

    /// <summary>The one word it needs besides its options; in brackets with "...", any number of them; null for none.</summary>
    public string? Operand { get; } = operand;

    public bool HasShort { get; } = hasShort;

    public string Name => Declared.Name;

    /// <summary>What it does, in one sentence.</summary>
    public string Summary => Declared.HelpText;

    /// <summary>Its options, hidden ones too, its own before those of every verb, and whether each needs a value.</summary>
    public IReadOnlyList<VerbOption> OptionList { get; } = VerbOption.Of(options);

    /// <summary>Those that it alone has, and shows.</summary>
    public IEnumerable<VerbOption> OwnOptions => OptionList.Where(static option => option is { IsCommon: false, Option.Hidden: false });

    /// <summary>How it is called, such as "hookctl hold [--for TIME]", without the options of every verb. The manual page says the same.</summary>
    public string Synopsis => string.Join(' ', [
        "hookctl",
        Name,
        .. OwnOptions.Select(static option => $"[{option.Written}]"),
        .. Operand is null ? (string[])[] : [Operand],
    ]);

    private VerbAttribute Declared => Options.GetCustomAttribute<VerbAttribute>()!;

    public int Run(CommonOptions given, Terminal terminal) => run(given, terminal);

    /// <summary>What is wrong with the words after the verb; null where they are as <see cref="Operand"/> says.</summary>
    public string? OperandError(IReadOnlyList<string> words) => Operand switch
    {
        _ when words.Contains("") => $"'{Name}' got an empty argument",
        null when words.Count > 0 => $"'{Name}' takes no argument, but got '{words[0]}'; a value with blanks needs quotes",
        null => null,
        string any when any.EndsWith("...]", StringComparison.Ordinal) => null,
        string any when any.StartsWith('[') => null,
        string one when words.Count == 0 => $"'{Name}' needs a {one}",
        string one when words.Count > 1 => $"'{Name}' takes one {one}, but got '{words[1]}' too",
        _ => null,
    };
}

/// <summary>One option of a verb, and whether it needs a value.</summary>
/// <param name="IsCommon">Every verb has it.</param>
internal sealed record VerbOption(OptionAttribute Option, bool TakesValue, bool IsCommon)
{
    /// <summary>Such as "--for".</summary>
    public string Name => $"--{Option.LongName}";

    /// <summary>As it is typed: "--for TIME".</summary>
    public string Written => TakesValue ? $"{Name} {Option.MetaValue}" : Name;

    /// <summary>Those of an options class, its own before those of every verb.</summary>
    public static IReadOnlyList<VerbOption> Of([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] Type options) =>
    [
        .. options.GetProperties().Where(static property => property.IsDefined(typeof(OptionAttribute)))
            .Select(static property => new VerbOption(
                property.GetCustomAttribute<OptionAttribute>()!, property.PropertyType != typeof(bool), property.DeclaringType == typeof(CommonOptions)))
            .OrderBy(static option => option.IsCommon),
    ];
}
