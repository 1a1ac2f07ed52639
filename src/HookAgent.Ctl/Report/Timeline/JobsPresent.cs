namespace HookAgent.Ctl.Report.Timeline;

/// <summary>Which jobs are on the node while its events pass by, and which were there within the span.</summary>
internal sealed class JobsPresent(ReportSpan span)
{
    /// <summary>More at once are jobs whose ends are not in the journal; the oldest of them are forgotten.</summary>
    private const int Most = 256;

    private readonly List<(uint Job, bool Left)> _present = [];
    private readonly List<uint> _seen = [];
    private bool _inSpan;

    /// <summary>Time has come to this point.</summary>
    public void Reach(long at)
    {
        if (!_inSpan && at >= span.From)
        {
            _inSpan = true;
            _seen.AddRange(_present.Where(static entry => !entry.Left).Select(static entry => entry.Job));
        }
    }

    public void Come(uint job, long at)
    {
        if (!_present.Exists(entry => entry.Job == job && !entry.Left))
        {
            if (_present.Count == Most)
            {
                _present.RemoveAt(0);
            }

            _present.Add((job, false));
            if (span.Holds(at))
            {
                _seen.Add(job);
            }
        }
    }

    public void Leave(uint job)
    {
        int at = _present.FindIndex(entry => entry.Job == job && !entry.Left);
        if (at >= 0)
        {
            _present[at] = _present[at] with { Left = true };
        }
    }

    /// <summary>The jobs that were here in the interval that ends now, whether or not they have left in it.</summary>
    public void AddTo(List<uint> jobs)
    {
        foreach ((uint job, bool _) in _present)
        {
            jobs.Add(job);
        }
    }

    /// <summary>A new interval begins.</summary>
    public void ForgetLeft() => _present.RemoveAll(static entry => entry.Left);

    /// <summary>Those of another boot are gone; those of an agent before this are told again.</summary>
    public void Clear() => _present.Clear();

    public void CountInto(Figures figures)
    {
        Reach(long.MaxValue);
        figures.Jobs.AddRange(_seen);
    }
}
