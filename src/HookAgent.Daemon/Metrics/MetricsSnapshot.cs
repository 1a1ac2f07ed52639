using HookAgent.Bus;
using HookAgent.Daemon.State;

namespace HookAgent.Daemon.Metrics;

/// <summary>All that the metrics are made from, at one moment; what hookctl status shows is a part of it.</summary>
/// <param name="Started">When the agent started, and began to count.</param>
/// <param name="StaleRecords">How many there are.</param>
internal sealed record MetricsSnapshot(DateTimeOffset Started, NodeStatus Status, NodeTotals Totals, int StaleRecords);
