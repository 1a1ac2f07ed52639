namespace HookAgent.Report;

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
    private readonly List<ProviderEvent> _providerEvents = [];
    private (long Realtime, long Monotonic) _last;

    public byte[] Id { get; } = id;

    /// <summary>The agent's.</summary>
    public List<AgentEvent> Events => _events;

    /// <summary>Those of the units that the agent lends the node to; before <see cref="Settle"/> of any unit.</summary>
    public List<ProviderEvent> ProviderEvents => _providerEvents;

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

    public void Add(in ProviderEvent happened, (long Realtime, long Monotonic) time)
    {
        _providerEvents.Add(happened);
        Seen(time);
    }

    public void Seen((long Realtime, long Monotonic) time)
    {
        if (_last == default || time.Monotonic > _last.Monotonic)
        {
            _last = time;
        }
    }

    /// <param name="isLent">Whether the agent of this node has lent it to this unit.</param>
    public void Settle(Predicate<byte> isLent)
    {
        SettleProvider(isLent);
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

    private void SettleProvider(Predicate<byte> isLent)
    {
        _providerEvents.RemoveAll(happened => !isLent(happened.Unit));
        _providerEvents.Sort(ProviderEvent.Compare);
        int kept = 0;
        for (int i = 0; i < _providerEvents.Count; i++)
        {
            bool repeated = false;
            for (int k = kept - 1; k >= Math.Max(0, kept - MostAtOnce) && _providerEvents[k].Monotonic == _providerEvents[i].Monotonic && !repeated; k--)
            {
                repeated = _providerEvents[i].Repeats(_providerEvents[k]);
            }

            if (!repeated)
            {
                _providerEvents[kept++] = _providerEvents[i];
            }
        }

        _providerEvents.RemoveRange(kept, _providerEvents.Count - kept);
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
