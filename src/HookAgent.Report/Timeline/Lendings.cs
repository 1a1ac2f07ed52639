namespace HookAgent.Report.Timeline;

/// <summary>
/// Makes lendings of the node's states and of the provider's lines. A line counts for the lending that began last, also
/// where the agent has told its end already: journald takes the two from different sockets.
/// </summary>
internal sealed class Lendings(ReportSpan span, TimeSpan shortest)
{
    /// <summary>How many lines before a task's end its start is looked for, where the provider does not tell its age.</summary>
    private const int MostBack = 1 << 17;

    private readonly List<Lending> _all = [];
    private readonly HashSet<ulong> _aborted = [];
    private readonly List<AbortMark> _marks = [];
    private readonly TaskFigures _tasks = new() { Nodes = 1 };
    private LaneState _state = LaneState.Off;
    private Lending? _current;
    private AbortedTask? _open;
    private bool _heard;
    private int _starts;
    private int _short;
    private int _failed;

    /// <summary>Those of which a part lies in the span.</summary>
    public List<Lending> All => _all;

    /// <summary>When tasks were aborted in the span.</summary>
    public List<AbortMark> Marks => _marks;

    /// <param name="starting">systemd has just been asked to start it.</param>
    /// <param name="told">There is an event of this; otherwise when it began is not sure.</param>
    public void Enter(long at, LaneState state, bool starting, bool told)
    {
        if (_state is LaneState.Lending && state is LaneState.Failed && _current is { } failed)
        {
            failed.End = LendingEnd.Failed;
            _failed += IsCounted(failed) ? 1 : 0;
        }

        if (state is not (LaneState.Lending or LaneState.Reclaiming) && _current is { To: null } ended)
        {
            ended.To = Math.Max(at, ended.From);
        }

        // Started by somebody's hand it is running before the agent knows.
        if (state is LaneState.Lending && (starting || _state is not LaneState.Lending))
        {
            Close(at);
            _current = new Lending(at, told, starting);
            _starts += IsCounted(_current) ? 1 : 0;
        }

        _state = state;
    }

    /// <param name="upUsec">For how long the provider had been up, as far as known.</param>
    public void Stopped(long at, LendingEnd end, long upUsec)
    {
        _short += span.Holds(at) && upUsec < shortest.Ticks / TimeSpan.TicksPerMicrosecond ? 1 : 0;
        if (_current is { } stopped)
        {
            stopped.End = end;
        }
    }

    /// <summary>The line at <paramref name="index"/>, which was written at <paramref name="at"/>.</summary>
    public void Hear(List<ProviderEvent> lines, int index, long at)
    {
        ProviderEvent line = lines[index];
        if (line.Kind is ProviderEventKind.LinesDropped)
        {
            if (span.Holds(at))
            {
                _tasks.AddLinesDropped(line.Value);
            }

            return;
        }

        _heard = true;
        if (line.Kind is ProviderEventKind.AbortedTask)
        {
            TakeAborted(lines, index, at);
            return;
        }

        EndAborted();
        if (line.Kind is ProviderEventKind.TaskStarted && span.Holds(at))
        {
            _tasks.AddStarted();
        }

        if (_current is not { } lending)
        {
            return;
        }

        lending.Heard = true;
        switch (line.Kind)
        {
            case ProviderEventKind.Connected:
                lending.Connected ??= SinceDecision(lending, at);
                break;
            case ProviderEventKind.TaskStarted:
                lending.HadTask = true;
                lending.FirstTask ??= SinceDecision(lending, at);
                lending.Started += span.Holds(at) ? 1 : 0;
                break;
            case ProviderEventKind.AbortList:
                lending.Named = true;
                break;
            case ProviderEventKind.Crashed:
                lending.Crashed = true;
                break;
            case ProviderEventKind.Started or ProviderEventKind.LinesDropped or ProviderEventKind.AbortedTask:
                break;
        }
    }

    public void CountInto(Figures figures)
    {
        Close(long.MaxValue);
        figures.Starts = _starts;
        figures.FailedStarts = _failed;
        figures.Short = _short;
        figures.Tasks = _heard ? _tasks : null;
    }

