using CommandLine;

namespace HookAgent.Ctl;

/// <summary>What every verb takes. Hidden are the options for tests, which have a bus and a folder of their own.</summary>
internal abstract class CommonOptions
{
    [Option("bus", Hidden = true, MetaValue = "ADDRESS", HelpText = "Use this bus instead of the system bus.")]
    public string? Bus { get; set; }

    [Option("run-dir", Hidden = true, MetaValue = "DIR", HelpText = "Where the daemon and the hooks meet.")]
    public string RunDirectory { get; set; } = "/run/hookagent";

    /// <summary>Words after the verb. Few verbs take any; without this the parser would pass over them in silence.</summary>
    [Value(0, Hidden = true)]
    public IEnumerable<string> Words { get; set; } = [];
}
