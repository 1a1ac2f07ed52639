using HookAgent.Core.Jobs;
using HookAgent.Core.Node;

namespace HookAgent.Daemon.State;

/// <summary>What is counted, since the daemon started: all of it from the machine's own effects and events.</summary>
internal sealed class NodeCounters
{
    private readonly HashSet<JobId> _unannounced = [];

    /// <summary>Rises with every change of any other.</summary>
    public long Changes { get; private set; }

    /// <summary>What is not on the bus.</summary>
    public NodeTotals Totals { get; private set; } = NodeTotals.Zero;

    public ulong ProviderStarts { get; private set; }

    public ulong ProviderStops { get; private set; }

    public ulong JobsSeen { get; private set; }

    public ulong RecordsWithoutNudge { get; private set; }

    public ulong ShortLendings { get; private set; }

    public ulong SecondSignals { get; private set; }

    public ulong Kills { get; private set; }

    public void Count(NodeEffect effect)
    {
        Changes++;
        NodeTotals before = Totals;
        Totals = Totals.With(effect);
        switch (effect)
        {
            case StartUnit:
                ProviderStarts++;
                break;
            case SignalUnit { Kill: false }:
                SecondSignals++;
                break;
            case SignalUnit { Kill: true }:
                Kills++;
                break;
            case JobAppeared appeared:
                JobsSeen++;
                _unannounced.Add(appeared.Job);
                break;
            case JobDisappeared disappeared:
                // Its Prolog's nudge would have come within the hook's deadline.
                RecordsWithoutNudge += _unannounced.Remove(disappeared.Job) ? 1UL : 0;
                break;
            case ProviderStopped stopped:
                ProviderStops++;
                ShortLendings += ShortLending.Is(stopped.Lent) ? 1UL : 0;
                break;
            default:
                Changes -= ReferenceEquals(before, Totals) ? 1 : 0;
                break;
        }
    }

    /// <summary>The jobs seen so far were here before the daemon; whether their Prologs called nobody knows.</summary>
    public void TakeOver() => _unannounced.Clear();

    /// <summary>A Prolog's nudge came.</summary>
    public void CountNudge(JobId job) => _unannounced.Remove(job);
}
