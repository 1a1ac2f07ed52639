using System.Globalization;
using System.Text;
using HookAgent.Herd.Scenarios;

namespace HookAgent.Herd.Output;

/// <summary>
/// Draws the runs as one SVG 1.1 file that needs no other: for each scenario how many starts reach the broker each second,
/// on a scale of powers of ten, and beside it how many nodes are lent. In the colours and type of hookctl's report, each
/// line with a dash of its own, so that they differ without colour as well.
/// </summary>
internal sealed class Picture
{
    private const int Width = 968;
    private const int Margin = 16;
    private const int Top = 118;
    private const int Pitch = 152;
    private const int Height = 96;
    private const int Left = 60;
    private const int Gap = 66;
    private const int Columns = (Width - Left - Gap - (2 * Margin)) / 2;
    private const int Seconds = 180;

    /// <summary>Of the scale of starts: 1 to 10,000.</summary>
    private const int Decades = 4;

    private const string Limit = "#000000";

    private static readonly (string Colour, string Dash)[] s_lines =
    [
        ("#000000", ""), ("#d55e00", "2 2"), ("#cc79a7", "8 3"), ("#56b4e9", "6 2 2 2"), ("#0072b2", ""), ("#6e6e6e", "4 3"),
    ];

    private readonly StringBuilder _svg = new();
    private readonly TimeSpan[] _jitters;
    private readonly TimeSpan _recommended;
    private readonly int _nodes;

    private Picture(int nodes, TimeSpan[] jitters, TimeSpan recommended) => (_nodes, _jitters, _recommended) = (nodes, jitters, recommended);

    public static string Draw(int nodes, TimeSpan[] jitters, TimeSpan recommended, IEnumerable<Row> rows) =>
        new Picture(nodes, jitters, recommended).Draw([.. rows.GroupBy(static row => row.Scenario)]);

    private string Draw(IGrouping<Scenario, Row>[] scenarios)
    {
        int height = Top + (scenarios.Length * Pitch) + 14;
        string title = Invariant($"{_nodes:N0} nodes start their providers");
        Line($"""<svg xmlns="http://www.w3.org/2000/svg" width="{Width}" height="{height}" viewBox="0 0 {Width} {height}" role="img" aria-labelledby="title desc" font-family="sans-serif" font-size="13" fill="#222222">""");
        Line($"""<title id="title">{title}</title>""");
        Line($"""<desc id="desc">{string.Join(" ", scenarios.Select(scenario => Told(scenario.Key, _recommended, scenario.Single(row => row.Jitter == _recommended).Outcome)))}</desc>""");
        Line($"""<rect width="{Width}" height="{height}" fill="#ffffff"/>""");
        Line($"""<text x="{Margin}" y="28" font-size="18" font-weight="bold">{title}</text>""");
        Line($"""<text x="{Margin}" y="50" fill="#555555">by StartJitter=, with IdleDelay=5s; recommended for so many nodes: StartJitter={_recommended.TotalSeconds}s</text>""");
        Legend();
        for (int i = 0; i < scenarios.Length; i++)
        {
            Panel(scenarios[i], Top + (i * Pitch));
        }

        Line($"</svg>");
        return _svg.ToString();
    }

    /// <summary>What the picture says of a run to those who do not see it, and by which one sees whether it is out of date.</summary>
    public static string Told(Scenario scenario, TimeSpan jitter, Outcome outcome) =>
        Invariant($"{scenario.Title}: with {jitter.TotalSeconds} s at most {outcome.MostStarts} starts a second, 95 % lend after {outcome.LentAfter:0} s.");

    private void Legend()
    {
        int x = Margin;
        for (int i = 0; i < _jitters.Length; i++)
        {
            Line($"""<path d="M{x} 72h28" fill="none" {Stroke(i)}/>""");
            Line($"""<text x="{x + 34}" y="76" font-size="12"{(IsRecommended(i) ? " font-weight=\"bold\"" : "")}>{_jitters[i].TotalSeconds} s</text>""");
            x += 84;
        }

        Line($"""<path d="M{x} 72h28" stroke="{Limit}" stroke-width="1" stroke-dasharray="1 3"/>""");
        Line($"""<text x="{x + 34}" y="76" font-size="12">limit: {Recommended.MostStarts} starts a second</text>""");
    }

