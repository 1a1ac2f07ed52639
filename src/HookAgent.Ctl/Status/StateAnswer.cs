using System.Text.Json.Nodes;
using HookAgent.Bus;
using HookAgent.Ctl.Agent;
using HookAgent.Ctl.Arguments;
using HookAgent.Ctl.Output;

namespace HookAgent.Ctl.Status;

/// <summary>What the verbs that change a node answer with: the state that it is in then.</summary>
internal static class StateAnswer
{
    /// <summary>Makes one call that changes the node, and says the state that it is in then, as --json asks; the exit code.</summary>
    public static int Call(CommonOptions options, Terminal terminal, Func<NodeProxy, NodeAnswer> call) => DaemonLink.Use(options.Bus, terminal, link =>
        call(link.Node) is { IsOk: false } refused ? terminal.Fail(DaemonLink.Sentence(refused))
        : options.Json ? WriteJson(link, terminal, StatusJson.Of)
        : Write(link, terminal));

    /// <summary>Says in a sentence what the node does now, if the agent still answers; what was asked is done.</summary>
    public static int Write(DaemonLink link, Terminal terminal)
    {
        if (link.Node.GetStatus(out NodeStatus? status).IsOk)
        {
            terminal.Out.WriteLine(Terminal.Plain($"The node is {status!.State}: {Why.Sentence(status.Reason)}"));
        }

        return ExitCode.Done;
    }

    /// <summary>Writes the object that <paramref name="json"/> makes of the state that the node is in now; the exit code.</summary>
    public static int WriteJson(DaemonLink link, Terminal terminal, Func<StatusReading, JsonObject> json)
    {
        if (StatusReading.Of(link, out NodeAnswer answer) is not { } reading)
        {
            return terminal.Fail(DaemonLink.Sentence(answer));
        }

        JsonLine.Write(terminal.Out, json(reading));
        return ExitCode.Done;
    }
}
