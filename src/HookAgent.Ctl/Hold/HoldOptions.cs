using CommandLine;

namespace HookAgent.Ctl.Hold;

[Verb("hold", HelpText = "Keep the provider off, over jobs and restarts of the agent, until released (root only).")]
internal sealed class HoldOptions : CommonOptions
{
    [Option("for", MetaValue = "TIME", HelpText = "End the hold by itself after this time, such as 2h or '1day 12h'.")]
    public string? For { get; set; }

    [Option("reason", MetaValue = "TEXT", HelpText = "Why, for those who read the status.")]
    public string Reason { get; set; } = "";

    [Option("persistent", HelpText = "Keep the hold over a reboot, too.")]
    public bool Persistent { get; set; }
}
