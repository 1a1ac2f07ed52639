using System.Runtime.InteropServices;
using HookAgent.Bus;
using HookAgent.Bus.Wire;
using HookAgent.Core.Time;
using HookAgent.Daemon.Journal;
using Microsoft.Extensions.Logging;

namespace HookAgent.Daemon.Bus;

/// <summary>
/// The life of a connection to the bus and of its name there: made, named, followed, lost, made again. What the node's
/// object is asked over it comes to whoever inherits.
/// </summary>
internal abstract class BusSession(string address, string name, TimeProvider clock, ILogger logger) : IDisposable
{
    private static readonly TimeSpan s_connectTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(2);

    private TimeSpan _pause = s_firstPause;
    private bool _followed;
    private bool _troubleTold;
    private bool _mustRenew;

    protected ILogger Logger => logger;

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
        connection.AddObject(NodeContract.ObjectPath, call => Handle(connection, call));
        connection.WatchNameLostAsync(name, () => Renew("the name was taken over"));
        connection.WatchOwnerAsync(name, owner =>
        {
            if (owner.Length > 0 && owner == connection.UniqueName)
            {
                NameIsOurs(connection);
            }
        });
        connection.RequestNameAsync(name, NameRequestOptions.None, (outcome, answer) => Named(connection, outcome, answer));
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
        }
        else if (!_mustRenew)
        {
            return progress is BusProgress.MoreToDo;
        }

        _mustRenew = false;
        Dispose();
        RetryLater();
        return false;
    }

    public void Dispose()
    {
        RetryAt = null;
        if (Connection is { } connection)
        {
            Connection = null;
            Leave();
            connection.Dispose();
        }
    }

    /// <summary>A call to the node's object; false for what it does not have, which is answered so.</summary>
    protected abstract bool Handle(BusConnection connection, ReceivedCall call);

    /// <summary>The connection has the name.</summary>
    protected virtual void Follow(BusConnection connection)
    {
    }

    /// <summary>The connection is about to be closed, or is lost; it may never have had the name.</summary>
    protected virtual void Leave()
    {
    }

    /// <summary>There is no connection with the name. Called once until there is one again.</summary>
    protected abstract void TellLost(string cause);

    /// <summary>There is one again.</summary>
    protected virtual void TellFound()
    {
    }

    private void Named(BusConnection connection, NameRequestOutcome outcome, BusAnswer answer)
    {
        switch (outcome)
        {
            case NameRequestOutcome.Owned or NameRequestOutcome.AlreadyOwned:
                NameIsOurs(connection);
                break;
            case NameRequestOutcome.Queued or NameRequestOutcome.Taken:
                logger.NameTaken(name);
                break;
            case NameRequestOutcome.Refused when answer.Outcome is BusOutcome.Disconnected:
                break;
            case NameRequestOutcome.Refused:
                // Told once: the bus says the same until its policy is another.
                if (!_troubleTold)
                {
                    logger.NameRefused(name, answer.ErrorText);
                    _troubleTold = true;
                }

                _mustRenew = true;
                break;
        }
    }

    private void NameIsOurs(BusConnection connection)
    {
        if (_followed)
        {
            return;
        }

        _followed = true;
        _pause = s_firstPause;
        if (_troubleTold)
        {
            TellFound();
        }

        _troubleTold = false;
        Follow(connection);
    }

    private void Renew(string cause)
    {
        Trouble(cause);
        _mustRenew = true;
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
            TellLost(cause);
        }

        _troubleTold = true;
    }
}
