using CommandLine;
using HookAgent.Bus;
using HookAgent.Ctl.Agent;
using HookAgent.Ctl.Output;
using HookAgent.Ctl.Status;

namespace HookAgent.Ctl.Control;

[Verb("release", HelpText = "End a hold, also one by a stop by hand, and the backoff (root only).")]
internal sealed class ReleaseOptions : CommonOptions
{
    [Option("reason", MetaValue = "TEXT", HelpText = "Only end a hold by 'hookctl hold' with this reason; change nothing else.")]
    public string? Reason { get; set; }
}

/// <summary>
/// <c>hookctl release</c>: ends whatever hold there is, and the backoff. With a reason, only the hold that was given it, so
/// that a program ends no hold but its own.
/// </summary>
internal static class ReleaseCommand
{
    public static int Run(ReleaseOptions options, Terminal terminal) =>
        StateAnswer.Call(options, terminal, node =>
        {
            if (options.Reason is { } reason)
            {
                NodeAnswer seen = node.GetStatus(out NodeStatus? status);
                if (status is not { HeldBy: "operator" } || status.HoldReason != reason)
                {
                    return seen;
                }
            }

            return node.Release();
        });
}
