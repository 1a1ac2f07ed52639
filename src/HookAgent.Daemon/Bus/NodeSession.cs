using HookAgent.Bus;
using HookAgent.Bus.Wire;
using HookAgent.Core.Node;
using HookAgent.Daemon.Journal;
using HookAgent.Daemon.Units;
using Microsoft.Extensions.Logging;

namespace HookAgent.Daemon.Bus;

/// <summary>
/// Root's connection: hooks, operators and systemd, to which the bus lets nobody else send. systemd is asked for nothing
/// before the name is ours, so that two agents never command one provider; nor is the status shown before.
/// </summary>
internal sealed class NodeSession(
    string address, NodeObject target, StatusSession status, UnitController units, PrologCalls prologs, Action<NodeEvent> dispatch,
    TimeProvider clock, ILogger logger) : BusSession(address, NodeContract.BusName, clock, logger)
{
    protected override bool Handle(BusConnection connection, ReceivedCall call) => target.Handle(connection, call);

    protected override void Follow(BusConnection connection)
    {
        units.Attach(connection);
        status.Connect();
    }

    protected override void Leave()
    {
        units.Detach();
        prologs.Clear();
        status.Dispose();
        dispatch(new SystemdLost());
    }

    protected override void TellLost(string cause) => Logger.BusLost(cause);

    protected override void TellFound() => Logger.BusFound();
}
