using HookAgent.Bus;
using HookAgent.Core.Jobs;
using HookAgent.Core.Node;

namespace HookAgent.Daemon.State;

/// <summary>What is counted, since the agent started: all of it from the machine's own effects and events. And when the hook called last.</summary>
internal sealed class NodeCounters(TimeProvider clock)
{
    /// <summary>How many ended jobs are kept whose Epilog has not called: it calls right after it took the record away.</summary>
    private const int MostEnded = 1024;

    private readonly HashSet<JobId> _unannounced = [];
    private readonly HashSet<JobId> _ended = [];

    /// <summary>Rises with every change of any other.</summary>
    public long Changes { get; private set; }

    /// <summary>What is not on the bus.</summary>
    public NodeTotals Totals { get; private set; } = NodeTotals.Zero;

    /// <summary>What is on the bus.</summary>
    public NodeCounts Counts { get; private set; } = NodeCounts.Zero;

    /// <summary>When the hook last called as Prolog; null for not yet.</summary>
    public HookCall? LastProlog { get; private set; }

    /// <summary>As Epilog.</summary>
    public HookCall? LastEpilog { get; private set; }

    public void Count(NodeEffect effect)
    {
        Changes++;
        NodeTotals before = Totals;
        Totals = Totals.With(effect);
        switch (effect)
        {
            case StartUnit:
                Add(NodeProperty.ProviderStarts);
                break;
            case SignalUnit { Kill: false }:
                Add(NodeProperty.SecondSignals);
                break;
            case SignalUnit { Kill: true }:
                Add(NodeProperty.Kills);
                break;
            case JobAppeared appeared:
                Add(NodeProperty.JobsSeen);
                _unannounced.Add(appeared.Job);
                break;
            case JobDisappeared disappeared:
                if (_ended.Count == MostEnded)
                {
                    _ended.Clear();
                }

                _ended.Add(disappeared.Job);
                // Its Prolog's nudge would have come within the hook's deadline.
                if (_unannounced.Remove(disappeared.Job))
                {
                    Add(NodeProperty.RecordsWithoutNudge);
                }

                break;
            case ProviderStopped stopped:
                Add(NodeProperty.ProviderStops);
                if (ShortLending.Is(stopped.Lent))
                {
                    Add(NodeProperty.ShortLendings);
                }

                break;
            default:
                Changes -= ReferenceEquals(before, Totals) ? 1 : 0;
                break;
        }
    }

    /// <summary>The jobs seen so far were here before the agent; whether their Prologs called nobody knows.</summary>
    public void TakeOver() => _unannounced.Clear();

    /// <summary>A Prolog's nudge came.</summary>
    /// <param name="isHere">Whether the node knows the job. Of another it is no evidence: only root writes records.</param>
    public void CountNudge(JobId job, bool isHere)
    {
        _unannounced.Remove(job);
        if (isHere)
        {
            (LastProlog, Changes) = (Call(job), Changes + 1);
        }
    }

    /// <summary>A Prolog's nudge came when its hook had given up.</summary>
    public void CountHookDeadline() =>
        (Totals, Changes) = (Totals with { HookDeadlines = Totals.HookDeadlines + 1 }, Changes + 1);

    /// <summary>An Epilog's nudge came. It is evidence once, of a job that has just gone: only root takes records away.</summary>
    public void CountEpilog(JobId job)
    {
        if (_ended.Remove(job))
        {
            (LastEpilog, Changes) = (Call(job), Changes + 1);
        }
    }

    private HookCall Call(JobId job) => new(clock.GetUtcNow(), job);

    private void Add(NodeCounter counter) => Counts = Counts.With(counter, Counts[counter] + 1);
}

/// <summary>A call of the hook.</summary>
internal sealed record HookCall(DateTimeOffset At, JobId Job);
