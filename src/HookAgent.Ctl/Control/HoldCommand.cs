using CommandLine;
using HookAgent.Bus;
using HookAgent.Core.Settings;
using HookAgent.Ctl.Agent;
using HookAgent.Ctl.Output;
using HookAgent.Ctl.Status;

namespace HookAgent.Ctl.Control;

[Verb("hold", HelpText = "Keep the provider off until released, also after jobs and restarts of the agent (root only).")]
internal sealed class HoldOptions : CommonOptions
{
    [Option("for", MetaValue = "TIME", HelpText = "End the hold after this time, such as 2h or '1day 12h'.")]
    public string? For { get; set; }

    [Option("reason", MetaValue = "TEXT", HelpText = "The reason, as status shows it.")]
    public string Reason { get; set; } = "";

    [Option("persistent", HelpText = "Keep the hold after a reboot, too.")]
    public bool Persistent { get; set; }

    [Option("unless-held", HelpText = "Leave a hold that is there already as it is.")]
    public bool UnlessHeld { get; set; }
}

/// <summary><c>hookctl hold</c>: an operator's word that the provider stays off.</summary>
internal static class HoldCommand
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    public static int Run(HoldOptions options, Terminal terminal)
    {
        TimeSpan? span = null;
        if (options.For is { } text)
        {
            if (!TimeSpanText.TryParse(text, out TimeSpan parsed) || parsed < Shortest)
            {
                return terminal.Refuse($"'{text}' is no time to hold a node for; give one of at least a second, such as 30min, 2h or '1day 12h'");
            }

            // "infinity" is what a hold without --for is.
            span = parsed == TimeSpanText.Infinity ? null : parsed;
        }

        if (options.Reason.Length > NodeContract.MaxHoldReason || options.Reason.Any(char.IsControl))
        {
            return terminal.Refuse($"a reason is one line of at most {NodeContract.MaxHoldReason} characters");
        }

        return StateAnswer.Call(options, terminal, node =>
        {
            if (options.UnlessHeld)
            {
                NodeAnswer seen = node.GetStatus(out NodeStatus? status);
                if (status is null or { HeldBy.Length: > 0 })
                {
                    return seen;
                }
            }

            return node.Hold(options.Reason, span, options.Persistent);
        });
    }
}
