namespace HookAgent.Report.Timeline;

/// <summary>Which jobs are on the node while its events pass by, and which were there within the span.</summary>
internal sealed class JobsPresent(ReportSpan span)
{
    /// <summary>More at once are jobs whose ends are not in the journal; the oldest of them are forgotten.</summary>
    private const int Most = 256;

    private readonly List<uint> _present = [];
    private readonly List<uint> _leftInInterval = [];
    private readonly List<uint> _seen = [];
    private bool _inSpan;

    /// <summary>Time has come to this point.</summary>
    public void Reach(long at)
    {
        if (!_inSpan && at >= span.From)
        {
            _inSpan = true;
            _seen.AddRange(_present);
        }
    }

    public void Come(uint job, long at)
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
            _seen.Add(job);
        }
    }

    public void Leave(uint job)
    {
        if (_present.Remove(job) && _leftInInterval.Count < Most)
        {
            _leftInInterval.Add(job);
        }
    }

    /// <summary>The jobs that were here in the interval that ends now, whether or not they have left in it.</summary>
    public void AddTo(List<uint> jobs)
    {
        jobs.AddRange(_leftInInterval);
        jobs.AddRange(_present);
    }

    public void BeginInterval() => _leftInInterval.Clear();

    /// <summary>Those of another boot are gone; those of an agent before this are told again.</summary>
    public void Clear()
    {
        _present.Clear();
        _leftInInterval.Clear();
    }

    public void CountInto(Figures figures)
    {
        Reach(long.MaxValue);
        figures.Jobs.AddRange(_seen);
    }
}
