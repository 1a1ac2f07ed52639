using System.Runtime.InteropServices;
using HookAgent.Bus;
using HookAgent.Bus.Wire;
using HookAgent.Core.Node;
using HookAgent.Core.Time;
using HookAgent.Daemon.Journal;
using HookAgent.Daemon.Units;
using Microsoft.Extensions.Logging;

namespace HookAgent.Daemon.Bus;

/// <summary>
/// The life of the connection to the bus: made, named, followed, lost, made again. systemd is asked for nothing
/// before the agent's name is ours, so that two agents never command one provider.
/// </summary>
internal sealed class BusSession(
    string address, NodeObject target, UnitController units, PrologCalls prologs, Action<NodeEvent> dispatch,
    TimeProvider clock, ILogger logger) : IDisposable
{
    private static readonly TimeSpan s_connectTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(2);

    private TimeSpan _pause = s_firstPause;
    private bool _followed;
    private bool _troubleTold;
    private bool _mustRenew;

    /// <summary>The connection, while there is one.</summary>
    public BusConnection? Connection { get; private set; }

    /// <summary>When to try to connect again; null while connected.</summary>
    public BootTime? RetryAt { get; private set; }

    /// <summary>Begins to connect. Does not block.</summary>
    public void Connect()
    {
        RetryAt = null;
        if (!BusConnection.TryStart(address, s_connectTimeout, out BusConnection? connection, out int errno))
        {
            Trouble($"{address}: {Marshal.GetPInvokeErrorMessage(errno)}");
            RetryLater();
            return;
        }

        Connection = connection;
        _followed = false;
        connection.AddObject(NodeContract.ObjectPath, call => target.Handle(connection, call));
        connection.WatchNameLostAsync(NodeContract.BusName, () => Renew("the name was taken over"));
        connection.WatchOwnerAsync(NodeContract.BusName, owner =>
        {
            if (owner.Length > 0 && owner == connection.UniqueName)
            {
                Follow(connection);
            }
        });
        connection.RequestNameAsync(NodeContract.BusName, NameRequestOptions.None, (outcome, answer) => Named(connection, outcome, answer));
    }

    /// <summary>Reads and writes. True when there is more to do at once.</summary>
    public bool Process()
    {
        if (Connection is not { } connection)
        {
            return false;
        }

        BusProgress progress = connection.Process();
        if (progress is BusProgress.Lost)
        {
            Trouble("the connection was lost");
            Drop();
            return false;
        }

        if (_mustRenew)
        {
            Drop();
            return false;
        }

        return progress is BusProgress.MoreToDo;
    }

    public void Dispose()
    {
        BusConnection? connection = Connection;
        Connection = null;
        units.Detach();
        prologs.Clear();
        connection?.Dispose();
    }

    private void Named(BusConnection connection, NameRequestOutcome outcome, BusAnswer answer)
    {
        switch (outcome)
        {
            case NameRequestOutcome.Owned or NameRequestOutcome.AlreadyOwned:
                Follow(connection);
                break;
            case NameRequestOutcome.Queued or NameRequestOutcome.Taken:
                logger.NameTaken(NodeContract.BusName);
                break;
            case NameRequestOutcome.Refused when answer.Outcome is BusOutcome.Disconnected:
                break;
            case NameRequestOutcome.Refused:
                // Told once: the bus says the same until its policy is another.
                if (!_troubleTold)
                {
                    logger.NameRefused(NodeContract.BusName, answer.ErrorText);
                    _troubleTold = true;
                }

                _mustRenew = true;
                break;
        }
    }

    private void Follow(BusConnection connection)
    {
        if (_followed)
        {
            return;
        }

        _followed = true;
        _pause = s_firstPause;
        if (_troubleTold)
        {
            logger.BusFound();
        }

        _troubleTold = false;
        units.Attach(connection);
    }

    private void Renew(string cause)
    {
        Trouble(cause);
        _mustRenew = true;
    }

    private void Drop()
    {
        _mustRenew = false;
        Dispose();
        dispatch(new SystemdLost());
        RetryLater();
    }

    private void RetryLater()
    {
        RetryAt = BootTime.Now(clock) + _pause;
        _pause = _pause * 2 < s_longestPause ? _pause * 2 : s_longestPause;
    }

    private void Trouble(string cause)
    {
        if (!_troubleTold)
        {
            logger.BusLost(cause);
        }

        _troubleTold = true;
    }
}
