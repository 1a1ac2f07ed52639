using CommandLine;
using HookAgent.Bus;
using HookAgent.Core.Node;
using HookAgent.Core.Settings;
using HookAgent.Core.Text;
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
internal sealed class HoldCommand(HoldOptions options, Terminal terminal)
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

            // systemd would take the 30 of "2h30" for seconds, and nobody means that.
            if (char.IsAsciiDigit(text.TrimEnd()[^1]) && text.Any(char.IsLetter))
            {
                return terminal.Refuse($"'{text}' ends in a number without a unit; write '{text}min' or '{text}s'");
            }

            // "infinity" is what a hold without --for is.
            span = parsed == TimeSpanText.Infinity ? null : parsed;
        }

        if (options.Reason.Length > NodeContract.MaxHoldReason || options.Reason.Any(char.IsControl))
        {
            return terminal.Refuse($"a reason is one line of at most {NodeContract.MaxHoldReason} characters");
        }

        return AgentConnection.Use(options.Bus, terminal, agent => new HoldCommand(options, terminal).Hold(agent, span));
    }

    private int Hold(AgentConnection agent, TimeSpan? span)
    {
        NodeAnswer answer = agent.Node.GetStatus(out NodeStatus? before);
        bool isLeft = options.UnlessHeld && before is { HeldBy.Length: > 0 };
        if (before is not null && !isLeft)
        {
            answer = agent.Node.Hold(options.Reason, span, options.Persistent, SudoUser.Name);
        }

        return StateAnswer.Answer(options, terminal, agent, answer, after => Say(before!, after, span, isLeft));
    }

    private void Say(NodeStatus before, NodeStatus after, TimeSpan? span, bool isLeft)
    {
        TimeZoneInfo zone = LocalZone.For(terminal);
        if (isLeft)
        {
            terminal.Say($"Held already, {HoldWords.Whole(before, zone)}. Nothing was changed.");
            return;
        }

        List<string> sentences =
        [
            $"Held {HoldWords.Whole(after, zone, span is { } time ? SpanText.Of(time) : null)}.",
            .. before.HeldBy.Length > 0 ? (string[])[$"Replaces {HoldWords.Named(before)}{(before.HoldPersistent && !after.HoldPersistent ? ", which was to outlast a reboot, and this one does not" : "")}."] : [],
            .. after.Jobs.Count switch
            {
                0 => (string[])[],
                1 => [$"Job {JobRanges.Of(after.Jobs)} is not affected."],
                _ => [$"Jobs {JobRanges.Of(after.Jobs)} are not affected."],
            },
            .. after.State == NodeState.Reclaiming.Word() ? (string[])[$"{Terminal.Printable(after.Unit)} is being stopped."] : [],
        ];
        terminal.Say(string.Join(' ', sentences));
    }
}
