using HookAgent.Core.Time;

namespace HookAgent.Herd.Time;

/// <summary>What is to happen, by time; of two things at one moment, the one that was asked for first.</summary>
internal sealed class Agenda(VirtualClock clock)
{
    private readonly PriorityQueue<Action, (BootTime At, long Turn)> _entries = new();
    private long _turns;

    public BootTime Now => clock.Now;

    public void At(BootTime at, Action action) => _entries.Enqueue(action, (at < Now ? Now : at, ++_turns));

    public void After(double seconds, Action action) => At(Now + TimeSpan.FromSeconds(seconds), action);

    /// <summary>Does all that is to happen up to this moment.</summary>
    public void RunTo(BootTime end)
    {
        while (_entries.TryPeek(out _, out (BootTime At, long Turn) first) && first.At <= end)
        {
            Action action = _entries.Dequeue();
            clock.MoveTo(first.At);
            action();
        }

        clock.MoveTo(end);
    }
}
