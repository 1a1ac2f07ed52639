using HookAgent.Bus;
using HookAgent.Core.Node;
using HookAgent.Daemon.Metrics;
using HookAgent.Daemon.State;

namespace HookAgent.Daemon.Tests.Metrics;

internal static class Snapshots
{
    public static readonly DateTimeOffset Started = DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds(1_772_366_400.25);

    /// <summary>Of a lent node after these effects.</summary>
    public static MetricsSnapshot Lent(params NodeEffect[] effects) => new(
        Started,
        new NodeStatus
        {
            State = "lending",
            Reason = "running",
            Since = 1_772_370_000_000_001,
            Jobs = ["17", "18"],
            Unit = """a\x2db"c.service""",
            Version = "1.2.3",
            Counts = NodeCounts.Zero.With(NodeProperty.JobsSeen, 11).With(NodeProperty.RecordsWithoutNudge, 12)
                .With(NodeProperty.ProviderStarts, 13).With(NodeProperty.ShortLendings, 14),
        },
        effects.Aggregate(NodeTotals.Zero, (totals, effect) => totals.With(effect)) with { HookDeadlines = 15 },
        StaleRecords: 3);

    public static StateChanged Left(NodeState from, NodeState to, double seconds) =>
        new(from, to, Reason.IdleDelay, TimeSpan.FromSeconds(seconds), [], Again: false);
}
