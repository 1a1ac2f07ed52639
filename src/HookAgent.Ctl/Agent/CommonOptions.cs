using CommandLine;
using HookAgent.Core.Jobs;

namespace HookAgent.Ctl.Agent;

/// <summary>The options of every verb. The hidden ones are for tests, which have a bus and a folder of their own.</summary>
internal abstract class CommonOptions
{
    [Option("bus", Hidden = true, MetaValue = "ADDRESS", HelpText = "Use this bus instead of the system bus.")]
    public string? Bus { get; set; }

    [Option("run-dir", Hidden = true, MetaValue = "DIR", HelpText = "Where the agent and the hooks meet.")]
    public string RunDirectory { get; set; } = "/run/hookagent";

    [Option("output", MetaValue = "FORMAT", HelpText = "Write text, json (one object for programs) or short (one line; of status, jobs and doctor).")]
    public string Output { get; set; } = "text";

    [Option("json", HelpText = "The same as --output json.")]
    public bool Json { get; set; }

    [Option("quiet", HelpText = "Write nothing but what went wrong.")]
    public bool Quiet { get; set; }

    [Option("no-legend", HelpText = "Leave out headings and remarks.")]
    public bool NoLegend { get; set; }

    [Option("no-pager", HelpText = "Do not show long texts through a pager.")]
    public bool NoPager { get; set; }

    /// <summary>Where the records of jobs are.</summary>
    public JobDirectory JobDirectory => new(Path.Combine(RunDirectory, "jobs"));

    /// <summary>The operands, as many as the verb allows.</summary>
    public IEnumerable<string> Words { get; set; } = [];

    /// <summary>One line instead of the whole text.</summary>
    public bool IsShort => Output == "short";

    /// <summary>What is wrong with the format; null where nothing is, and then <see cref="Json"/> says it too.</summary>
    /// <param name="verb">Its name.</param>
    /// <param name="hasShort">Whether it has something to say in one line.</param>
    public string? FormatError(string verb, bool hasShort)
    {
        if (Output is not ("text" or "json" or "short"))
        {
            return $"there is no format '{Output}'; --output takes text, json or short";
        }

        if (IsShort && (Json || !hasShort))
        {
            return Json ? "--json does not go with --output short" : $"'{verb}' has no short form; leave out --output short, or use --output json";
        }

        Json |= Output == "json";
        return null;
    }
}
