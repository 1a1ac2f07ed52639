using System.Runtime.InteropServices;
using HookAgent.Core.Node;
using HookAgent.Report.Events;

namespace HookAgent.Report.Timeline;

/// <summary>
/// Makes intervals of events. An event that tells the state before it, and how long that lasted, fills as much of a gap in
/// the journal; in the rest of the gap the state that was known last goes on while the agent ran.
/// </summary>
internal sealed class TimelineBuilder
{
    private static readonly string s_starting = Reason.Starting.Word();
    private static readonly string s_directoryUnread = Reason.DirectoryUnread.Word();

    private readonly ReportSpan _span;
    private readonly NodeTimeline _timeline;
    private readonly LendingTracker _lendings;
    private readonly JobsOnNode _jobs;
    private ReportedState _state = ReportedState.Off;
    private string _reason = ReportedReason.NoData;
    private long _since = long.MinValue;
    private long _bootStart;

    private TimelineBuilder(ReportSpan span, TimeSpan shortest)
    {
        _span = span;
        _timeline = new NodeTimeline(span);
        _lendings = new LendingTracker(_timeline, shortest);
        _jobs = new JobsOnNode(span);
    }

    /// <param name="shortest">A lending counts as short when the provider was up for less.</param>
    public static NodeTimeline Build(NodeHistory node, ReportSpan span, TimeSpan shortest) => new TimelineBuilder(span, shortest).Build(node);

    private NodeTimeline Build(NodeHistory node)
    {
        long lastSign = long.MinValue;
        foreach (BootHistory boot in node.Boots)
        {
            BeginBoot(boot, lastSign);
            int line = 0;
            foreach (ref readonly AgentEvent happened in CollectionsMarshal.AsSpan(boot.AgentEvents))
            {
                AddLines(boot, ref line, happened.Monotonic);
                Add(happened, Math.Max(boot.Offset + happened.Monotonic, _since));
            }

            AddLines(boot, ref line, long.MaxValue);
            lastSign = Math.Max(lastSign, boot.LastSign);
            _timeline.Figures.ClockSteps += boot.ClockSteps;
        }

        EndInterval(Math.Max(_span.To, _since));
        _timeline.Figures.Boots = node.Boots.Count;
        _lendings.Complete();
        _jobs.Reach(long.MaxValue);
        _timeline.Figures.Jobs.AddRange(_jobs.InSpan);
        return _timeline;
    }

    /// <summary>Adds what the provider wrote before this time of the boot.</summary>
    private void AddLines(BootHistory boot, ref int line, long monotonic)
    {
        for (; line < boot.ProviderEvents.Count && boot.ProviderEvents[line].Monotonic < monotonic; line++)
        {
            _lendings.AddLine(boot.ProviderEvents[line], boot.Offset + boot.ProviderEvents[line].Monotonic);
        }
    }

    /// <summary>A boot before it that did not stop the agent ended at its last sign, and its jobs are gone.</summary>
    private void BeginBoot(BootHistory boot, long lastSign)
    {
        if (_state != ReportedState.Off)
        {
            Enter(Math.Max(lastSign, _since), ReportedState.Off, ReportedReason.NodeDown);
            _timeline.Figures.Crashes++;
        }

        _bootStart = Math.Max(0, boot.Offset);
        _jobs.Clear();
    }

    private void Add(in AgentEvent happened, long at)
    {
        _jobs.Reach(at);
        switch (happened.Kind)
        {
            case AgentEventKind.AgentStarted:
                // Without its end in the journal the agent was killed just now, as far as anybody can tell.
                _timeline.Figures.Kills += _state == ReportedState.Off ? 0 : 1;
                Enter(at, ReportedState.Unknown, s_directoryUnread);
                _jobs.Clear();
                break;
            case AgentEventKind.AgentStopped:
                EndAgent(at, ReportedReason.AgentStopped);
                break;
            case AgentEventKind.AgentFailed:
                EndAgent(at, ReportedReason.AgentFailed);
                break;
            case AgentEventKind.StateChanged:
                if (_state != happened.From)
                {
                    Enter(Math.Max(Math.Max(_since, _bootStart), at - happened.Usec), happened.From, ReportedReason.NotLogged);
                }

                Enter(at, happened.To, happened.Reason);
                break;
            case AgentEventKind.JobStarted:
                _jobs.Start(happened.Job, at);
                break;
            case AgentEventKind.JobEnded:
                _jobs.End(happened.Job);
                break;
            case AgentEventKind.Handover when _span.Holds(at):
                _timeline.Figures.AddHandover(happened.Usec, happened.OverlapUsec);
                _timeline.Handovers.Add(new HandoverMark(at, happened.Job, happened.Usec, happened.OverlapUsec));
                break;
            case AgentEventKind.EntriesLost when _span.Holds(at):
                _timeline.Figures.EntriesLost++;
                break;
            case AgentEventKind.ProviderStopped:
                _lendings.AddStop(at, happened.End, happened.Usec);
                break;
            case AgentEventKind.Handover or AgentEventKind.EntriesLost:
                break;
        }
    }

    /// <summary>The agent logs its end before systemd does, and the first entry counts.</summary>
    private void EndAgent(long at, string reason)
    {
        if (_state != ReportedState.Off || _reason is ReportedReason.NoData or ReportedReason.NodeDown)
        {
            Enter(at, ReportedState.Off, reason);
        }
    }

    private void Enter(long at, ReportedState state, string reason)
    {
        _lendings.EnterState(at, state, isAgentStart: reason == s_starting, isKnown: reason != ReportedReason.NotLogged);
        if (state != _state || reason != _reason)
        {
            EndInterval(at);
            (_state, _reason, _since) = (state, reason, at);
        }
    }

    private void EndInterval(long at)
    {
        long from = Math.Max(_since, _span.From);
        long to = Math.Min(at, _span.To);
        if (from < to)
        {
            // A job that starts ends these states, so it was not there in them.
            int first = _timeline.Jobs.Count;
            _timeline.Jobs.AddRange(_state is ReportedState.Lending or ReportedState.Settling or ReportedState.Off ? [] : _jobs.InInterval);
            _timeline.Intervals.Add(new Interval(from, to, _state, _reason, first, _timeline.Jobs.Count - first));
            _timeline.Figures.Add(_state, _reason, to - from);
        }

        _jobs.BeginInterval();
    }
}
