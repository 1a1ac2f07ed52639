using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using HookAgent.Bus;
using HookAgent.Bus.Wire;
using HookAgent.Ctl.Agent;
using HookAgent.Ctl.Output;

namespace HookAgent.Ctl.Status;

/// <summary>
/// <c>hookctl status --watch</c>: shows the status again at each change. It sleeps until the agent's
/// PropertiesChanged, or until the agent comes or goes: nothing is asked while nothing changes.
/// </summary>
internal sealed class StatusWatch(AgentConnection agent, Terminal terminal, bool json)
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
        if (StatusSnapshot.Of(agent, out NodeAnswer answer) is { } reading)
        {
            Write(reading, terminal with { Out = text });
        }
        else
        {
            WriteAbsence(AgentConnection.Explain(answer), text);
        }

        if (text.ToString() != _shown)
        {
            _shown = text.ToString();

            // One write, so that a reader never sees half of it.
            terminal.Out.Write($"{Prefix()}{_shown}");
            terminal.Out.Flush();
        }
    }

    private void Write(StatusSnapshot reading, Terminal screen)
    {
        if (json)
        {
            JsonLine.Write(screen.Out, StatusJson.Of(reading));
        }
        else if (terminal.IsScreen)
        {
            new StatusText(screen, DateTimeOffset.UtcNow, LocalZone.For(terminal), ages: false).Write(reading);
        }
        else
        {
            screen.Out.WriteLine(Line(reading.Node));
        }
    }

    private void WriteAbsence(string sentence, TextWriter to)
    {
        if (json)
        {
            JsonLine.Write(to, new JsonObject { ["state"] = null, ["why"] = sentence });
        }
        else
        {
            to.WriteLine(sentence);
        }
    }

    private string Prefix() => (json, terminal.IsScreen) switch
    {
        (true, _) => "",
        (false, true) => ClearScreen,
        (false, false) => DateTimeOffset.Now.ToString("yyyy-MM-ddTHH:mm:sszzz ", CultureInfo.InvariantCulture),
    };

    private static string Line(NodeStatus status)
    {
        string jobs = status.Jobs.Count > 0 ? string.Join(',', status.Jobs) : "none";
        return Terminal.Printable($"{status.State} ({status.Reason}), jobs {jobs}, {status.Unit} {(status.UnitState.Length > 0 ? status.UnitState : "not known")}");
    }
}
