using HookAgent.Bus;
using HookAgent.Core.Node;
using HookAgent.Ctl.Status;

namespace HookAgent.Ctl.Retry;

/// <summary><c>hookctl retry</c>: the cause of a failure is mended, so the provider is started without waiting for the backoff.</summary>
internal static class RetryCommand
{
    public static int Run(RetryOptions options, Terminal terminal)
    {
        if (!DaemonLink.TryOpen(options.Bus, out DaemonLink? link, out string? sentence))
        {
            return terminal.Fail(sentence);
        }

        using (link)
        {
            NodeAnswer answer = link.Node.GetStatus(out NodeStatus? before);
            answer = before is null ? answer : link.Node.Retry();
            if (before is null || !answer.IsOk)
            {
                return terminal.Fail(DaemonLink.Sentence(answer));
            }

            return Tell(before.State == NodeState.Failed.Word(), link, options.Json, terminal);
        }
    }

    /// <param name="ended">Whether there was a backoff to end.</param>
    private static int Tell(bool ended, DaemonLink link, bool asJson, Terminal terminal)
    {
        if (StatusReading.Of(link, out NodeAnswer answer) is not { } reading)
        {
            return terminal.Fail(DaemonLink.Sentence(answer));
        }

        if (asJson)
        {
            JsonLine.Write(terminal.Out, json =>
            {
                json.WriteBoolean("backoff_ended", ended);
                json.WriteStartObject("status");
                StatusJson.WriteMembers(json, reading);
                json.WriteEndObject();
            });
            return ExitCode.Done;
        }

        string what = ended ? "Backoff ended;" : "Nothing to retry:";
        terminal.Out.WriteLine(Terminal.Plain($"{what} the node is {reading.Node.State}. {Why.Sentence(reading.Node.Reason)}"));
        return ExitCode.Done;
    }
}
