using HookAgent.Wasimoff.Wire;

namespace HookAgent.Wasimoff.Broker;

/// <summary>
/// Who has which task, and what became of all of them. As the real broker it knows no timeout: a task given to a
/// provider that does not answer stays with it until the connection ends. A lost task is handed out again, first of all.
/// </summary>
internal sealed class TaskBoard
{
    private readonly Lock _one = new();
    private readonly LinkedList<WorkItem> _queue = [];
    private readonly List<Seat> _seats = [];
    private readonly SortedDictionary<string, ProviderCounts> _counts = new(StringComparer.Ordinal);
    private Supply? _supply;
    private long _lastId;
    private int _turn;

    /// <summary>A connected provider's place at the board. <c>Give</c> must not wait.</summary>
    internal sealed class Seat(string name, Action<WorkItem> give)
    {
        public string Name => name;

        public Dictionary<long, WorkItem> Running { get; } = [];

        public long Completed { get; set; }

        /// <summary>How many tasks it may have at a time, by its last word. It has more while it drains.</summary>
        public int Workers { get; set; }

        public bool HasRoom => Running.Count < Workers;

        public void Give(WorkItem item) => give(item);
    }

    public void Add(int count, IReadOnlyList<int> milliseconds, int mebibytes)
    {
        lock (_one)
        {
            for (int i = 0; i < count; i++)
            {
                _queue.AddLast(new WorkItem(++_lastId, milliseconds[i % milliseconds.Count], mebibytes));
            }

            HandOut();
        }
    }

    /// <summary>Null ends it; what is handed out already goes on.</summary>
    public void Keep(Supply? supply)
    {
        lock (_one)
        {
            _supply = supply;
            HandOut();
        }
    }

    /// <summary>It has no worker yet.</summary>
    public Seat Connect(string name, Action<WorkItem> give)
    {
        lock (_one)
        {
            Seat seat = new(name, give);
            _seats.Add(seat);
            CountsOf(name).Connections++;
            return seat;
        }
    }

    public void Resize(Seat seat, int workers)
    {
        lock (_one)
        {
            seat.Workers = workers;
            HandOut();
        }
    }

    /// <summary>False when the task is not this provider's: it is another's by now, and counts there.</summary>
    public bool Complete(Seat seat, long id)
    {
        lock (_one)
        {
            if (!seat.Running.Remove(id, out WorkItem? item))
            {
                return false;
            }

            seat.Completed++;
            CountsOf(seat.Name).Completed++;
            CountsOf(seat.Name).CompletedMilliseconds += item.Milliseconds;
            HandOut();
            return true;
        }
    }

    /// <summary>The tasks it had, which are lost.</summary>
    public IReadOnlyList<long> Disconnect(Seat seat)
    {
        lock (_one)
        {
            _seats.Remove(seat);
            if (seat.Completed == 0)
            {
                CountsOf(seat.Name).Fruitless++;
            }

            WorkItem[] lost = [.. seat.Running.Values.OrderBy(static item => item.Id)];
            seat.Running.Clear();
            CountsOf(seat.Name).Lost += lost.Length;
            foreach (WorkItem item in Enumerable.Reverse(lost))
            {
                _queue.AddFirst(item);
            }

            HandOut();
            return [.. lost.Select(static item => item.Id)];
        }
    }

    public BoardReport Report()
    {
        lock (_one)
        {
            return new(
                [.. _counts.Select(static entry => entry.Key)],
                [.. _counts.Select(static entry => Copy(entry.Value))],
                [.. _counts.Select(entry => _seats.Count(seat => seat.Name == entry.Key))],
                _queue.Count,
                _seats.Sum(static seat => seat.Running.Count));
        }
    }

    // In turn, so that no provider starves beside a quicker one.
    private void HandOut()
    {
        for (int passed = 0; passed < _seats.Count; _turn++)
        {
            Seat seat = _seats[_turn % _seats.Count];
            if (seat.HasRoom && Next() is { } item)
            {
                seat.Running.Add(item.Id, item);
                seat.Give(item);
                passed = 0;
            }
            else
            {
                passed++;
            }
        }
    }

    private WorkItem? Next()
    {
        if (_queue.First is { } first)
        {
            _queue.RemoveFirst();
            return first.Value;
        }

        return _supply is null ? null : new(++_lastId, _supply.LengthOf(_lastId), _supply.Mebibytes);
    }

    private ProviderCounts CountsOf(string name)
    {
        if (!_counts.TryGetValue(name, out ProviderCounts? counts))
        {
            _counts.Add(name, counts = new());
        }

        return counts;
    }

    private static ProviderCounts Copy(ProviderCounts counts) => new()
    {
        Connections = counts.Connections,
        Fruitless = counts.Fruitless,
        Completed = counts.Completed,
        CompletedMilliseconds = counts.CompletedMilliseconds,
        Lost = counts.Lost,
    };
}
