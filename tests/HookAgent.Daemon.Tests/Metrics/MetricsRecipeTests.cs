using System.Globalization;
using System.Text.RegularExpressions;
using HookAgent.Core.Node;
using HookAgent.Daemon.Metrics;

namespace HookAgent.Daemon.Tests.Metrics;

/// <summary>
/// The manual's PromQL, evaluated by Prometheus's own engine over what is scraped in a week: a lending of three days,
/// in which the file is not written once, between jobs.
/// </summary>
public sealed class MetricsRecipeTests
{
    private const int Minute = 60;
    private const int Day = 24 * 60;

    [Fact]
    public void Time_in_a_state_is_right_also_while_it_lasts()
    {
        // Busy for a day, lent for three, busy for a day, lent since then. Scraped each minute.
        (NodeState State, int Minutes)[] week = [(NodeState.Busy, Day), (NodeState.Lending, 3 * Day), (NodeState.Busy, Day), (NodeState.Lending, Day)];
        Dictionary<string, List<string>> series = [];
        MetricsSnapshot now = Snapshots.Lent();
        int minute = 0;
        for (int i = 0; i < week.Length; i++)
        {
            now = now with { Status = now.Status with { State = week[i].State.Word(), Since = (ulong)minute * Minute * 1_000_000 } };
            for (int end = minute + week[i].Minutes; minute < end; minute++)
            {
                foreach (string line in MetricsText.Render(now).Split('\n').Where(line => line.StartsWith("hookagent_state", StringComparison.Ordinal)))
                {
                    (series.TryGetValue(line[..line.LastIndexOf(' ')], out List<string>? values) ? values : series[line[..line.LastIndexOf(' ')]] = []).Add(line[(line.LastIndexOf(' ') + 1)..]);
                }
            }

            if (i + 1 < week.Length)
            {
                now = now with { Totals = now.Totals.With(Snapshots.Left(week[i].State, week[i + 1].State, week[i].Minutes * Minute)) };
            }
        }

        string[] recipes = Recipes();
        Assert.Equal(3, recipes.Length);
        string[] at =
        [
            // Two days into the first lending, and at its last minute: nothing has been written for days.
            Check(recipes[0], 3 * Day, 1, "lending"), Check(recipes[0], (2 * Day) - 1, 1, "lending"), Check(recipes[0], (4 * Day) + (Day / 2), 0.5, "lending"),
            Check(recipes[1], 3 * Day, 2 * 86_400, "lending"), Check(recipes[1], (6 * Day) - 1, (4 * 86_400) - 60, "lending"), Check(recipes[1], 3 * Day, 86_400, "busy"),
            Check(recipes[2], 6 * Day - 1, 4 * 24, ""),
        ];
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["test.yml"], $"""
            evaluation_interval: 1m
            tests:
              - interval: 1m
                input_series:
            {string.Concat(series.Select(one => $"      - series: '{Instance(one.Key)}'\n        values: '{Short(one.Value)}'\n"))}
                promql_expr_test:
            {string.Concat(at)}
            """);
        Assert.Contains("SUCCESS", Child.Run("promtool", "test", "rules", folder["test.yml"]), StringComparison.Ordinal);
    }

    /// <summary>The indented PromQL of the manual's METRICS section.</summary>
    private static string[] Recipes()
    {
        string manual = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "hookagentd.8.scd"));
        string section = manual[manual.IndexOf("\n# METRICS\n", StringComparison.Ordinal)..manual.IndexOf("\n# UPGRADES\n", StringComparison.Ordinal)];
        return [.. Regex.Matches(section, "```\n(.*?)\n```", RegexOptions.Singleline).Select(match => match.Groups[1].Value)];
    }

    /// <summary>The recipe's value at a minute, within a thousandth: a range of Prometheus's is a sample more or less.</summary>
    private static string Check(string recipe, int minute, double value, string state) => string.Create(CultureInfo.InvariantCulture, $"""
              - expr: abs(sum(({recipe.Replace("\n", " ", StringComparison.Ordinal)}){(state.Length > 0 ? $" * on (state) group_left () max by (state) (hookagent_state{{state=\"{state}\"}} >= bool 0)" : "")}) - {value}) <= bool {Math.Max(value, 1) * 0.002}
                eval_time: {minute}m
                exp_samples:
                  - labels: '{"{}"}'
                    value: 1

        """);

    private static string Instance(string series) => series.Contains('{', StringComparison.Ordinal)
        ? series.Replace("{", "{instance=\"com0\",job=\"node\",", StringComparison.Ordinal)
        : $"{series}{{instance=\"com0\",job=\"node\"}}";

    /// <summary>promtool's "value x times": the value and so many more.</summary>
    private static string Short(List<string> values)
    {
        List<string> runs = [];
        for (int i = 0, end; i < values.Count; i = end)
        {
            for (end = i + 1; end < values.Count && values[end] == values[i]; end++)
            {
            }

            runs.Add(string.Create(CultureInfo.InvariantCulture, $"{values[i]}+0x{end - i - 1}"));
        }

        return string.Join(' ', runs);
    }
}
