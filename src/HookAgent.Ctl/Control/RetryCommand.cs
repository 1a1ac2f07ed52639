using System.Text.Json.Nodes;
using CommandLine;
using HookAgent.Bus;
using HookAgent.Core.Node;
using HookAgent.Ctl.Agent;
using HookAgent.Ctl.Arguments;
using HookAgent.Ctl.Output;
using HookAgent.Ctl.Status;

namespace HookAgent.Ctl.Control;

[Verb("retry", HelpText = "Start a provider that has failed now, without waiting for the backoff (root only).")]
internal sealed class RetryOptions : CommonOptions
{
}

/// <summary><c>hookctl retry</c>: the cause of a failure is mended, so the provider is started without waiting for the backoff.</summary>
internal static class RetryCommand
{
    public static int Run(RetryOptions options, Terminal terminal) => DaemonLink.Use(options.Bus, terminal, link =>
    {
        NodeAnswer answer = link.Node.GetStatus(out NodeStatus? before);
        answer = before is null ? answer : link.Node.Retry();
        if (before is null || !answer.IsOk)
        {
            return terminal.Fail(DaemonLink.Sentence(answer));
        }

        bool ended = before.State == NodeState.Failed.Word();
        if (options.Json)
        {
            return StateAnswer.WriteJson(link, terminal, reading => new JsonObject { ["backoff_ended"] = ended, ["status"] = StatusJson.Of(reading) });
        }

        terminal.Out.Write(ended ? "Backoff ended. " : "Nothing to retry. ");
        return StateAnswer.Write(link, terminal);
    });
}
