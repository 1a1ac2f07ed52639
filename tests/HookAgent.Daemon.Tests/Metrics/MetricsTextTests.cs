using System.Text.RegularExpressions;
using HookAgent.Bus;
using HookAgent.Core.Jobs;
using HookAgent.Core.Node;
using HookAgent.Daemon.Metrics;
using HookAgent.Daemon.State;

namespace HookAgent.Daemon.Tests.Metrics;

public sealed partial class MetricsTextTests
{
    private static readonly JobId s_job = JobId.TryParse("17", out JobId job) ? job : default;

    [Fact]
    public void The_state_is_one_hot_over_all_seven()
    {
        string[] lines = Samples("hookagent_state{", Snapshots.Lent());
        Assert.Equal(Enum.GetValues<NodeState>().Select(state => $"hookagent_state{{state=\"{state.Word()}\"}} {(state is NodeState.Lending ? 1 : 0)}"), lines);
        Assert.Equal(["hookagent_state_reason{reason=\"running\"} 1"], Samples("hookagent_state_reason{", Snapshots.Lent()));
        Assert.Equal(["hookagent_state_since_timestamp_seconds 1772370000.000001"], Samples("hookagent_state_since", Snapshots.Lent()));
    }

    [Fact]
    public void Seconds_count_in_the_state_that_was_left_and_a_new_reason_leaves_none()
    {
        string[] lines = Samples("hookagent_state_seconds_total", Snapshots.Lent(
            Snapshots.Left(NodeState.Settling, NodeState.Lending, 10.5),
            Snapshots.Left(NodeState.Lending, NodeState.Lending, 5),
            Snapshots.Left(NodeState.Lending, NodeState.Reclaiming, 259_200),
            Snapshots.Left(NodeState.Reclaiming, NodeState.Settling, 0.000_042),
            Snapshots.Left(NodeState.Settling, NodeState.Busy, 2)));
        Assert.Equal(7, lines.Length);
        Assert.Contains("hookagent_state_seconds_total{state=\"settling\"} 12.500000", lines);
        Assert.Contains("hookagent_state_seconds_total{state=\"lending\"} 259200.000000", lines);
        Assert.Contains("hookagent_state_seconds_total{state=\"reclaiming\"} 0.000042", lines);
        Assert.Contains("hookagent_state_seconds_total{state=\"busy\"} 0.000000", lines);
    }

    [Fact]
    public void Handovers_and_overlaps_are_in_their_buckets()
    {
        MetricsSnapshot now = Snapshots.Lent(Handover(4.2, 0), Handover(5, 0), Handover(5.001, 1.001), Handover(31_000, 30_999));
        Assert.Equal(
            [
                "0", "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1", "2.5", "5", "10", "12.5", "15", "30", "+Inf",
            ],
            Samples("hookagent_handover_seconds_bucket", now).Select(line => line.Split('"')[1]));
        Assert.Equal(
            "0 2 3 3 3 3 3 3 3 3 3 3 3 3 3 4", string.Join(' ', Samples("hookagent_handover_seconds_bucket", now).Select(line => line.Split(' ')[1])));
        Assert.Equal(["hookagent_handover_seconds_sum 31.014201"], Samples("hookagent_handover_seconds_sum", now));
        Assert.Equal(["hookagent_handover_seconds_count 4"], Samples("hookagent_handover_seconds_count", now));
        Assert.Equal(
            "2 3 3 3 3 3 3 3 3 3 3 3 3 3 3 4", string.Join(' ', Samples("hookagent_overlap_seconds_bucket", now).Select(line => line.Split(' ')[1])));
    }

    [Fact]
    public void Stops_and_failures_are_told_by_kind_and_those_that_never_were_as_zero()
    {
        MetricsSnapshot now = Snapshots.Lent(
            Stopped(StopStage.Asked), Stopped(StopStage.Killed), Stopped(StopStage.Survived),
            new ProviderFailed(Reason.StartTimeout, 1, default, default, "", 1), new ProviderFailed(Reason.StartTimeout, 2, default, default, "", 1));
        Assert.Equal(
            [
                "hookagent_provider_stops_total{kind=\"clean\"} 1", "hookagent_provider_stops_total{kind=\"second-signal\"} 0",
                "hookagent_provider_stops_total{kind=\"processes-remain\"} 0", "hookagent_provider_stops_total{kind=\"sigkill\"} 2",
            ],
            Samples("hookagent_provider_stops_total", now));
        Assert.Equal(
            [
                "start-failed 0", "start-timeout 2", "dependency-failed 0", "condition-unmet 0", "provider-exited 0", "unit-missing 0",
                "bad-unit 0", "transaction-conflict 0", "start-refused 0",
            ],
            Samples("hookagent_provider_failures_total", now).Select(line => line.Split('"') is [_, var reason, var value] ? reason + value[1..] : line));
    }

