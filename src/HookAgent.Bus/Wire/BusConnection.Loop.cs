using System.Runtime.ExceptionServices;
using HookAgent.Core.Linux;

namespace HookAgent.Bus.Wire;

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
/// The surface for a poll loop. Before each poll read <see cref="Descriptor"/>, <see cref="PollEvents"/> and
/// <see cref="DeadlineMonotonicUsec"/> afresh; after it call <see cref="Process"/>, in which all callbacks run.
/// </content>
public sealed partial class BusConnection
{
    /// <summary>
    /// So many calls that were given up and are not answered either mean that whoever should answer them hangs for good; a
    /// new connection forgets them.
    /// </summary>
    private const int MostGivenUp = 1000;

    /// <summary>Calls by when they are given up, in microseconds of CLOCK_MONOTONIC; those that are answered too.</summary>
    private readonly PriorityQueue<PendingCall, ulong> _deadlines = new();

    /// <summary>Calls that were sent and are not answered; those that were given up too.</summary>
    private readonly HashSet<PendingCall> _outstanding = [];

    /// <summary>What was to be sent before the bus has let us in.</summary>
    private readonly Queue<Action> _early = [];

    /// <summary>Calls on a connection that was lost already, to be answered so.</summary>
    private readonly Queue<PendingCall> _unsent = [];

    private int _givenUp;
    private bool _lost;
    private bool _processing;
    private ExceptionDispatchInfo? _caught;

    /// <summary>What to poll; -1, which poll(2) ignores, once the connection is closed.</summary>
    public int Descriptor => _socket.Descriptor;

    /// <summary>What to poll it for: reading, unless the bus must take our answers first, and writing while it has not taken all.</summary>
    public short PollEvents =>
        (short)((_stream.WaitsToRead ? PollEntry.Readable : 0) | (_stream.WaitsToWrite ? PollEntry.Writable : 0));

    /// <summary>
    /// When <see cref="Process"/> must be called at the latest, in microseconds of CLOCK_MONOTONIC; in the
    /// past when something is waiting already; null when there is no such time.
    /// </summary>
    public ulong? DeadlineMonotonicUsec
    {
        get
        {
            if (_lost || _stream.IsLost || _stream.HasMore || _unsent.Count > 0)
            {
                return 0;
            }

            if (!_greeted)
            {
                return _connectDeadline == MonotonicClock.Never ? null : _connectDeadline;
            }

            while (_deadlines.TryPeek(out PendingCall? next, out ulong deadline))
            {
                if (!next.IsAnswered)
                {
                    return Math.Min(deadline, _stream.MustTakeBy);
                }

                _deadlines.Dequeue();
            }

            return _stream.MustTakeBy == MonotonicClock.Never ? null : _stream.MustTakeBy;
        }
    }

    /// <summary>
    /// Reads, writes and calls back, without blocking, for at most a turn's share of messages.
    /// </summary>
    /// <exception cref="Exception">
    /// What a callback threw. The connection stays usable, and the rest is processed by the next call.
    /// </exception>
    /// <exception cref="InvalidOperationException">A callback must not process: the library would never come to an end.</exception>
    public BusProgress Process()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_processing)
        {
            throw new InvalidOperationException("a callback cannot wait for the connection that called it");
        }

        _processing = true;
        try
        {
            return OnThisThread(ProcessTurn);
        }
        finally
        {
            _processing = false;
        }
    }

    /// <summary>Whatever waits in the library goes on inline, which .NET's tasks do only where no context asks for another thread.</summary>
    private static T OnThisThread<T>(Func<T> act)
    {
        SynchronizationContext? context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            return act();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    private BusProgress ProcessTurn()
    {
        if (!_lost)
        {
            _stream.Pump();
            GiveUpLateCalls();
        }

        AnswerUnsent();
        _connectTimedOut |= !_greeted && !_lost && MonotonicClock.NowUsec() >= _connectDeadline;
        if (!_disposed && (_lost || _stream.IsLost || _connectTimedOut || _givenUp > MostGivenUp))
        {
            Close();
        }

        ThrowCaught();
        return _stream.HasMore || _unsent.Count > 0 ? BusProgress.MoreToDo
            : _lost ? BusProgress.Lost
            : BusProgress.Idle;
    }

    /// <summary>Keeps what a callback threw until the library has been left. The first is told: the others follow from it.</summary>
    private void ThrowLater(Exception thrown) => _caught ??= ExceptionDispatchInfo.Capture(thrown);

    private void ThrowCaught()
    {
        ExceptionDispatchInfo? caught = _caught;
        _caught = null;
        caught?.Throw();
    }

    private void GiveUpLateCalls()
    {
        while (_deadlines.TryPeek(out PendingCall? next, out ulong deadline) && (next.IsAnswered || deadline <= MonotonicClock.NowUsec()))
        {
            _deadlines.Dequeue();
            if (!next.IsAnswered)
            {
                _givenUp++;
                Guarded(() => next.Answer(BusAnswer.Late));
            }
        }
    }

    private void AnswerUnsent()
    {
        // Only so many as there are now: what calls again at each of these answers is answered by the next Process().
        for (int waiting = _unsent.Count; waiting > 0 && _unsent.TryDequeue(out PendingCall? call); waiting--)
        {
            Guarded(() => call.Answer(BusAnswer.Lost));
        }
    }

    private void Guarded(Action callback)
    {
        try
        {
            callback();
        }
#pragma warning disable CA1031 // The library would end the connection by it; it is thrown once the library has been left.
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            ThrowLater(thrown);
        }
    }

    /// <summary>Processes and waits, for synchronous use, until satisfied; false when the connection is lost first.</summary>
    private unsafe bool RunUntil(Func<bool> satisfied)
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
                PollEntry entry = new()
                {
                    Descriptor = Descriptor,
                    Events = PollEvents,
                };

                // A failure to wait shows in the next Process().
                _ = Libc.Poll(&entry, 1, MonotonicClock.MillisecondsUntil(DeadlineMonotonicUsec));
            }
        }
    }
}
