using System.Text.Json.Nodes;
using HookAgent.Bus;
using HookAgent.Ctl.Agent;
using HookAgent.Ctl.Output;

namespace HookAgent.Ctl.Status;

/// <summary>What the verbs that change a node answer with: the state that it is in then.</summary>
internal static class StateAnswer
{
    /// <summary>Makes one call that changes the node, and writes the state that the node is in then. Returns the exit code.</summary>
    public static int Call(CommonOptions options, Terminal terminal, Func<NodeProxy, NodeAnswer> call) => AgentConnection.Use(options.Bus, terminal, agent =>
        call(agent.Node) is { IsOk: false } refused ? terminal.Fail(AgentConnection.Explain(refused))
        : options.Json ? WriteJson(agent, terminal, StatusJson.Of)
        : Write(agent, terminal));

    /// <summary>Writes the node's state as a sentence, if the agent still answers. It is no error when it does not: the call has succeeded.</summary>
    public static int Write(AgentConnection agent, Terminal terminal)
    {
        if (agent.Node.GetStatus(out NodeStatus? status).IsOk)
        {
            terminal.Out.WriteLine(Terminal.Printable($"The node is {status!.State}: {ReasonSentence.Of(status.Reason)}"));
        }

        return ExitCode.Done;
    }

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
