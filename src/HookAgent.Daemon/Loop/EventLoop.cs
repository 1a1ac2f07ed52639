using System.Runtime.InteropServices;
using HookAgent.Bus.Wire;
using HookAgent.Core.Linux;
using HookAgent.Core.Time;
using HookAgent.Daemon.Linux;

namespace HookAgent.Daemon.Loop;

/// <summary>
/// Where the one thread sleeps: a single poll(2) over whatever may wake it. It does not wake up by itself, and nothing that it
/// calls may block.
/// </summary>
internal sealed unsafe class EventLoop(TimeProvider clock) : IDisposable
{
    private readonly TimerFd _timer = new();
    private readonly EventFd _wake = new();
    private readonly List<Action> _woken = [];
    private readonly List<Source> _sources = [];
    private readonly List<Deadline> _deadlines = [];

    /// <summary>Has the loop go round once. From any thread.</summary>
    public void Wake() => _wake.Signal();

    /// <summary>What is done whenever another thread has called <see cref="Wake"/>.</summary>
    public void WhenWoken(Action then) => _woken.Add(then);

    /// <summary>What is done when one of the descriptors has what is polled for. poll(2) passes over a descriptor of -1.</summary>
    /// <param name="poll">Adds what is to be polled now.</param>
    public void When(Action<List<PollEntry>> poll, Action ready) => _sources.Add(new Source(poll, ready));

    /// <summary>What is done when a moment has come; asked anew each time, null for no moment.</summary>
    /// <param name="whenAwake">A moment that nobody has to be woken for; looked at when the timer fires for another.</param>
    public void At(Func<BootTime?> moment, Action due, Func<BootTime?>? whenAwake = null) => _deadlines.Add(new Deadline(moment, due, whenAwake));

    /// <summary>Sleeps until something happens, and sees to it. In the order in which it was registered.</summary>
    /// <param name="moreToDo">Somebody has more to do at once: nobody sleeps.</param>
    /// <param name="monotonicUsec">A moment more, on CLOCK_MONOTONIC; null for none.</param>
    public void Turn(bool moreToDo, ulong? monotonicUsec)
    {
        _timer.Arm(Next());
        List<PollEntry> entries = [PollEntry.ForReading(_timer.Descriptor), PollEntry.ForReading(_wake.Descriptor)];
        int[] ends = new int[_sources.Count];
        for (int i = 0; i < ends.Length; i++)
        {
            _sources[i].Poll(entries);
            ends[i] = entries.Count;
        }

        Span<PollEntry> polled = CollectionsMarshal.AsSpan(entries);
        fixed (PollEntry* first = polled)
        {
            // Interrupted, it finds nothing to do and waits again.
            _ = Libc.Poll(first, (nuint)polled.Length, moreToDo ? 0 : MonotonicClock.MillisecondsUntil(monotonicUsec));
        }

        if (polled[1].Returned != 0)
        {
            _wake.Drain();
            _woken.ForEach(then => then());
        }

        int begin = 2;
        for (int i = 0; i < ends.Length; i++)
        {
            if (Happened(polled[begin..ends[i]]))
            {
                _sources[i].Ready();
            }

            begin = ends[i];
        }

        if (polled[0].Returned != 0)
        {
            _timer.Drain();
            BootTime now = BootTime.Now(clock);
            foreach (Deadline deadline in _deadlines)
            {
                if (deadline.Moment() <= now || deadline.WhenAwake?.Invoke() <= now)
                {
                    deadline.Due();
                }
            }
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        _wake.Dispose();
    }

    private static bool Happened(ReadOnlySpan<PollEntry> entries)
    {
        bool happened = false;
        foreach (PollEntry entry in entries)
        {
            happened |= entry.Returned != 0;
        }

        return happened;
    }

    private BootTime? Next()
    {
        BootTime? next = null;
        foreach (Deadline deadline in _deadlines)
        {
            next = deadline.Moment() is { } at && !(next <= at) ? at : next;
        }

        return next;
    }

    private sealed class Source(Action<List<PollEntry>> poll, Action ready)
    {
        public Action<List<PollEntry>> Poll { get; } = poll;

        public Action Ready { get; } = ready;
    }

    private sealed class Deadline(Func<BootTime?> moment, Action due, Func<BootTime?>? whenAwake)
    {
        public Func<BootTime?> Moment { get; } = moment;

        public Action Due { get; } = due;

        public Func<BootTime?>? WhenAwake { get; } = whenAwake;
    }
}
