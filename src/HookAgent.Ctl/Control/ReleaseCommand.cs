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
                before!.HeldBy.Length == 0 ? $"No operator held the node.{(RetryCommand.WaitsForTry(before) && !isLeft ? " Backoff ended." : "")}"
                : isLeft ? $"Nothing was released: {HoldWords.Named(before)} has another reason."
                : $"Released {HoldWords.Named(before)}.");
            if (!isLeft && before is { HeldBy: "operator", LastProlog: 0, LastEpilog: 0 })
            {
                terminal.Say("No hook has called hookagentd since it was started, and a job of which no hook tells shares the node with the provider: 'hookctl doctor' says whether Slurm runs the hook, and 'hookctl reconcile' finds the jobs that are here already.");
            }

            StateAnswer.Say(terminal, after);
        });
    });
}
