namespace HookAgent.Report.Timeline;

/// <summary>Which jobs are on the node while its events pass by, and which were there within the span.</summary>
internal sealed class JobsOnNode(ReportSpan span)
{
    /// <summary>More at once are jobs whose ends are not in the journal; the oldest of them are dropped.</summary>
    private const int Most = 256;

    private readonly List<uint> _present = [];
    private readonly List<uint> _endedInInterval = [];
    private bool _isInSpan;

    /// <summary>Ids of the jobs that were on the node within the span.</summary>
    public List<uint> InSpan { get; } = [];

    /// <summary>No event before this time follows. Call it with <see cref="long.MaxValue"/> at the end.</summary>
    public void Reach(long at)
    {
        if (!_isInSpan && at >= span.From)
        {
            _isInSpan = true;
            InSpan.AddRange(_present);
        }
    }

    public void Start(uint job, long at)
    {
        if (_present.Contains(job))
        {
            return;
        }

        if (_present.Count == Most)
        {
            _present.RemoveAt(0);
        }

        _present.Add(job);
        if (span.Holds(at))
        {
            InSpan.Add(job);
        }
    }

    public void End(uint job)
    {
        if (_present.Remove(job) && _endedInInterval.Count < Most)
        {
            _endedInInterval.Add(job);
        }
    }

    /// <summary>The jobs of the interval that ends now, also those that have ended in it.</summary>
    public IEnumerable<uint> InInterval => _endedInInterval.Concat(_present);

    public void BeginInterval() => _endedInInterval.Clear();

    /// <summary>The jobs of another boot are gone; an agent that starts logs again those that are still there.</summary>
    public void Clear()
    {
        _present.Clear();
        _endedInInterval.Clear();
    }
}
