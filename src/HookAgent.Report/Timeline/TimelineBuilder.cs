namespace HookAgent.Report.Timeline;

/// <summary>
/// Makes intervals of events. Where the journal has a gap, an event that tells its state before, and for how long
/// that had lasted, fills as much of it; the rest keeps the state that was known last, while the agent ran.
/// </summary>
internal sealed class TimelineBuilder(NodeHistory node, ReportSpan span, ReasonList reasons, TimeSpan shortest)
{
    private readonly Lendings _lendings = new(span, shortest);
    private readonly JobsPresent _jobs = new(span);
    private readonly NodeTimeline _timeline = new();
    private LaneState _state = LaneState.Off;
    private byte _reason = ReasonList.NoData;
    private long _since = long.MinValue;
    private long _bootStart;

    public static NodeTimeline Build(NodeHistory node, ReportSpan span, ReasonList reasons, TimeSpan shortest) =>
        new TimelineBuilder(node, span, reasons, shortest).Build();

    private NodeTimeline Build()
    {
        long lastSign = long.MinValue;
        foreach (BootHistory boot in node.Boots)
        {
            BeginBoot(boot, lastSign);
            int line = 0;
            foreach (ref readonly AgentEvent happened in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(boot.Events))
            {
                line = HearUntil(boot, line, happened.Monotonic);
                Take(happened, Math.Max(boot.Offset + happened.Monotonic, _since));
            }

            HearUntil(boot, line, long.MaxValue);
            lastSign = Math.Max(lastSign, boot.LastSign);
            _timeline.Figures.ClockSteps += boot.ClockSteps;
        }

        Enter(Math.Max(span.To, _since), LaneState.Off, ReasonList.NoData, atEnd: true);
        _timeline.Figures.Boots = node.Boots.Count;
        _lendings.CountInto(_timeline.Figures);
        _timeline.Lendings.AddRange(_lendings.All);
        _timeline.Aborts.AddRange(_lendings.Marks);
        _jobs.CountInto(_timeline.Figures);
        return _timeline;
    }

    /// <summary>What the provider wrote before this time of the boot; returns the first line behind it.</summary>
    private int HearUntil(BootHistory boot, int line, long monotonic)
    {
        for (; line < boot.ProviderEvents.Count && boot.ProviderEvents[line].Monotonic < monotonic; line++)
        {
            _lendings.Hear(boot.ProviderEvents, line, boot.Offset + boot.ProviderEvents[line].Monotonic);
        }

        return line;
    }

    /// <summary>Of a boot that did not stop the agent only its last sign is known, and its jobs are gone.</summary>
    private void BeginBoot(BootHistory boot, long lastSign)
    {
        if (_state != LaneState.Off)
        {
            Enter(Math.Max(lastSign, _since), LaneState.Off, ReasonList.NodeDown);
            _timeline.Figures.Crashes++;
        }

        _bootStart = Math.Max(0, boot.Offset);
        _jobs.Clear();
    }

    private void Take(in AgentEvent happened, long at)
    {
        _jobs.Reach(at);
        switch (happened.Kind)
        {
            case EventKind.Started:
                // Without its end in the journal it was killed just now, as far as anybody can tell.
                _timeline.Figures.Kills += _state == LaneState.Off ? 0 : 1;
                Enter(at, LaneState.Unknown, reasons.DirectoryUnread);
                _jobs.Clear();
                break;
            case EventKind.Stopped:
                EndAgent(at, ReasonList.AgentStopped);
                break;
            case EventKind.Died:
                EndAgent(at, ReasonList.AgentFailed);
                break;
            case EventKind.State:
                if (_state != happened.From)
                {
                    Enter(Math.Max(Math.Max(_since, _bootStart), at - happened.First), happened.From, ReasonList.Untold);
                }

                Enter(at, happened.To, happened.Reason);
                break;
            case EventKind.JobCame:
                _jobs.Come(happened.Job, at);
                break;
            case EventKind.JobLeft:
                _jobs.Leave(happened.Job);
                break;
            case EventKind.Handover when span.Holds(at):
                _timeline.Figures.AddHandover(happened.First, happened.Second);
                break;
            case EventKind.EntriesLost when span.Holds(at):
                _timeline.Figures.EntriesLost++;
                break;
            case EventKind.ProviderStopped:
                _lendings.Stopped(at, (LendingEnd)happened.Second, happened.First);
                break;
            case EventKind.Handover or EventKind.EntriesLost:
                break;
        }
    }

    /// <summary>systemd tells the end after the agent has: the first word counts.</summary>
    private void EndAgent(long at, byte reason)
    {
        if (_state != LaneState.Off || _reason is ReasonList.NoData or ReasonList.NodeDown)
        {
            Enter(at, LaneState.Off, reason);
        }
    }

    private void Enter(long at, LaneState state, byte reason, bool atEnd = false)
    {
        bool told = reason != ReasonList.Untold;
        if (!atEnd)
        {
            _lendings.Enter(at, state, told && reason == reasons.Starting, told);
            if (state == _state && reason == _reason)
            {
                return;
            }
        }

        long from = Math.Max(_since, span.From);
        long to = Math.Min(at, span.To);
        if (from < to)
        {
            // A job that comes ends these states; it was not there in them.
            int first = _timeline.Jobs.Count;
            if (_state is not (LaneState.Lending or LaneState.Settling or LaneState.Off))
            {
                _jobs.AddTo(_timeline.Jobs);
            }

            _timeline.Intervals.Add(new Interval(from, to, _state, _reason, first, _timeline.Jobs.Count - first));
            _timeline.Figures.Add(_state, to - from);
        }

        _jobs.BeginInterval();
        (_state, _reason, _since) = (state, reason, at);
    }
}
