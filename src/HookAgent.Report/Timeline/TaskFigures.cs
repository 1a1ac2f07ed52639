namespace HookAgent.Report.Timeline;

/// <summary>What Wasimoff providers told of their tasks. What nobody can know is null, never 0.</summary>
internal sealed class TaskFigures
{
    private readonly List<long> _connected = [];
    private readonly List<long> _firstTasks = [];
    private long _started;
    private long _aborted;
    private long _lostUsec;

    /// <summary>Nodes whose provider's journal was read.</summary>
    public int Nodes { get; set; }

    /// <summary>At least so many where <see cref="LinesDropped"/>.</summary>
    public long? Started => _started == 0 && LinesDropped > 0 ? null : _started;

    /// <summary>At least so many where <see cref="LinesDropped"/> or <see cref="EndsUntold"/>.</summary>
    public long? Aborted => _aborted == 0 && IsLeast ? null : _aborted;

    /// <summary>For how long the aborted tasks had run. At least so long, as <see cref="Aborted"/>, and where some are <see cref="Untimed"/>.</summary>
    public long? LostUsec => Aborted is null || (_aborted > 0 && Untimed == _aborted) ? null : _lostUsec;

    /// <summary>Aborted tasks of which nobody knows when they began.</summary>
    public long Untimed { get; private set; }

    /// <summary>Lendings of which the provider's journal has a line.</summary>
    public int Lendings { get; private set; }

    /// <summary>Of those that are over, the ones in which no task came.</summary>
    public int WithoutTask { get; private set; }

    /// <summary>Lendings whose provider ended without saying which tasks it dropped.</summary>
    public int EndsUntold { get; private set; }

    /// <summary>Lines of the provider that journald did not take.</summary>
    public long LinesDropped { get; private set; }

    /// <summary>There may be more aborted tasks than were told.</summary>
    public bool IsLeast => LinesDropped > 0 || EndsUntold > 0;

    /// <summary>From the decision to lend until the broker had the provider.</summary>
    public Distribution Connected => Distribution.Of(_connected);

    /// <summary>From the decision to lend to the first task, of the lendings that had one.</summary>
    public Distribution FirstTasks => Distribution.Of(_firstTasks);

    public void AddStarted() => _started++;

    public void AddAborted(long? ranUsec)
    {
        _aborted++;
        _lostUsec = ReportTime.Sum(_lostUsec, ranUsec ?? 0);
        Untimed += ranUsec is null ? 1 : 0;
    }

    public void AddLinesDropped(long lines) => LinesDropped = ReportTime.Sum(LinesDropped, lines);

    /// <summary>A lending that began in the span.</summary>
    public void AddBegun(Lending lending, bool withoutTask)
    {
        Lendings++;
        WithoutTask += withoutTask ? 1 : 0;
        if (lending.Connected is { } connected)
        {
            _connected.Add(connected);
        }

        if (lending.FirstTask is { } first)
        {
            _firstTasks.Add(first);
        }
    }

    public void AddEndUntold() => EndsUntold++;

    public void Add(TaskFigures other)
    {
        Nodes += other.Nodes;
        _connected.AddRange(other._connected);
        _firstTasks.AddRange(other._firstTasks);
        _started += other._started;
        _aborted += other._aborted;
        _lostUsec = ReportTime.Sum(_lostUsec, other._lostUsec);
        Untimed += other.Untimed;
        Lendings += other.Lendings;
        WithoutTask += other.WithoutTask;
        EndsUntold += other.EndsUntold;
        LinesDropped = ReportTime.Sum(LinesDropped, other.LinesDropped);
    }
}
