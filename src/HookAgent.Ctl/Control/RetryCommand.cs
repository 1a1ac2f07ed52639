using System.Text.Json.Nodes;
using CommandLine;
using HookAgent.Bus;
using HookAgent.Core.Node;
using HookAgent.Ctl.Agent;
using HookAgent.Ctl.Output;
using HookAgent.Ctl.Status;

namespace HookAgent.Ctl.Control;

[Verb("retry", HelpText = "Start at once a provider that has failed or was refused, without the pause (root only).")]
internal sealed class RetryOptions : CommonOptions
{
}

/// <summary>
/// <c>hookctl retry</c>: the cause of a failure is fixed, or what its ExecCondition= asks for has changed, so the provider
/// is started without waiting for the pause.
/// </summary>
internal static class RetryCommand
{
    public static int Run(RetryOptions options, Terminal terminal) => AgentConnection.Use(options.Bus, terminal, agent =>
    {
        NodeAnswer answer = agent.Node.GetStatus(out NodeStatus? before);
        answer = before is null ? answer : agent.Node.Retry();
        if (before is null || !answer.IsOk)
        {
            return terminal.Fail(AgentConnection.Explain(answer));
        }

        bool ended = WaitsForTry(before);
        if (options.Json)
        {
            return StateAnswer.WriteJson(agent, terminal, reading => new JsonObject { ["backoff_ended"] = ended, ["status"] = StatusJson.Of(reading) });
        }

        return StateAnswer.Answer(options, terminal, agent, answer, after =>
        {
            terminal.Say(ended ? "Backoff ended." : "Nothing to retry: no start of the provider waits for a pause.");
            StateAnswer.Say(terminal, after);
        });
    });

    /// <summary>Whether the provider is off because of a pause after failures or refusals.</summary>
    public static bool WaitsForTry(NodeStatus status) => status.State == NodeState.Failed.Word() || status.Reason == Reason.ExecCondition.Word();
}
