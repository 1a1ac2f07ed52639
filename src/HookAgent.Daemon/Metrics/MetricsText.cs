using System.Globalization;
using System.Text;
using HookAgent.Bus;
using HookAgent.Core.Node;
using HookAgent.Daemon.State;

namespace HookAgent.Daemon.Metrics;

/// <summary>
/// The metrics in Prometheus's text format 0.0.4, which node_exporter's textfile collector reads. A name, once
/// published, keeps its meaning; hookagentd(8) lists them.
/// </summary>
internal sealed class MetricsText
{
    private readonly StringBuilder _text = new(8192);

    public static string Render(MetricsSnapshot now)
    {
        MetricsText text = new();
        text.Node(now.Status, now.Totals);
        text.Jobs(now.Status, now.Totals);
        text.Provider(now.Status, now.Totals);
        text.Begin("start_time_seconds", "gauge", "When hookagentd started, which is when the counters began at 0, in seconds since 1970.");
        text.Sample("start_time_seconds", "", Seconds(now.Started - DateTimeOffset.UnixEpoch));
        text.Begin("info", "gauge", "1, with the version of hookagentd and the unit that the node is lent to.");
        text.Sample("info", $"version={Quoted(now.Status.Version)},unit={Quoted(now.Status.Unit)}", "1");
        return text._text.ToString();
    }

    private void Node(NodeStatus status, NodeTotals totals)
    {
        Begin("state", "gauge", "1 for the state that the node is in, 0 for the others.");
        foreach (NodeState state in Enum.GetValues<NodeState>())
        {
            Sample("state", Label("state", state.Word()), status.State == state.Word() ? "1" : "0");
        }

        Begin("state_reason", "gauge", "1, with the reason why the node is in its state.");
        Sample("state_reason", Label("reason", status.Reason), "1");
        Begin("state_since_timestamp_seconds", "gauge", "When the node entered the state it is in, in seconds since 1970.");
        Sample("state_since_timestamp_seconds", "", Seconds(TimeSpan.FromMicroseconds(status.Since)));
        Begin("state_seconds_total", "counter", "Time spent in each state until the state was left; the time since is not in it.");
        foreach (NodeState state in Enum.GetValues<NodeState>())
        {
            Sample("state_seconds_total", Label("state", state.Word()), Seconds(TimeSpan.FromMicroseconds(totals.StateUsec[(int)state])));
        }
    }

    private void Jobs(NodeStatus status, NodeTotals totals)
    {
        Begin("jobs", "gauge", "Slurm jobs on the node.");
        Sample("jobs", "", Number((ulong)status.Jobs.Count));
        Counter("jobs_seen_total", "Slurm jobs that came to the node.", status.JobsSeen);
        Counter("records_without_nudge_total", "Jobs whose Prolog could not tell hookagentd of them; it saw their record.", status.RecordsWithoutNudge);
        Histogram("handover_seconds", "From the first instruction of a job's hook to the provider being off.", totals.Handovers);
        Histogram("overlap_seconds", "How long a job that met the provider may have run beside it.", totals.Overlaps);
    }

    private void Provider(NodeStatus status, NodeTotals totals)
    {
        Counter("provider_starts_total", "Starts of the provider that hookagentd asked systemd for.", status.ProviderStarts);
        Counter(
            "provider_short_lendings_total",
            $"Lendings that hookagentd ended within {Number((ulong)ShortLending.Limit.TotalSeconds)} s of the provider being up, or before it was up.",
            status.ShortLendings);
        Begin("provider_stops_total", "counter", "Stops of the provider by hookagentd, by what it took.");
        foreach (StopStage stage in (ReadOnlySpan<StopStage>)[StopStage.Asked, StopStage.SecondSignal, StopStage.ProcessesRemain, StopStage.Killed])
        {
            Sample("provider_stops_total", Label("kind", stage.Word()), Number(totals.Stops[(int)stage]));
        }

        Begin("provider_failures_total", "counter", "Failures of the provider to start or to stay up, by reason.");
        foreach (Reason reason in Enum.GetValues<Reason>())
        {
            if (reason.State() is NodeState.Failed)
            {
                Sample("provider_failures_total", Label("reason", reason.Word()), Number(totals.Failures[(int)reason]));
            }
        }
    }

    private void Counter(string name, string help, ulong value)
    {
        Begin(name, "counter", help);
        Sample(name, "", Number(value));
    }

    private void Histogram(string name, string help, DurationHistogram histogram)
    {
        Begin(name, "histogram", help);
        for (int i = 0; i < histogram.Buckets.Length; i++)
        {
            Sample($"{name}_bucket", Label("le", Short(TimeSpan.FromMilliseconds(DurationHistogram.Bounds[i]))), Number(histogram.Buckets[i]));
        }

        Sample($"{name}_bucket", Label("le", "+Inf"), Number(histogram.Count));
        Sample($"{name}_sum", "", Seconds(histogram.Sum));
        Sample($"{name}_count", "", Number(histogram.Count));
    }

    private void Begin(string name, string type, string help) =>
        _text.Append("# HELP hookagent_").Append(name).Append(' ').Append(help).Append('\n')
            .Append("# TYPE hookagent_").Append(name).Append(' ').Append(type).Append('\n');

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
