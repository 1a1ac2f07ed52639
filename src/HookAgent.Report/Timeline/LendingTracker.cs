using HookAgent.Report.Events;

namespace HookAgent.Report.Timeline;

/// <summary>
/// Makes lendings of the node's states and of the provider's lines. A line counts for the lending that began last, also when
/// the agent has logged its end already: journald takes the two from different sockets.
/// </summary>
/// <param name="shortest">A lending counts as short when the provider was up for less.</param>
internal sealed class LendingTracker(NodeTimeline into, TimeSpan shortest)
{
    private readonly ReportSpan _span = into.Span;
    private readonly TaskFigures _tasks = new() { Nodes = 1 };
    private readonly Dictionary<ulong, long> _taskStarts = [];
    private readonly HashSet<ulong> _abortedTasks = [];
    private ReportedState _state = ReportedState.Off;
    private Lending? _current;
    private AbortedTask? _open;

    /// <param name="isAgentStart">systemd has just been asked to start the provider.</param>
    /// <param name="isKnown">There is an entry of this change; otherwise its time is not sure.</param>
    public void EnterState(long at, ReportedState state, bool isAgentStart, bool isKnown)
    {
        if (_state is ReportedState.Lending && state is ReportedState.Failed && _current is { } failed)
        {
            failed.End = LendingEnd.Failed;
            into.Figures.FailedStarts += IsCounted(failed) ? 1 : 0;
        }

        if (state is not (ReportedState.Lending or ReportedState.Reclaiming) && _current is { To: null } ended)
        {
            ended.To = Math.Max(at, ended.From);
        }

        // A provider that somebody started by hand runs before the agent knows.
        if (state is ReportedState.Lending && (isAgentStart || _state is not ReportedState.Lending))
        {
            Close(at);
            _current = new Lending(at, isKnown, isAgentStart);
            into.Figures.Starts += IsCounted(_current) ? 1 : 0;
        }

        _state = state;
    }

    /// <param name="upUsec">For how long the provider had been up, as far as known.</param>
    public void AddStop(long at, LendingEnd end, long upUsec)
    {
        into.Figures.Short += _span.Holds(at) && upUsec < shortest.Ticks / TimeSpan.TicksPerMicrosecond ? 1 : 0;
        if (_current is { } stopped)
        {
            stopped.End = end;
        }
    }

    /// <summary>A line of the provider, written at <paramref name="at"/>.</summary>
    public void AddLine(in ProviderEvent line, long at)
    {
        if (line.Kind is ProviderEventKind.LinesDropped)
        {
            _tasks.AddLinesDropped(_span.Holds(at) ? line.Value : 0);
            return;
        }

        into.Figures.Tasks = _tasks;
        if (line.Kind is ProviderEventKind.AbortedTask)
        {
            AddAborted(line, at);
            return;
        }

        EndAborted();
        long started = line.Kind is ProviderEventKind.TaskStarted && _span.Holds(at) ? 1 : 0;
        _tasks.AddStarted(started);
        if (_current is not { } lending)
        {
            return;
        }

        lending.HasLines = true;
        lending.Started += started;
        switch (line.Kind)
        {
            case ProviderEventKind.Connected:
                lending.Connected ??= lending.SinceDecision(at);
                break;
            case ProviderEventKind.TaskStarted:
                lending.HadTask = true;
                lending.FirstTask ??= lending.SinceDecision(at);
                _taskStarts[line.Task] = at;
                break;
            case ProviderEventKind.AbortList:
                lending.HasAbortList = true;
                break;
            case ProviderEventKind.Crashed:
                lending.Crashed = true;
                break;
            case ProviderEventKind.Waiting:
                lending.Waited = true;
                break;
            case ProviderEventKind.Started or ProviderEventKind.LinesDropped or ProviderEventKind.AbortedTask:
                break;
        }
    }

    /// <summary>There are no more states or lines.</summary>
    public void Complete() => Close(long.MaxValue);

    private bool IsCounted(Lending lending) => lending.IsStartKnown && _span.Holds(lending.From);

    /// <summary>No more lines can belong to the lending.</summary>
    private void Close(long at)
    {
        EndAborted();
        _abortedTasks.Clear();
        _taskStarts.Clear();
        if (_current is not { } lending)
        {
            return;
        }

        // A start is logged, and the end of the lending before it is not.
        lending.To ??= at == long.MaxValue ? null : Math.Max(at, lending.From);
        if (lending.HasLines && IsCounted(lending))
        {
            _tasks.AddBegun(lending, lending.IsWithoutTask && _span.Holds(lending.To!.Value));
        }

        if (lending.IsEndWithoutList && _span.Holds(lending.To!.Value))
        {
            _tasks.AddEndWithoutList();
        }

        // One that ended just before the span may have lines in it.
        if ((lending.From <= _span.To && (lending.To ?? _span.To) >= _span.From) || lending.Started > 0 || lending.Aborted > 0)
        {
            into.Lendings.Add(lending);
        }

        _current = null;
    }

    /// <summary>A task's keys may come in several lines, and some may be missing; a key that goes back begins another task.</summary>
    private void AddAborted(in ProviderEvent line, long at)
    {
        if (_current is not { HasAbortList: true })
        {
            // Another line that looks like it.
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
        _open = new AbortedTask(line.Keys, line.Task, line.Value, at);
    }

    private void EndAborted()
    {
        if (_open is not { } task || _current is not { } lending)
        {
            return;
        }

        _open = null;

        // A journal that was sent to another machine, and read there too, has each task twice.
        if (!_span.Holds(task.At) || (task.Task != 0 && !_abortedTasks.Add(task.Task)))
        {
            return;
        }

        long? ran = task.Age >= 0 ? task.Age
            : task.Task != 0 && _taskStarts.TryGetValue(task.Task, out long started) && started <= task.At ? task.At - started
            : null;
        _tasks.AddAborted(ran);
        AbortMark mark = new(task.At, 1, ran ?? 0);
        if (lending.Aborted == 0)
        {
            into.Aborts.Add(mark);
        }
        else
        {
            into.Aborts[^1] = into.Aborts[^1].With(mark);
        }

        lending.Aborted++;
        lending.Untimed += ran is null ? 1 : 0;
        lending.LostUsec = TimeText.Sum(lending.LostUsec, ran ?? 0);
    }

    /// <param name="Age">In µs; -1 where it is not known.</param>
    private readonly record struct AbortedTask(AbortedTaskKeys Keys, ulong Task, long Age, long At);
}