    /// <summary>Null also where boots overlap on the calendar, so that the lending was moved behind its own lines.</summary>
    private static long? SinceDecision(Lending lending, long at) => lending.Decided && at >= lending.From ? at - lending.From : null;

    private bool IsCounted(Lending lending) => lending.Told && span.Holds(lending.From);

    /// <summary>Nothing more can be heard of the lending.</summary>
    private void Close(long at)
    {
        EndAborted();
        _aborted.Clear();
        if (_current is not { } lending)
        {
            return;
        }

        // In front of a start that is told without an end of the one before.
        lending.To ??= at == long.MaxValue ? null : Math.Max(at, lending.From);
        if (lending.Heard && IsCounted(lending))
        {
            _tasks.AddBegun(lending, lending.WithoutTask && span.Holds(lending.To!.Value));
        }

        if (lending.EndUntold && span.Holds(lending.To!.Value))
        {
            _tasks.AddEndUntold();
        }

        // One that ended just before the span may have lines in it.
        if ((lending.From <= span.To && (lending.To ?? span.To) >= span.From) || lending.Started > 0 || lending.Aborted > 0)
        {
            _all.Add(lending);
        }

        _current = null;
    }

    /// <summary>A task's keys may come in several lines, of which some may be missing; a key that goes back begins another task.</summary>
    private void TakeAborted(List<ProviderEvent> lines, int index, long at)
    {
        ProviderEvent line = lines[index];
        if (_current is not { Named: true })
        {
            // Something else that looks like it.
            return;
        }

        if (_open is { } open && line.Keys > open.Keys)
        {
            _open = open with
            {
                Keys = open.Keys | line.Keys,
                Task = line.Task != 0 ? line.Task : open.Task,
                Age = line.Value >= 0 ? line.Value : open.Age,
            };
            return;
        }

        EndAborted();
        _open = new AbortedTask(line.Keys, line.Task, line.Value, at, lines, index);
    }

    private void EndAborted()
    {
        if (_open is not { } task || _current is not { } lending)
        {
            return;
        }

        _open = null;

        // Of a journal that was sent elsewhere and read there too, a task is there twice.
        if (!span.Holds(task.At) || (task.Task != 0 && !_aborted.Add(task.Task)))
        {
            return;
        }

        long? ran = task.Age >= 0 ? task.Age : SinceStart(task, lending);
        _tasks.AddAborted(ran);
        lending.Aborted++;
        lending.Untimed += ran is null ? 1 : 0;
        lending.LostUsec = ReportTime.Sum(lending.LostUsec, ran ?? 0);
        if (lending.AbortedAt is null)
        {
            lending.AbortedAt = task.At;
            _marks.Add(new AbortMark(task.At, 0, 0));
        }

        _marks[^1] = _marks[^1] with { Tasks = _marks[^1].Tasks + 1, LostUsec = ReportTime.Sum(_marks[^1].LostUsec, ran ?? 0) };
    }

    /// <summary>From the line of the task's start in the same lending; null where journald has dropped it.</summary>
    private static long? SinceStart(AbortedTask task, Lending lending)
    {
        long at = task.Lines[task.Index].Monotonic;
        for (int i = task.Index; task.Task != 0 && i >= Math.Max(0, task.Index - MostBack) && task.At - (at - task.Lines[i].Monotonic) >= lending.From; i--)
        {
            if (task.Lines[i].Kind is ProviderEventKind.TaskStarted && task.Lines[i].Task == task.Task)
            {
                return at - task.Lines[i].Monotonic;
            }
        }

        return null;
    }

    /// <param name="Age">In µs; -1 where it is not told.</param>
    private readonly record struct AbortedTask(AbortedKeys Keys, ulong Task, long Age, long At, List<ProviderEvent> Lines, int Index);
}

/// <summary>A provider dropped tasks.</summary>
/// <param name="LostUsec">For how long those had run whose start is known.</param>
internal readonly record struct AbortMark(long At, long Tasks, long LostUsec);
