using CommandLine;

namespace HookAgent.Ctl.Status;

[Verb("status", HelpText = "Show what the node is doing and why.")]
internal sealed class StatusOptions : CommonOptions
{
    [Option("json", HelpText = "Write one JSON object for programs.")]
    public bool Json { get; set; }
}
