namespace HookAgent.Report.Timeline;

/// <summary>What Wasimoff providers logged of their tasks. What is not known is null, never 0.</summary>
internal sealed class TaskFigures
{
    private readonly List<long> _connected = [];
    private readonly List<long> _firstTasks = [];
    private long _started;
    private long _aborted;
    private long _lostUsec;

    /// <summary>Nodes whose provider's journal was read.</summary>
    public int Nodes { get; set; }

    /// <summary>The least number where <see cref="LinesDropped"/>.</summary>
    public long? Started => _started == 0 && LinesDropped > 0 ? null : _started;

    /// <summary>The least number where <see cref="IsLeast"/>.</summary>
    public long? Aborted => _aborted == 0 && IsLeast ? null : _aborted;

    /// <summary>For how long the aborted tasks had run. The least time where <see cref="IsLeast"/>, or where some are <see cref="Untimed"/>.</summary>
    public long? LostUsec => Aborted is null || (_aborted > 0 && Untimed == _aborted) ? null : _lostUsec;

    /// <summary>Aborted tasks whose start is not known.</summary>
    public long Untimed { get; private set; }

    /// <summary>Lendings of which the provider's journal has a line.</summary>
    public int Lendings { get; private set; }

    /// <summary>Of those that are over, the ones without a task.</summary>
    public int WithoutTask { get; private set; }

    /// <summary>Of <see cref="Lendings"/>, those whose broker did not answer, so that nobody used the node.</summary>
    public int WithoutBroker { get; private set; }

    /// <summary>Lendings whose provider ended without listing the tasks that it aborted.</summary>
    public int EndsWithoutList { get; private set; }

    /// <summary>Lines of the provider that journald dropped.</summary>
    public long LinesDropped { get; private set; }

    /// <summary>There may be more aborted tasks than were logged.</summary>
    public bool IsLeast => LinesDropped > 0 || EndsWithoutList > 0;

    /// <summary>From the decision to lend until the provider was connected to the broker.</summary>
    public Distribution Connected => Distribution.Of(_connected);

    /// <summary>From the decision to lend to the first task, of the lendings that had one.</summary>
    public Distribution FirstTasks => Distribution.Of(_firstTasks);

    public void AddStarted(long tasks) => _started += tasks;

    public void AddAborted(long? ranUsec)
    {
        _aborted++;
        _lostUsec = TimeText.Sum(_lostUsec, ranUsec ?? 0);
        Untimed += ranUsec is null ? 1 : 0;
    }

    public void AddLinesDropped(long lines) => LinesDropped = TimeText.Sum(LinesDropped, lines);

    /// <summary>A lending that began in the span.</summary>
    public void AddBegun(Lending lending, bool withoutTask)
    {
        Lendings++;
        WithoutTask += withoutTask ? 1 : 0;
        WithoutBroker += lending is { Waited: true, Connected: null } ? 1 : 0;
        if (lending.Connected is { } connected)
        {
            _connected.Add(connected);
        }

        if (lending.FirstTask is { } first)
        {
            _firstTasks.Add(first);
        }
    }

    public void AddEndWithoutList() => EndsWithoutList++;

    public void Add(TaskFigures other)
    {
        Nodes += other.Nodes;
        _connected.AddRange(other._connected);
        _firstTasks.AddRange(other._firstTasks);
        _started += other._started;
        _aborted += other._aborted;
        _lostUsec = TimeText.Sum(_lostUsec, other._lostUsec);
        Untimed += other.Untimed;
        Lendings += other.Lendings;
        WithoutTask += other.WithoutTask;
        WithoutBroker += other.WithoutBroker;
        EndsWithoutList += other.EndsWithoutList;
        LinesDropped = TimeText.Sum(LinesDropped, other.LinesDropped);
    }
}
