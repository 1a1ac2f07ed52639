using CommandLine;

namespace HookAgent.Ctl.Status;

[Verb("status", HelpText = "Show what the node is doing and why.")]
internal sealed class StatusOptions : CommonOptions
{
    [Option("watch", HelpText = "Show it again at each change, until interrupted.")]
    public bool Watch { get; set; }
}