    [Fact]
    public void A_Prolog_that_waited_in_vain_is_counted() => Assert.Equal(
        ["hookagent_prolog_waits_exceeded_total 2"],
        Samples("hookagent_prolog", Snapshots.Lent(new PrologWaitOver(s_job, default), new PrologWaitOver(s_job, default), Handover(3, 1))));

    [Fact]
    public void What_the_bus_shows_is_told_the_same()
    {
        MetricsSnapshot now = Snapshots.Lent();
        Assert.Equal(["hookagent_jobs 2", "hookagent_jobs_seen_total 11"], Samples("hookagent_jobs", now));
        Assert.Equal(["hookagent_records_without_nudge_total 12"], Samples("hookagent_records", now));
        Assert.Equal(["hookagent_stale_records 3"], Samples("hookagent_stale", now));
        Assert.Equal(["hookagent_hook_deadlines_total 15"], Samples("hookagent_hook", now));
        Assert.Equal(["hookagent_provider_starts_total 13"], Samples("hookagent_provider_starts", now));
        Assert.Equal(["hookagent_provider_short_lendings_total 14"], Samples("hookagent_provider_short", now));
        Assert.Equal(["hookagent_start_time_seconds 1772366400.250000"], Samples("hookagent_start", now));
        Assert.Equal(["""hookagent_info{version="1.2.3",unit="a\\x2db\"c.service"} 1"""], Samples("hookagent_info", now));
    }

    [Fact]
    public void Promtool_has_nothing_to_say_against_them()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["a.prom"], MetricsText.Render(Snapshots.Lent(Handover(3, 1), Stopped(StopStage.Asked))));
        Assert.Equal("", Child.Run("sh", "-c", "exec promtool check metrics <\"$1\"", "sh", folder["a.prom"]));
    }

    [Fact]
    public void The_manual_has_each_metric_with_its_help_and_no_other()
    {
        Dictionary<string, string> published = MetricsText.Render(Snapshots.Lent()).Split('\n')
            .Where(line => line.StartsWith("# HELP ", StringComparison.Ordinal))
            .ToDictionary(line => line.Split(' ')[2], line => string.Join(' ', line.Split(' ')[3..]));
        string manual = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "hookagentd.8.scd"));
        int from = manual.IndexOf("\n# METRICS\n", StringComparison.Ordinal);
        string section = manual[from..manual.IndexOf("\n# ", from + 1, StringComparison.Ordinal)];
        Dictionary<string, string> described = Item().Matches(section).ToDictionary(item => item.Groups[1].Value, item => item.Groups[2].Value);
        Assert.Equal(published.Keys, described.Keys);
        Assert.All(published, metric => Assert.StartsWith(metric.Value, described[metric.Key], StringComparison.Ordinal));
    }

    [Fact]
    public void A_lending_is_short_as_long_as_the_table_says() =>
        Assert.Contains($" {ShortLending.Limit.TotalSeconds} s ", NodeProperty.ShortLendings.Sentence, StringComparison.Ordinal);

    private static HandoverDone Handover(double milliseconds, double overlap) =>
        new(s_job, TimeSpan.FromMilliseconds(milliseconds), TimeSpan.FromMilliseconds(overlap));

    private static ProviderStopped Stopped(StopStage stage) => new(stage, default, null, []);

    private static string[] Samples(string prefix, MetricsSnapshot now) =>
        [.. MetricsText.Render(now).Split('\n').Where(line => line.StartsWith(prefix, StringComparison.Ordinal))];

    /// <summary>scdoc's form of a metric, perhaps with labels, and the paragraph indented below it.</summary>
    [GeneratedRegex(@"^_(hookagent_[a-z_]+)_(?:\{[a-z,]+\})?\n\t(.*)$", RegexOptions.Multiline)]
    private static partial Regex Item();
}
