using System.Globalization;
using System.Text;
using HookAgent.Report.Events;
using HookAgent.Report.Timeline;

namespace HookAgent.Report.Drawing;

/// <summary>
/// Draws the timelines of the nodes as one SVG 1.1 file that needs no other: a title with what was lent, a legend with each
/// state's share, of many nodes a strip of how many were in each state, a lane for each node, and a time axis on both sides.
/// </summary>
internal sealed class TimelineSvg(List<Lane> lanes, Figures all, ReportSpan span, TimeZoneInfo zone)
{
    /// <summary>The width of a lane in pixels.</summary>
    public const int Columns = 860;

    private const int Margin = 16;
    private const int LegendTop = 66;
    private const int LegendPitch = 22;
    private const int MostTicks = 10;
    private const int MostLabel = 24;
    private const int MarkWidth = 4;
    private const int MarkHeight = 7;
    private const int AxisHeight = 40;

    /// <summary>Lanes that are lower have no room for a frame.</summary>
    private const int LeastFramed = 8;

    /// <summary>So many lanes are too many to count.</summary>
    private const int StripFrom = 60;
    private const int StripHeight = 90;
    private const int StripGap = 14;

    /// <summary>In pixels: room for half of a date below the first mark.</summary>
    private const int LeastLeft = 66;

    private readonly LaneLayout _layout = LaneLayout.For(lanes.Count);
    private readonly StringBuilder _svg = new();

    public void Write(TextWriter to)
    {
        int left = Math.Max(LeastLeft, Margin + 10 + (int)(Math.Min(MostLabel, lanes.Max(static lane => lane.Label.Length)) * _layout.FontSize * 0.62));
        int width = left + Columns + (2 * Margin) + 10;
        LegendEntry[][] legend = Legend(width);
        int strip = LegendTop + (legend.Length * LegendPitch) + AxisHeight;
        int top = strip + (lanes.Count >= StripFrom ? StripHeight + StripGap : 0);
        int bottom = top + (lanes.Count * _layout.Pitch);
        Head(width, bottom + AxisHeight + 12);
        Draw(legend);
        Axis(left, strip, bottom);
        if (top > strip)
        {
            Strip(left, strip);
        }

        for (int i = 0; i < lanes.Count; i++)
        {
            Draw(lanes[i], left, top + (i * _layout.Pitch), labelled: i % _layout.LabelEvery == 0);
        }

        to.Write(_svg.ToString());
        to.Write("</svg>\n");
    }

    private void Head(int width, int height)
    {
        (string title, string when, string figures) = ReportTitle.Of([.. lanes.Select(static lane => lane.Label)], all, span, zone);
        Line($"""<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img" aria-labelledby="title desc" font-family="sans-serif" font-size="13" fill="#222222">""");
        Line($"""<title id="title">{Escaped(title)}</title>""");
        Line($"""<desc id="desc">{Escaped($"{when}. {figures}. {Shares(all)}.")}</desc>""");
        Line($"""<style>.lane path{"{"}fill:none;stroke-width:{_layout.Height};shape-rendering:crispEdges{"}"}""");
        foreach (ReportedState state in ReportedStates.All)
        {
            Line($".lane .{state.Word()}{"{"}stroke:{Palette.Paint(state)}{(Palette.ShapeOf(state) is Shape.Thin ? $";stroke-width:{Thin}" : "")}{"}"}");
        }

        Line(".lane path.aborted{fill:" + Palette.Aborted + ";stroke:" + Palette.Bare + ";stroke-width:1}");
        Line(".lane path.tip{stroke:transparent}");
        Line("</style>");
        Line($"<defs>{string.Concat(Palette.Patterns())}</defs>");
        Line($"""<rect width="{width}" height="{height}" fill="#ffffff"/>""");
        Line($"""<text x="{Margin}" y="28" font-size="18" font-weight="bold">{Escaped(title)}</text>""");
        Line($"""<text x="{Margin}" y="50" fill="#555555">{Escaped($"{when} · {figures}")}</text>""");
    }

    /// <summary>The height of a thin bar.</summary>
    private int Thin => Math.Max(1, _layout.Height / 4);

