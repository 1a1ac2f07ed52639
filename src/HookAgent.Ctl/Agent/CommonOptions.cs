using CommandLine;

namespace HookAgent.Ctl.Agent;

/// <summary>The options of every verb. The hidden ones are for tests, which have a bus and a folder of their own.</summary>
internal abstract class CommonOptions
{
    [Option("bus", Hidden = true, MetaValue = "ADDRESS", HelpText = "Use this bus instead of the system bus.")]
    public string? Bus { get; set; }

    [Option("run-dir", Hidden = true, MetaValue = "DIR", HelpText = "Where the agent and the hooks meet.")]
    public string RunDirectory { get; set; } = "/run/hookagent";

    [Option("json", HelpText = "Write one JSON object for programs.")]
    public bool Json { get; set; }

    /// <summary>Words after the verb, as its the verb allows them.</summary>
    [Value(0, Hidden = true)]
    public IEnumerable<string> Words { get; set; } = [];
}
