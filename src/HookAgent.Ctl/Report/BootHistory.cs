namespace HookAgent.Ctl.Report;

/// <summary>
/// What was read of one boot of a node. Its events are timed by CLOCK_MONOTONIC, which nobody sets; where on the
/// calendar they lie is taken from the clock as it was last: of a clock that is set during a boot, the later word is
/// the better one, and the times before are moved with it.
/// </summary>
internal sealed class BootHistory(byte[] id)
{
    /// <summary>Clock and CLOCK_MONOTONIC are slewed alike, so a difference that changes was set, in one step.</summary>
    private const long Step = 1_000_000;

    /// <summary>How many events of the same µs are compared with each other.</summary>
    private const int MostAtOnce = 64;

    private readonly List<AgentEvent> _events = [];
    private (long Realtime, long Monotonic) _last;

    public byte[] Id { get; } = id;

    public List<AgentEvent> Events => _events;

    /// <summary>What to add to a time of this boot to get µs since the Epoch.</summary>
    public long Offset => _last.Realtime - _last.Monotonic;

    public long FirstEvent => Math.Max(0, Offset + _events[0].Monotonic);

    /// <summary>The latest time at which the node is known to have been up.</summary>
    public long LastSign => _last.Realtime;

    /// <summary>How often the clock was set by more than a second, as far as the events show it.</summary>
    public int ClockSteps { get; private set; }

    public void Add(in AgentEvent happened)
    {
        _events.Add(happened);
        Seen((happened.Realtime, happened.Monotonic));
    }

    public void Seen((long Realtime, long Monotonic) time)
    {
        if (_last == default || time.Monotonic > _last.Monotonic)
        {
            _last = time;
        }
    }

    public void Settle()
    {
        if (!IsSorted())
        {
            _events.Sort(static (a, b) => a.Monotonic != b.Monotonic ? a.Monotonic.CompareTo(b.Monotonic) : a.Order.CompareTo(b.Order));
        }

        DropRepeated();
        for (int i = 1; i < _events.Count; i++)
        {
            long change = _events[i].Realtime - _events[i].Monotonic - (_events[i - 1].Realtime - _events[i - 1].Monotonic);
            ClockSteps += Math.Abs(change) > Step ? 1 : 0;
        }
    }

    private bool IsSorted()
    {
        for (int i = 1; i < _events.Count; i++)
        {
            if (_events[i].Monotonic < _events[i - 1].Monotonic)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The same entry may be in several files. Repeated ones have the same time, but others may lie between.</summary>
    private void DropRepeated()
    {
        int kept = 0;
        for (int i = 0; i < _events.Count; i++)
        {
            bool repeated = false;
            for (int k = kept - 1; k >= Math.Max(0, kept - MostAtOnce) && _events[k].Monotonic == _events[i].Monotonic && !repeated; k--)
            {
                repeated = _events[i].Repeats(_events[k]);
            }

            if (!repeated)
            {
                _events[kept++] = _events[i];
            }
        }

        _events.RemoveRange(kept, _events.Count - kept);
    }
}