    /// <summary>An entry of the legend: a state's sample, or the mark of aborted tasks for null.</summary>
    private sealed record LegendEntry(ReportedState? State, string Text)
    {
        public int Width => 24 + (Text.Length * 7) + 14;
    }

    /// <summary>States that did not occur are left out. The entries are spread over as few rows as hold them, so that none stands alone.</summary>
    private LegendEntry[][] Legend(int width)
    {
        List<LegendEntry> entries = [.. ReportedStates.All.Where(state => all.Usec(state) > 0)
            .Select(state => new LegendEntry(state, $"{state.Word()} {TimeText.Percent(all.Share(state))}"))];
        if (all.Tasks is { } tasks && tasks.Aborted != 0)
        {
            string aborted = tasks.Aborted is { } count ? TimeText.Invariant($"{count}{(tasks.IsLeast ? "+" : "")}") : "?";
            entries.Add(new LegendEntry(null, $"tasks aborted: {aborted}, time lost {(tasks.LostUsec is { } lost ? TimeText.Short(lost) : "?")}"));
        }

        for (int rows = 1; ; rows++)
        {
            int perRow = Math.Max(1, (entries.Count + rows - 1) / rows);
            LegendEntry[][] spread = [.. entries.Chunk(perRow)];
            if (perRow == 1 || spread.All(row => row.Sum(static entry => entry.Width) <= width - (2 * Margin)))
            {
                return spread;
            }
        }
    }

    private void Draw(LegendEntry[][] legend)
    {
        for (int row = 0; row < legend.Length; row++)
        {
            int x = Margin;
            int y = LegendTop + (row * LegendPitch);
            foreach (LegendEntry entry in legend[row])
            {
                Line(entry.State is not { } state
                    ? TimeText.Invariant($"""<path d="{Triangle(x + 9, y + 3)}" fill="{Palette.Aborted}"/>""")
                    : Palette.ShapeOf(state) is Shape.Thin
                    ? TimeText.Invariant($"""<rect x="{x}" y="{y + 5}" width="18" height="4" fill="{Palette.Paint(state)}"/>""")
                    : TimeText.Invariant($"""<rect x="{x}" y="{y}" width="18" height="13" fill="{Palette.Paint(state)}" stroke="#888888" stroke-width="0.5"/>"""));
                Line($"""<text x="{x + 24}" y="{y + 11}" font-size="12">{Escaped(entry.Text)}</text>""");
                x += entry.Width;
            }
        }
    }

    private void Strip(int left, int top)
    {
        int bottom = top + StripHeight;
        Line("""<g class="strip"><title>How many nodes were in each state</title>""");
        foreach (string path in NodeCounts.Paths(lanes, left, bottom, StripHeight))
        {
            Line(path);
        }

        Line($"""<path d="M{left} {top}h{Columns}M{left} {bottom}h{Columns}" stroke="#888888" stroke-width="1"/>""");
        Line($"""<g font-size="11" text-anchor="end"><text x="{left - 8}" y="{top + 9}">{lanes.Count}</text><text x="{left - 8}" y="{bottom}">0</text></g>""");
        Line("</g>");
    }

    /// <summary>A triangle that points down, at its place in the lane below it.</summary>
    private static string Triangle(int x, int top) => TimeText.Invariant($"M{x - MarkWidth} {top}h{2 * MarkWidth}l-{MarkWidth} {MarkHeight}z");

    private void Axis(int left, int top, int bottom)
    {
        Line($"""<g stroke="#cccccc" stroke-width="1">""");
        List<TimeTick> ticks = TimeTicks.Of(span, zone, MostTicks);
        foreach (TimeTick tick in ticks)
        {
            Line($"""<path d="M{X(tick.At, left)} {top - 6}V{bottom + 6}"/>""");
        }

        Line("</g>");
        Line("""<g font-size="12" text-anchor="middle">""");
        foreach (TimeTick tick in ticks)
        {
            foreach ((int label, int under) in (ReadOnlySpan<(int, int)>)[(top - 10, top - 26), (bottom + 20, bottom + 36)])
            {
                Line($"""<text x="{X(tick.At, left)}" y="{label}">{Escaped(tick.Label)}</text>""");
                if (tick.Under.Length > 0)
                {
                    Line($"""<text x="{X(tick.At, left)}" y="{under}" fill="#555555">{Escaped(tick.Under)}</text>""");
                }
            }
        }

        Line("</g>");
    }

