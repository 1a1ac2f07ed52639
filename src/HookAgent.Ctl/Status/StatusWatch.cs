using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using HookAgent.Bus;
using HookAgent.Bus.Wire;
using HookAgent.Core.Text;
using HookAgent.Ctl.Agent;
using HookAgent.Ctl.Host;
using HookAgent.Ctl.Output;

namespace HookAgent.Ctl.Status;

/// <summary>
/// <c>hookctl status --watch</c>: shows the status again at each change. It sleeps until the agent's
/// PropertiesChanged, or until the agent comes or goes: nothing is asked while nothing changes.
/// </summary>
/// <param name="lines">A line for each change, instead of a screen.</param>
internal sealed class StatusWatch(AgentConnection agent, Terminal terminal, bool json, bool lines)
{
    /// <summary>ECMA-48: the cursor to the upper left corner, and everything from there on erased.</summary>
    private const string ClearScreen = "\u001b[H\u001b[2J";

    private readonly OutputWait _wait = new(agent.Bus);
    private string _shown = "";
    private bool _stale;

    /// <summary>Ends by SIGINT or SIGTERM with 0, when its reader goes away, or with an error when the bus does.</summary>
    public int Run()
    {
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);

        // Read only once the match is there, so that no later change is missed.
        agent.Bus.MatchSignalAsync(
            new SignalMatch
            {
                Sender = NodeContract.BusName,
                Path = NodeContract.ObjectPath,
                Interface = NodeContract.PropertiesInterface,
                Member = "PropertiesChanged",
                Argument = NodeContract.Interface,
            },
            _ => _stale = true,
            _ => _stale = true);
        agent.Bus.WatchOwnerAsync(NodeProxy.ReadName, _ => _stale = true);
        while (true)
        {
            while (_stale)
            {
                _stale = false;
                Show();
            }

            switch (_wait.Next())
            {
                case OutputWaitResult.BusLost:
                    return terminal.Fail(AgentConnection.Explain(new NodeAnswer(NodeOutcome.NoBus, "", "")));
                case OutputWaitResult.ReaderGone:
                    return ExitCode.Done;
                case OutputWaitResult.Processed:
                    break;
            }
        }
    }

    /// <summary>Ends between two writes, so that no status is cut off.</summary>
    private static void End(PosixSignalContext context)
    {
        context.Cancel = true;
        Environment.Exit(ExitCode.Done);
    }

    private void Show()
    {
        using StringWriter text = new();
        Terminal screen = terminal with { Out = text };
        if (StatusSnapshot.Of(agent, out NodeAnswer answer) is not { } reading)
        {
            WriteAbsence(AgentConnection.Explain(answer), screen);
        }
        else if (json)
        {
            JsonLine.Write(text, StatusJson.Of(reading));
        }
        else if (lines)
        {
            text.WriteLine(StatusText.Short(reading));
        }
        else
        {
            new StatusText(screen, DateTimeOffset.UtcNow, LocalZone.For(terminal), ages: false).Write(reading);
        }

        if (text.ToString() != _shown)
        {
            _shown = text.ToString();

            // One write, so that a reader never sees half of it.
            terminal.Out.Write($"{Heading()}{_shown}");
            terminal.Out.Flush();
        }
    }

    private void WriteAbsence(string sentence, Terminal to)
    {
        if (json)
        {
            JsonLine.Write(to.Out, new JsonObject { ["state"] = null, ["why"] = sentence });
        }
        else
        {
            to.Say(lines ? $"{HostName.Short}: {sentence}" : sentence);
        }
    }

    /// <summary>What stands before it: when it became so, and on a screen also where.</summary>
    private string Heading() => (json, lines) switch
    {
        (true, _) => "",
        (false, true) => DateTimeOffset.Now.ToString("yyyy-MM-ddTHH:mm:sszzz ", CultureInfo.InvariantCulture),
        (false, false) => $"{ClearScreen}{HostName.Short}, {MomentText.Of(DateTimeOffset.UtcNow, LocalZone.For(terminal))}. Ctrl-C ends.\n\n",
    };
}
