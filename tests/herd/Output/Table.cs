using System.Globalization;
using HookAgent.Herd.Scenarios;

namespace HookAgent.Herd.Output;

/// <summary>A table of Markdown, whose columns are as wide as what is in them.</summary>
internal static class Table
{
    private static readonly string[] s_head = ["scenario", "StartJitter", "starts/s at most", "95 % lend after", "probes/s at most"];

    public static string Of(IEnumerable<Row> rows)
    {
        List<string[]> lines = [s_head, .. rows.Select(static row => row.Cells())];
        int[] widths = [.. s_head.Select((_, column) => lines.Max(line => line[column].Length))];
        lines.Insert(1, [.. widths.Select((width, column) => column == 0 ? new string('-', width) : new string('-', width - 1) + ":")]);
        return string.Concat(lines.Select(line => $"| {string.Join(" | ", line.Select((cell, column) =>
            column == 0 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column])))} |\n"));
    }
}

/// <summary>One run.</summary>
internal sealed record Row(Scenario Scenario, TimeSpan Jitter, Outcome Outcome)
{
    public string[] Cells() =>
    [
        Scenario.Title,
        string.Create(CultureInfo.InvariantCulture, $"{Jitter.TotalSeconds} s"),
        Outcome.MostStarts.ToString(CultureInfo.InvariantCulture),
        double.IsFinite(Outcome.LentAfter) ? string.Create(CultureInfo.InvariantCulture, $"{Outcome.LentAfter:0.0} s") : "never",
        Outcome.MostProbes.ToString(CultureInfo.InvariantCulture),
    ];
}