    private void Draw(Lane lane, int left, int top, bool labelled)
    {
        int middle = top + (_layout.Height / 2);
        Line($"""<g class="lane"><title>{Escaped($"{lane.Label}: {Shares(lane.Figures)}")}</title>""");
        if (labelled)
        {
            string label = lane.Label.Length <= MostLabel ? lane.Label : $"{lane.Label[..(MostLabel - 1)]}…";
            Line($"""<text x="{left - 8}" y="{middle + (_layout.FontSize * 0.36):0.#}" font-size="{_layout.FontSize}" text-anchor="end">{Escaped(label)}</text>""");
        }

        // Yellow on white needs an edge; and a thin line keeps a lane visible where the agent was off.
        if (_layout.Height >= LeastFramed)
        {
            Line($"""<rect x="{left - 0.5}" y="{top - 0.5}" width="{Columns + 1}" height="{_layout.Height + 1}" fill="none" stroke="#888888" stroke-width="1"/>""");
        }

        Line($"""<path d="M{left} {middle}h{Columns}" stroke="{Palette.Of(ReportedState.Off)}" style="stroke-width:1"/>""");
        string y = (top + (_layout.Height / 2.0)).ToString(CultureInfo.InvariantCulture);
        foreach (ReportedState state in ReportedStates.All)
        {
            List<LaneRun> runs = lane.Runs.FindAll(run => run.State == state);
            if (state is ReportedState.Off || runs.Count == 0)
            {
                continue;
            }

            _svg.Append(CultureInfo.InvariantCulture, $"<path class=\"{state.Word()}\" d=\"");
            foreach (LaneRun run in runs)
            {
                _svg.Append(CultureInfo.InvariantCulture, $"M{left + run.From} {y}h{run.To - run.From}");
            }

            _svg.Append("\"/>\n");
        }

        foreach (LaneTip tip in lane.Tips)
        {
            Line($"""<path class="tip" d="M{left + tip.From} {y}h{tip.To - tip.From}"><title>{Escaped($"{lane.Label}: {tip.Text}")}</title></path>""");
        }

        // Above the lane where there is room, otherwise across it. A white edge keeps it apart from similar colours.
        foreach (LaneMark mark in lane.Marks)
        {
            int x = left + mark.Column;
            string path = _layout.Pitch - _layout.Height >= MarkHeight ? Triangle(x, top - MarkHeight) : TimeText.Invariant($"M{x - 1} {top - 0.5:0.#}h3v{_layout.Height + 1}h-3z");
            Line($"""<path class="aborted" d="{path}"><title>{Escaped(AbortText(lane.Label, mark.Abort))}</title></path>""");
        }

        Line("</g>");
    }

    private string AbortText(string label, AbortMark abort) =>
        TimeText.Invariant($"{label}, {TimeText.Local(abort.At, zone)}: {abort.Tasks} {(abort.Tasks == 1 ? "task" : "tasks")} aborted, time lost {TimeText.Short(abort.LostUsec)}");

    private string X(long at, int left) =>
        (left + ((at - span.From) * (double)Columns / Math.Max(1, span.Length))).ToString("0.#", CultureInfo.InvariantCulture);

    private static string Shares(Figures figures) => string.Join(", ", ReportedStates.All
        .Where(state => figures.Usec(state) > 0).Select(state => $"{state.Word()} {TimeText.Percent(figures.Share(state))}"));

    private void Line(FormattableString text) => _svg.Append(TimeText.Invariant(text)).Append('\n');

    private void Line(string text) => _svg.Append(text).Append('\n');

    /// <summary>Escaped for XML 1.0, which allows no control characters in a name.</summary>
    private static string Escaped(string text)
    {
        StringBuilder escaped = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            escaped.Append(rune.Value switch
            {
                '<' => "&lt;",
                '>' => "&gt;",
                '&' => "&amp;",
                '"' => "&quot;",
                < 0x20 or 0x7F or 0xFFFE or 0xFFFF => "?",
                _ => rune.ToString(),
            });
        }

        return escaped.ToString();
    }
}
