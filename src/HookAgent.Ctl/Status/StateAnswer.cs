using System.Text.Json.Nodes;
using HookAgent.Bus;
using HookAgent.Ctl.Agent;
using HookAgent.Ctl.Output;

namespace HookAgent.Ctl.Status;

/// <summary>What the verbs that change a node answer with: the state that it is in then.</summary>
internal static class StateAnswer
{
    /// <summary>
    /// Answers a call that changed the node: says why it failed, or what came of it. It is no error when the agent does not
    /// answer any more; the call has succeeded. Returns the exit code.
    /// </summary>
    /// <param name="say">For people; given the status of after the call.</param>
    public static int Answer(CommonOptions options, Terminal terminal, AgentConnection agent, NodeAnswer answer, Action<NodeStatus> say)
    {
        if (!answer.IsOk)
        {
            return terminal.Fail(AgentConnection.Explain(answer));
        }

        if (options.Json)
        {
            return WriteJson(agent, terminal, StatusJson.Of);
        }

        if (agent.Node.GetStatus(out NodeStatus? after).IsOk)
        {
            say(after!);
        }

        return ExitCode.Done;
    }

    /// <summary>Says what state the node is in.</summary>
    public static void Say(Terminal terminal, NodeStatus status) =>
        terminal.Say(Terminal.Printable($"The node is {status.State}: {ReasonSentence.Of(status)}"));

    /// <summary>Writes the node's state as the object that <paramref name="json"/> makes of it. Returns the exit code.</summary>
    public static int WriteJson(AgentConnection agent, Terminal terminal, Func<StatusSnapshot, JsonObject> json)
    {
        if (StatusSnapshot.Of(agent, out NodeAnswer answer) is not { } reading)
        {
            return terminal.Fail(AgentConnection.Explain(answer));
        }

        JsonLine.Write(terminal.Out, json(reading));
        return ExitCode.Done;
    }
}
