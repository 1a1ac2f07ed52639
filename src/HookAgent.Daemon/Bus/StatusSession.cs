using HookAgent.Bus;
using HookAgent.Bus.Wire;
using HookAgent.Daemon.Journal;
using Microsoft.Extensions.Logging;

namespace HookAgent.Daemon.Bus;

/// <summary>
/// Everybody's connection, on which the node's properties are read and nothing else is asked. A connection of its own,
/// because calls wait in the bus by receiver: whoever floods this one delays those who read, and no hook.
/// </summary>
internal sealed class StatusSession(string address, NodeObject target, TimeProvider clock, ILogger logger)
    : BusSession(address, NodeContract.StatusName, clock, logger)
{
    private readonly RepeatedTrouble _losses = new();

    protected override bool Handle(BusConnection connection, ReceivedCall call) => target.HandleReading(call);

    /// <summary>Whoever reads no answers can bring it about again and again.</summary>
    protected override void TellLost(string cause)
    {
        if (_losses.HappenedFor(cause))
        {
            Logger.StatusLost(cause, _losses.Times);
        }
    }
}
