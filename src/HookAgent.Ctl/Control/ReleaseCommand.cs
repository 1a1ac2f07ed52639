using CommandLine;
using HookAgent.Ctl.Agent;
using HookAgent.Ctl.Output;
using HookAgent.Ctl.Status;

namespace HookAgent.Ctl.Control;

[Verb("release", HelpText = "End a hold, also one by a stop by hand, and the backoff (root only).")]
internal sealed class ReleaseOptions : CommonOptions
{
}

/// <summary><c>hookctl release</c>: ends whatever hold there is, and the backoff.</summary>
internal static class ReleaseCommand
{
    public static int Run(ReleaseOptions options, Terminal terminal) =>
        StateAnswer.Call(options, terminal, static node => node.Release());
}
