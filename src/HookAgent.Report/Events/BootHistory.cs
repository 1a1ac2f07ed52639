using HookAgent.Report.Reading;

namespace HookAgent.Report.Events;

/// <summary>
/// What the journal has of one boot of a node. Its events are timed by CLOCK_MONOTONIC, which nobody sets. They are put on
/// the calendar by the clock as it was at the last of them: when a clock is set during a boot, its later word is the better
/// one, and the times before are moved with it.
/// </summary>
internal sealed class BootHistory(string id)
{
    /// <summary>In µs. The clock and CLOCK_MONOTONIC are slewed alike: a difference that changes by more was set.</summary>
    private const long ClockStep = 1_000_000;

    /// <summary>How many events of the same µs are compared with each other.</summary>
    private const int MostAtOnce = 64;

    private EntryTime? _last;
    private bool _isInOrder = true;

    public string Id { get; } = id;

    /// <summary>The agent's, in the order of time after <see cref="Sort"/>.</summary>
    public List<AgentEvent> AgentEvents { get; } = [];

    /// <summary>The provider's, in the order of time after <see cref="Sort"/>; before it, those of every unit.</summary>
    public List<ProviderEvent> ProviderEvents { get; } = [];

    /// <summary>What to add to a time of this boot to get µs since the Epoch.</summary>
    public long Offset => _last is { } last ? last.Realtime - last.Monotonic : 0;

    public long FirstEvent => Math.Max(0, Offset + AgentEvents[0].Monotonic);

    /// <summary>The latest time at which the node is known to have been up, in µs since the Epoch.</summary>
    public long LastSign => _last?.Realtime ?? 0;

    /// <summary>How often the clock was set by more than a second, as far as the events show it.</summary>
    public int ClockSteps { get; private set; }

    public void Add(in AgentEvent happened)
    {
        _isInOrder &= AgentEvents.Count == 0 || AgentEvents[^1].Monotonic <= happened.Monotonic;
        AgentEvents.Add(happened);
        AddSign(happened.Time);
    }

    public void Add(in ProviderEvent line, EntryTime time)
    {
        ProviderEvents.Add(line);
        AddSign(time);
    }

    /// <summary>The node was up at this time.</summary>
    public void AddSign(EntryTime time)
    {
        if (_last is not { } last || time.Monotonic > last.Monotonic)
        {
            _last = time;
        }
    }

    /// <summary>Puts the events in order, once, and drops what was read twice.</summary>
    /// <param name="lentTo">The units that the agent of this node has lent it to.</param>
    public void Sort(IReadOnlySet<string> lentTo)
    {
        ProviderEvents.RemoveAll(line => !lentTo.Contains(line.Unit));
        ProviderEvents.Sort(static (a, b) =>
            a.Monotonic != b.Monotonic ? a.Monotonic.CompareTo(b.Monotonic) : a.Sequence != b.Sequence ? a.Sequence.CompareTo(b.Sequence) : a.Order.CompareTo(b.Order));
        DropRepeated(ProviderEvents);

        // Mostly they are in order, and a sort would move each of them nevertheless.
        if (!_isInOrder)
        {
            AgentEvents.Sort(static (a, b) => a.Monotonic != b.Monotonic ? a.Monotonic.CompareTo(b.Monotonic) : a.Order.CompareTo(b.Order));
        }

        DropRepeated(AgentEvents);
        for (int i = 1; i < AgentEvents.Count; i++)
        {
            (EntryTime before, EntryTime now) = (AgentEvents[i - 1].Time, AgentEvents[i].Time);
            long change = now.Realtime - now.Monotonic - (before.Realtime - before.Monotonic);
            ClockSteps += Math.Abs(change) > ClockStep ? 1 : 0;
        }
    }

    /// <summary>The same entry may be in several files. Both have the same time, but other entries may lie between them.</summary>
    private static void DropRepeated<T>(List<T> events)
        where T : struct, IBootEvent<T>
    {
        int kept = 0;
        for (int i = 0; i < events.Count; i++)
        {
            bool repeated = false;
            for (int k = kept - 1; k >= Math.Max(0, kept - MostAtOnce) && events[k].Monotonic == events[i].Monotonic && !repeated; k--)
            {
                repeated = events[i].Repeats(events[k]);
            }

            if (!repeated)
            {
                events[kept++] = events[i];
            }
        }

        events.RemoveRange(kept, events.Count - kept);
    }
}
