using System.Globalization;
using System.Text;
using HookAgent.Bus;
using HookAgent.Core.Node;
using HookAgent.Daemon.State;

namespace HookAgent.Daemon.Metrics;

/// <summary>
/// The metrics in Prometheus's text format 0.0.4, which node_exporter's textfile collector reads. Their names, types and HELP lines
/// are in the tables <see cref="NodeProperty"/> and <see cref="NodeMetric"/>.
/// </summary>
internal sealed class MetricsText
{
    private readonly StringBuilder _text = new(8192);

    public static string Render(MetricsSnapshot now)
    {
        MetricsText text = new();
        text.Node(now.Status, now.Totals);
        text.Counters(now.Status.Counts);
        text.Single(NodeMetric.StaleRecords, "", Number((ulong)now.StaleRecords));
        text.Single(NodeMetric.HookDeadlines, "", Number(now.Totals.HookDeadlines));
        text.Single(NodeMetric.PrologWaitsExceeded, "", Number(now.Totals.PrologWaitsExceeded));
        text.Handovers(now.Totals);
        text.Provider(now.Totals);
        text.Single(NodeMetric.StartTime, "", Seconds(now.Started - DateTimeOffset.UnixEpoch));
        text.Single(NodeMetric.Info, $"version={Quoted(now.Status.Version)},unit={Quoted(now.Status.Unit)}", "1");
        return text._text.ToString();
    }

    private void Node(NodeStatus status, NodeTotals totals)
    {
        Begin(NodeMetric.State);
        foreach (NodeState state in Enum.GetValues<NodeState>())
        {
            Sample(NodeMetric.State.Name, Label("state", state.Word()), status.State == state.Word() ? "1" : "0");
        }

        Single(NodeMetric.Reason, Label("reason", status.Reason), "1");
        Single(NodeMetric.Since, "", Seconds(TimeSpan.FromMicroseconds(status.Since)));
        Begin(NodeMetric.StateSeconds);
        foreach (NodeState state in Enum.GetValues<NodeState>())
        {
            Sample(NodeMetric.StateSeconds.Name, Label("state", state.Word()), Seconds(TimeSpan.FromMicroseconds(totals.StateUsec[(int)state])));
        }

        Single(NodeMetric.Jobs, "", Number((ulong)status.Jobs.Count));
    }

    private void Counters(NodeCounts counts)
    {
        foreach (NodeCounter counter in NodeProperty.Counters)
        {
            if (counter.Metric is { } metric)
            {
                Single(metric, "", Number(counts[counter]));
            }
        }
    }

    private void Handovers(NodeTotals totals)
    {
        Histogram(NodeMetric.HandoverSeconds, totals.Handovers);
        Histogram(NodeMetric.OverlapSeconds, totals.Overlaps);
    }

    private void Provider(NodeTotals totals)
    {
        Begin(NodeMetric.Stops);
        foreach (StopStage stage in (ReadOnlySpan<StopStage>)[StopStage.Asked, StopStage.SecondSignal, StopStage.ProcessesRemain, StopStage.Killed])
        {
            Sample(NodeMetric.Stops.Name, Label("kind", stage.Word()), Number(totals.Stops[(int)stage]));
        }

        Begin(NodeMetric.Failures);
        foreach (Reason reason in Enum.GetValues<Reason>())
        {
            if (reason.State() is NodeState.Failed)
            {
                Sample(NodeMetric.Failures.Name, Label("reason", reason.Word()), Number(totals.Failures[(int)reason]));
            }
        }
    }

    private void Histogram(NodeMetric metric, DurationHistogram histogram)
    {
        string name = metric.Name;
        Begin(metric);
        for (int i = 0; i < histogram.Buckets.Length; i++)
        {
            Sample($"{name}_bucket", Label("le", Short(TimeSpan.FromMilliseconds(DurationHistogram.Bounds[i]))), Number(histogram.Buckets[i]));
        }

        Sample($"{name}_bucket", Label("le", "+Inf"), Number(histogram.Count));
        Sample($"{name}_sum", "", Seconds(histogram.Sum));
        Sample($"{name}_count", "", Number(histogram.Count));
    }

    private void Single(NodeMetric metric, string labels, string value)
    {
        Begin(metric);
        Sample(metric.Name, labels, value);
    }

    private void Begin(NodeMetric metric) =>
        _text.Append("# HELP hookagent_").Append(metric.Name).Append(' ').Append(metric.Help).Append('\n')
            .Append("# TYPE hookagent_").Append(metric.Name).Append(' ').Append(metric.Type).Append('\n');

    private void Sample(string name, string labels, string value)
    {
        _text.Append("hookagent_").Append(name);
        if (labels.Length > 0)
        {
            _text.Append('{').Append(labels).Append('}');
        }

        _text.Append(' ').Append(value).Append('\n');
    }

    private static string Label(string name, string value) => $"{name}={Quoted(value)}";

    /// <summary>Unit names may have backslashes (systemd.unit(5)).</summary>
    private static string Quoted(string value) => $"\"{value.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n")}\"";

    private static string Number(ulong value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>In whole microseconds, without the detour over a binary fraction.</summary>
    private static string Seconds(TimeSpan span) => string.Create(
        CultureInfo.InvariantCulture, $"{span.Ticks / TimeSpan.TicksPerSecond}.{span.Ticks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond:000000}");

    private static string Short(TimeSpan bound) => Seconds(bound).TrimEnd('0').TrimEnd('.');
}