    private void Panel(IGrouping<Scenario, Row> scenario, int top)
    {
        int right = Left + Columns + Gap;
        int bottom = top + Height;
        Line($"""<text x="{Margin}" y="{top - 12}" font-weight="bold">{scenario.Key.Title}</text>""");
        Line($"""<text x="{Left + Columns}" y="{top - 12}" font-size="11" fill="#555555" text-anchor="end">starts at the broker, a second</text>""");
        Line($"""<text x="{right + Columns}" y="{top - 12}" font-size="11" fill="#555555" text-anchor="end">of the nodes wanted, lent</text>""");
        Frame(Left, top, [.. Enumerable.Range(0, Decades + 1).Select(static decade => (decade / (double)Decades, Math.Pow(10, decade).ToString("N0", CultureInfo.InvariantCulture)))]);
        Frame(right, top, [(0, "0"), (0.5, "50 %"), (0.95, "95 %")]);
        Line($"""<path d="M{Left} {Y(Scale(Recommended.MostStarts), bottom)}h{Columns}" stroke="{Limit}" stroke-width="1" stroke-dasharray="1 3"/>""");

        // The recommended one last, above the others.
        foreach (Row row in scenario.OrderBy(row => row.Jitter == _recommended))
        {
            int line = Array.IndexOf(_jitters, row.Jitter);
            Line($"""<path d="{StartsPath(row.Outcome, bottom)}" fill="none" {Stroke(line)}/>""");
            Line($"""<path d="{LentPath(row.Outcome, right, bottom)}" fill="none" {Stroke(line)}/>""");
        }
    }

    private void Frame(int left, int top, (double At, string Label)[] marks)
    {
        int bottom = top + Height;
        foreach ((double at, string label) in marks)
        {
            Line($"""<path d="M{left} {Y(at, bottom)}h{Columns}" stroke="#cccccc" stroke-width="1"/>""");
            Line($"""<text x="{left - 8}" y="{bottom - (at * Height) + 4:0.#}" font-size="11" text-anchor="end">{label}</text>""");
        }

        for (int second = 0; second <= Seconds; second += 30)
        {
            Line($"""<path d="M{X(second, left)} {top}V{bottom + 4}" stroke="#cccccc" stroke-width="1"/>""");
            Line($"""<text x="{X(second, left)}" y="{bottom + 17}" font-size="11" text-anchor="middle">{second} s</text>""");
        }
    }

    private static string StartsPath(Outcome outcome, int bottom)
    {
        int[] counts = new int[Seconds];
        foreach (double at in outcome.Starts)
        {
            if (at < Seconds)
            {
                counts[(int)at]++;
            }
        }

        StringBuilder path = new($"M{X(0, Left)} {bottom}");
        for (int first = 0, end; first < Seconds; first = end)
        {
            for (end = first + 1; end < Seconds && counts[end] == counts[first]; end++)
            {
            }

            path.Append(CultureInfo.InvariantCulture, $"V{Y(Scale(counts[first]), bottom)}H{X(end, Left)}");
        }

        return path.ToString();
    }

    private static string LentPath(Outcome outcome, int left, int bottom)
    {
        StringBuilder path = new($"M{X(0, left)} {bottom}");
        int next = 0;
        for (int second = 1; second <= Seconds; second++)
        {
            while (next < outcome.Lent.Length && outcome.Lent[next] < second)
            {
                next++;
            }

            path.Append(CultureInfo.InvariantCulture, $"L{X(second, left)} {Y((double)next / outcome.Wanted, bottom)}");
            if (next == outcome.Lent.Length)
            {
                break;
            }
        }

        return path.Append(CultureInfo.InvariantCulture, $"H{left + Columns}").ToString();
    }

    private bool IsRecommended(int line) => _jitters[line] == _recommended;

    private string Stroke(int line) =>
        $"stroke=\"{s_lines[line].Colour}\" stroke-width=\"{(IsRecommended(line) ? "2.5" : "1.2")}\""
        + (s_lines[line].Dash.Length > 0 ? $" stroke-dasharray=\"{s_lines[line].Dash}\"" : "");

    /// <summary>From 0, for one or none, to 1.</summary>
    private static double Scale(int count) => count > 1 ? Math.Log10(count) / Decades : 0;

    private static string X(double second, int left) => Invariant($"{left + (second * Columns / Seconds):0.#}");

    private static string Y(double share, int bottom) => Invariant($"{bottom - (share * Height):0.#}");

    private void Line(FormattableString text) => _svg.Append(Invariant(text)).Append('\n');

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
