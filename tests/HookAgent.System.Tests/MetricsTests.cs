using System.Text.Json;
using HookAgent.Core.Journal;
using HookAgent.Core.Time;
using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests;

/// <summary>The agent's metrics as Prometheus gets them: through Debian's node exporter, from the shipped, sandboxed unit.</summary>
public sealed class MetricsTests(SystemFixture fixture, ITestOutputHelper output) : SystemTest(fixture, output)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Fact]
    public void What_is_scraped_agrees_with_hookctl_status() => Scraped(exporter =>
    {
        Bench.BeginLent("[Node]\nIdleDelay=500ms\n[Hook]\nPrologWait=15s\n");
        Agrees(exporter, "lending", "running");
        double since = exporter.Value("hookagent_state_since_timestamp_seconds") ?? 0;
        string job = Slurm.Sbatch(4);
        Agent.WaitFor("busy", "jobs-recorded");
        Agrees(exporter, "busy", "jobs-recorded");
        Slurm.Completed(job);
        Agent.WaitUntilLent();
        Agrees(exporter, "lending", "running");

        Dictionary<string, double> values = exporter.Values();
        Assert.Equal(1, values["hookagent_handover_seconds_count"]);
        Assert.Equal(1, values["hookagent_overlap_seconds_bucket{le=\"0\"}"]);
        Assert.Equal(1, values["hookagent_provider_stops_total{kind=\"clean\"}"]);
        Assert.Equal(0, values["node_textfile_scrape_error"]);

        // All time since the agent's start is in the counters, but for what the present state has lasted.
        double counted = values.Where(value => value.Key.StartsWith("hookagent_state_seconds_total", StringComparison.Ordinal)).Sum(value => value.Value);
        double wanted = values["hookagent_state_since_timestamp_seconds"] - values["hookagent_start_time_seconds"];
        Assert.InRange(counted - wanted, -0.25, 0.25);
        Assert.InRange(values["hookagent_state_seconds_total{state=\"busy\"}"], 3.5, 30);
        Assert.True(values["hookagent_state_since_timestamp_seconds"] > since + 3.5);

        string page = string.Join('\n', exporter.Scrape().Split('\n').Where(line => line.Contains("hookagent_", StringComparison.Ordinal)));
        CommandResult promtool = Command.Run(["promtool", "check", "metrics"], s_patience, page + "\n");
        Assert.Equal((0, ""), (promtool.ExitCode, promtool.Output + promtool.Error));
        Figure($"{page.Split('\n').Count(line => line[0] != '#')} samples scraped, handover {values["hookagent_handover_seconds_sum"] * 1000:0.0} ms");
    });

    [Fact]
    public void A_provider_that_fails_and_one_that_must_be_killed_are_counted_by_kind() => Scraped(exporter =>
    {
        Bench.Begin("[Node]\nIdleDelay=100ms\n", "exit_after=0.1\nexit_code=1\n");
        Eventually.True("two failures are counted", s_patience, () => exporter.Value("hookagent_provider_failures_total{reason=\"provider-exited\"}") >= 2);
        Bench.BeginLent("[Node]\nIdleDelay=100ms\nStopGrace=200ms\n", "ignore_sigterm=yes");
        Assert.Equal(0, exporter.Value("hookagent_provider_failures_total{reason=\"provider-exited\"}"));
        _ = Slurm.Srun(4);
        Eventually.True("the stop is counted", s_patience, () => exporter.Value("hookagent_provider_stops_total{kind=\"sigkill\"}") == 1);
        Dictionary<string, double> values = exporter.Values();
        Assert.Equal((1, 1), (values["hookagent_provider_short_lendings_total"], values["hookagent_overlap_seconds_count"]));
        Assert.Equal(0, values["hookagent_overlap_seconds_bucket{le=\"1\"}"]);
    });

    [Fact]
    public void They_are_written_on_changes_alone_and_go_with_the_agent() => Story(() =>
    {
        Bench.BeginLent("[Node]\nIdleDelay=100ms\n");
        Eventually.True("the last change is written", s_patience, () => Node.Run("grep", "-c", "state=\"lending\"} 1$", Exporter.TextFile).Text == "1");
        string written = Node.Run("stat", "--format=%a %u %i %y", Exporter.TextFile).Text;
        Assert.StartsWith("644 0 ", written, StringComparison.Ordinal);

        // The agent wakes up twice for its watchdog meanwhile.
        for (int i = 0; i < 2; i++)
        {
            string fed = Node.UnitProperty(Agent.Unit, "WatchdogTimestampMonotonic");
            Eventually.True("the watchdog is fed", s_patience, () => Node.UnitProperty(Agent.Unit, "WatchdogTimestampMonotonic") != fed);
        }

        Assert.Equal(written, Node.Run("stat", "--format=%a %u %i %y", Exporter.TextFile).Text);
        Agent.Stop();
        Assert.False(Node.Try("test", "-e", Exporter.TextFile).Succeeded);
        Assert.Empty(Node.Run("ls", "-A", "/var/lib/prometheus/node-exporter").Lines);
    });

    [Fact]
    public void A_folder_that_vanishes_is_told_once_and_no_job_minds() => Story(() =>
    {
        const string folder = "/var/lib/prometheus/node-exporter";
        Bench.BeginLent("[Node]\nIdleDelay=100ms\n");
        BootTime since = BootClock.Now();
        Node.Run("rm", "-r", folder);
        try
        {
            for (int i = 0; i < 3; i++)
            {
                _ = Slurm.Srun(0.2);
                Agent.WaitUntilLent();
            }

            JournalEntry[] told = Journal.Find(since, $"MESSAGE_ID={NodeMessageIds.StateFileFailed}");

            // A dozen files could not be written: told for the 1st, 2nd, 4th and 8th at most.
            Assert.InRange(told.Length, 1, 5);
            Assert.StartsWith($"Cannot write {Exporter.TextFile}: ", told[0].Message, StringComparison.Ordinal);
        }
        finally
        {
            Node.Run("mkdir", "-p", folder);
        }
    });

    private void Scraped(Action<Exporter> body) => Story(() =>
    {
        Exporter exporter = new(Node);
        exporter.Start();
        try
        {
            body(exporter);
        }
        finally
        {
            exporter.Stop();
        }
    });

    /// <summary>What hookctl says, and the exporter a moment later: each value, once both are about the same state.</summary>
    private void Agrees(Exporter exporter, string state, string reason)
    {
        string said = "", differs = "";
        Eventually.Get(
            $"the metrics agree with hookctl status on a node that is {state}", s_patience,
            () =>
            {
                said = Node.Run("hookctl", "status", "--json").Output;
                differs = string.Join(", ", Differences(exporter.Values(), said, state, reason));
                return differs.Length == 0 ? "" : null;
            },
            () => $"They differ in {differs}; hookctl: {said}");
    }

    private static IEnumerable<string> Differences(Dictionary<string, double> values, string json, string state, string reason)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        JsonElement status = document.RootElement;
        JsonElement counters = status.GetProperty("counters");
        Dictionary<string, double> wanted = new()
        {
            [$"hookagent_state{{state=\"{status.GetProperty("state").GetString()}\"}}"] = 1,
            [$"hookagent_state{{state=\"{state}\"}}"] = 1,
            [$"hookagent_state_reason{{reason=\"{status.GetProperty("reason").GetString()}\"}}"] = 1,
            [$"hookagent_state_reason{{reason=\"{reason}\"}}"] = 1,
            ["hookagent_jobs"] = status.GetProperty("jobs").GetArrayLength(),
            ["hookagent_jobs_seen_total"] = counters.GetProperty("jobs_seen").GetDouble(),
            ["hookagent_records_without_nudge_total"] = counters.GetProperty("records_without_nudge").GetDouble(),
            ["hookagent_provider_starts_total"] = counters.GetProperty("provider_starts").GetDouble(),
            ["hookagent_provider_short_lendings_total"] = counters.GetProperty("short_lendings").GetDouble(),
            [$"hookagent_info{{unit=\"{status.GetProperty("unit").GetString()}\",version=\"{status.GetProperty("version").GetString()}\"}}"] = 1,
        };
        foreach ((string sample, double value) in wanted)
        {
            if (!values.TryGetValue(sample, out double scraped) || scraped != value)
            {
                yield return $"{sample}: {value} and {(values.ContainsKey(sample) ? scraped : "nothing")}";
            }
        }

        double hot = values.Where(one => one.Key.StartsWith("hookagent_state{", StringComparison.Ordinal)).Sum(one => one.Value);
        double stops = values.Where(one => one.Key.StartsWith("hookagent_provider_stops_total", StringComparison.Ordinal)).Sum(one => one.Value);
        if (hot != 1 || stops != counters.GetProperty("provider_stops").GetDouble())
        {
            yield return $"{hot} states at once, or {stops} stops";
        }

        double since = (status.GetProperty("since").GetDateTimeOffset() - DateTimeOffset.UnixEpoch).TotalSeconds;
        if (Math.Abs(values["hookagent_state_since_timestamp_seconds"] - since) > 0.001)
        {
            yield return "since when";
        }
    }
}
