using System.Globalization;
using System.Text.Json.Nodes;
using HookAgent.Ctl.Output;
using HookAgent.Report;
using HookAgent.Report.Timeline;

namespace HookAgent.Ctl.Report;

/// <summary>One figure of two reports. Null is unknown, or nothing to measure.</summary>
/// <param name="Name">Its keys in the JSON of a report, with dots between.</param>
internal sealed record ComparedFigure(string Name, double? Before, double? After)
{
    public double? Difference => After - Before;

    /// <summary>After divided by before; null where there is no such number.</summary>
    public double? Ratio => Before is 0 ? null : After / Before;

    /// <summary>The times out of action are keyed by why.</summary>
    public bool IsTime => Name.Contains("usec", StringComparison.Ordinal);

    public bool IsShare => Name.EndsWith(".share", StringComparison.Ordinal) || Name == "harvested";
}

/// <summary>Two reports side by side: every number that the JSON of one of them has.</summary>
internal sealed record Comparison(ReportResult Before, ReportResult After)
{
    /// <summary>Beyond this ratio of the node time, counts and sums say more of the time than of what was changed.</summary>
    private const double MostUnlike = 1.1;

    /// <summary>Of all nodes together, in the order of the JSON.</summary>
    private IReadOnlyList<ComparedFigure> Figures =>
    [
        new("nodes", Before.Nodes.Count, After.Nodes.Count),
        new("span_usec", Before.Span.Length, After.Span.Length),
        new("node_usec", Before.All.TotalUsec, After.All.TotalUsec),
        .. Numbers("", ReportJson.Of(Before.All), ReportJson.Of(After.All)),
    ];

    /// <summary>For people: a line a figure. Figures that are 0 or unknown in both are left out.</summary>
    public void Write(Terminal to, TimeZoneInfo zone)
    {
        to.Say($"before  {TimeText.Local(Before.Span.From, zone)} to {TimeText.Local(Before.Span.To, zone)}");
        to.Say($"after   {TimeText.Local(After.Span.From, zone)} to {TimeText.Local(After.Span.To, zone)}");
        to.Out.WriteLine();
        TextTable.Write(to.Out, [["FIGURE", "BEFORE", "AFTER", "DIFFERENCE", "RATIO"], .. Figures.Where(static figure => figure is not { Before: null or 0, After: null or 0 }).Select(Row)], areNumbers: true, width: to.Width);
        if ((double)After.All.TotalUsec / Math.Max(1, Before.All.TotalUsec) is > MostUnlike or < 1 / MostUnlike)
        {
            to.Out.WriteLine();
            to.Say("The two differ in node time: compare shares and percentiles rather than counts and sums.");
        }

        foreach (string note in (string[])[.. ReportNotes.Of(Before).Select(static note => $"Before: {note}"), .. ReportNotes.Of(After).Select(static note => $"After: {note}")])
        {
            to.Out.WriteLine();
            to.Say(note);
        }
    }

    /// <summary>For programs: both reports, as each alone would be, and the figures.</summary>
    public JsonObject Json() => new()
    {
        ["before"] = ReportJson.Of(Before),
        ["after"] = ReportJson.Of(After),
        ["figures"] = new JsonObject(Figures.Select(static figure => KeyValuePair.Create<string, JsonNode?>(figure.Name, new JsonObject
        {
            ["before"] = Rounded(figure.Before),
            ["after"] = Rounded(figure.After),
            ["difference"] = Rounded(figure.Difference),
            ["ratio"] = Rounded(figure.Ratio),
        }))),
    };

    /// <summary>An object may be null in one of the two, which then knows none of its numbers.</summary>
    private static IEnumerable<ComparedFigure> Numbers(string prefix, JsonObject? before, JsonObject? after) => (before ?? []).Concat(after ?? []).Select(static member => member.Key).Distinct().SelectMany(name =>
        (before?[name], after?[name]) switch
        {
            var (one, other) when one is JsonObject || other is JsonObject => Numbers($"{prefix}{name}.", one as JsonObject, other as JsonObject),
            _ => [new ComparedFigure(prefix + name, Number(before, name), Number(after, name))],
        });

    /// <summary>Unknown where it is null, or the object is; what an object does not name is 0 in it, such as the time of a reason.</summary>
    private static double? Number(JsonObject? of, string name) =>
        of?[name] is { } value ? double.Parse(value.ToString(), CultureInfo.InvariantCulture)
        : of?.ContainsKey(name) is false ? 0
        : null;

    private static double? Rounded(double? value) => value is { } known ? Math.Round(known, 6) : null;

    private static string[] Row(ComparedFigure figure) =>
    [
        figure.Name,
        Text(figure, figure.Before),
        Text(figure, figure.After),
        Difference(figure),
        figure.Ratio?.ToString("0.00", CultureInfo.InvariantCulture) ?? "",
    ];

    private static string Text(ComparedFigure figure, double? value) => value switch
    {
        null => "?",
        { } usec when figure.IsTime => TimeText.Short((long)usec),
        { } share when figure.IsShare => TimeText.Percent(share),
        { } number => number.ToString("0.######", CultureInfo.InvariantCulture),
    };

    /// <summary>Of shares in percentage points, "pp".</summary>
    private static string Difference(ComparedFigure figure) => figure.Difference switch
    {
        null => "?",
        0 => "-",
        { } value => (value < 0 ? "-" : "+")
            + (figure.IsShare ? $"{(Math.Abs(value) * 100).ToString("0.0", CultureInfo.InvariantCulture)} pp" : Text(figure, Math.Abs(value))),
    };
}
