using System.Runtime.ExceptionServices;

namespace HookAgent.Bus.Sd;

/// <summary>What poll(2) is asked to wait for: POLLIN and POLLOUT.</summary>
[Flags]
public enum PollEvents : short
{
    None = 0,
    Readable = 0x1,
    Writable = 0x4,
}

/// <summary>What <see cref="BusConnection.Process"/> leaves behind.</summary>
public enum BusProgress
{
    /// <summary>Nothing to do until the descriptor or the deadline says so.</summary>
    Idle,

    /// <summary>The turn's share is done and more is waiting: process again after the loop's other work.</summary>
    MoreToDo,

    /// <summary>The connection is gone and every call made on it is answered. Dispose it, and start another.</summary>
    Lost,
}

/// <content>
/// The surface for a poll loop. Before each poll read <see cref="Descriptor"/>, <see cref="Events"/> and
/// <see cref="DeadlineMonotonicUsec"/> afresh; after it call <see cref="Process"/>, in which all callbacks run.
/// </content>
public sealed unsafe partial class BusConnection
{
    /// <summary>So many messages a turn that a flood is read quickly, and so few that it holds nothing else up.</summary>
    internal const int MessagesPerTurn = 64;

    private readonly ulong _connectDeadline;
    private readonly Queue<Action<BusReply>> _unsent = [];
    private bool _connectTimedOut;
    private bool _lost;
    private ExceptionDispatchInfo? _caught;

    /// <summary>What to poll; -1, which poll(2) ignores, once the connection is closed.</summary>
    public int Descriptor => Math.Max(-1, LibSystemd.sd_bus_get_fd(Bus));

    public PollEvents Events => (PollEvents)Math.Max(0, LibSystemd.sd_bus_get_events(Bus));

    /// <summary>
    /// When <see cref="Process"/> must be called at the latest, in microseconds of CLOCK_MONOTONIC; in the
    /// past when something is waiting already; null when there is no such time.
    /// </summary>
    public ulong? DeadlineMonotonicUsec
    {
        get
        {
            if (_lost || _unsent.Count > 0)
            {
                return 0;
            }

            ulong deadline;
            int result = LibSystemd.sd_bus_get_timeout(Bus, &deadline);
            if (result < 0)
            {
                return 0;
            }

            if (!IsReady)
            {
                deadline = Math.Min(deadline, _connectDeadline);
            }

            return deadline == LibSystemd.Forever ? null : deadline;
        }
    }

    /// <summary>
    /// Reads, writes and calls back, without blocking, for at most a turn's share of messages.
    /// </summary>
    /// <exception cref="Exception">
    /// What a callback threw. The connection stays usable, and the rest is processed by the next call.
    /// </exception>
    public BusProgress Process()
    {
        ObjectDisposedException.ThrowIf(_bus == 0, this);
        for (int turn = 0; turn < MessagesPerTurn; turn++)
        {
            if (_bus == 0)
            {
                // A callback disposed of this.
                return BusProgress.Lost;
            }

            if (_unsent.TryDequeue(out Action<BusReply>? done))
            {
                done(BusReply.Lost);
                continue;
            }

            int result = _lost ? -Errno.ConnectionReset : LibSystemd.sd_bus_process(_bus, null);
            ThrowCaught();
            if (_bus != 0 && result < 0)
            {
                return Lose();
            }

            if (_bus != 0 && result == 0)
            {
                _connectTimedOut = !IsReady && MonotonicClock.NowUsec() >= _connectDeadline;
                return _connectTimedOut ? Lose() : BusProgress.Idle;
            }
        }

        return BusProgress.MoreToDo;
    }

    /// <summary>Keeps what a callback threw until C has been left. The first is told: the others follow from it.</summary>
    internal void ThrowLater(Exception thrown) => _caught ??= ExceptionDispatchInfo.Capture(thrown);

    private void ThrowCaught()
    {
        ExceptionDispatchInfo? caught = _caught;
        _caught = null;
        caught?.Throw();
    }

    private BusProgress Lose()
    {
        _lost = true;
        LibSystemd.sd_bus_close(Bus);
        AnswerOutstanding();
        ThrowCaught();
        return BusProgress.Lost;
    }

    /// <summary>sd-bus answers calls when it notices the loss itself, but not when it is closed or gave up on an error.</summary>
    private void AnswerOutstanding()
    {
        foreach (BusSlot slot in _slots.ToArray())
        {
            Guarded(slot.AnswerLost);
        }

        // Only so many as there are now: what calls again at each of these answers is answered by the next Process().
        for (int waiting = _unsent.Count; waiting > 0 && _unsent.TryDequeue(out Action<BusReply>? done); waiting--)
        {
            Guarded(() => done(BusReply.Lost));
        }
    }

    private void Guarded(Action answer)
    {
        try
        {
            answer();
        }
#pragma warning disable CA1031 // The other calls must be answered too; it is thrown once they are.
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            ThrowLater(thrown);
        }
    }

    /// <summary>Processes and waits, for synchronous use, until satisfied; false when the connection is lost first.</summary>
    private bool RunUntil(Func<bool> satisfied)
    {
        while (true)
        {
            BusProgress progress = Process();
            if (satisfied() || progress == BusProgress.Lost)
            {
                return satisfied();
            }

            if (progress == BusProgress.Idle)
            {
                ulong now = MonotonicClock.NowUsec();
                ulong deadline = DeadlineMonotonicUsec ?? LibSystemd.Forever;

                // A failure to wait shows in the next Process().
                _ = LibSystemd.sd_bus_wait(Bus, deadline > now ? deadline - now : 0);
            }
        }
    }
}
