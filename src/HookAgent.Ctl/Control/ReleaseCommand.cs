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
    public static int Run(ReleaseOptions options, Terminal terminal) => AgentConnection.Use(options.Bus, terminal, agent =>
    {
        NodeAnswer answer = agent.Node.GetStatus(out NodeStatus? before);
        bool isLeft = options.Reason is { } reason && (before is not { HeldBy: "operator" } || before.HoldReason != reason);
        if (before is not null && !isLeft)
        {
            answer = agent.Node.Release(SudoUser.Name);
        }

        return StateAnswer.Answer(options, terminal, agent, answer, after =>
        {
            terminal.Say(
                before!.HeldBy.Length == 0 ? $"Nothing was held.{(RetryCommand.WaitsForTry(before) && !isLeft ? " Backoff ended." : "")}"
                : isLeft ? $"Nothing was released: {HoldWords.Named(before)} is another."
                : $"Released {HoldWords.Named(before)}.");
            StateAnswer.Say(terminal, after);
        });
    });
}
