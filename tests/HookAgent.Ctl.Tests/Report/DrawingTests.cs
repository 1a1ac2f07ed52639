using System.Globalization;
using System.Xml.Linq;
using HookAgent.Ctl.Output;
using HookAgent.Ctl.Tests.Harness;
using HookAgent.Report.Drawing;
using HookAgent.Report.Events;
using HookAgent.Report.Timeline;
using HookAgent.Tests;

namespace HookAgent.Ctl.Tests.Report;

/// <summary>The parts of the picture.</summary>
public sealed class DrawingTests
{
    private const long Second = 1_000_000;
    private const long Hour = 3600 * Second;

    private static readonly long s_morning = MadeJournal.Morning.ToUnixTimeMilliseconds() * 1000;

    [Fact]
    public void A_long_interval_takes_the_columns_of_its_time() => Assert.Equal(
        [new LaneRun(0, 25, ReportedState.Busy), new LaneRun(25, 75, ReportedState.Lending), new LaneRun(75, 100, ReportedState.Busy)],
        Runs((ReportedState.Busy, 25), (ReportedState.Lending, 50), (ReportedState.Busy, 25)));

    [Fact]
    public void Intervals_narrower_than_a_column_show_as_much_as_they_had_time()
    {
        // Busy for 51 % of each column.
        (ReportedState, double)[] narrow = [.. Enumerable.Range(0, 2000).Select(static i => i % 2 == 0 ? (ReportedState.Busy, 0.51) : (ReportedState.Lending, 0.49))];

        List<LaneRun> runs = Runs(narrow);
        Assert.Equal(51, runs.Where(static run => run.State == ReportedState.Busy).Sum(static run => run.To - run.From));
        Assert.Equal(49, runs.Where(static run => run.State == ReportedState.Lending).Sum(static run => run.To - run.From));
    }

    [Fact]
    public void What_is_left_of_a_column_does_not_show_up_later() => Assert.Equal(
        [ReportedState.Busy, ReportedState.Settling, ReportedState.Lending],
        Runs((ReportedState.Busy, 10.4), (ReportedState.Settling, 3.2), (ReportedState.Reclaiming, 0.3), (ReportedState.Lending, 86.1)).Select(static run => run.State));

    [Fact]
    public void Runs_fill_the_lane_without_overlap()
    {
        Random random = new(1);
        (ReportedState, double)[] any = [.. Enumerable.Range(0, 500).Select(_ => ((ReportedState)random.Next(ReportedStates.All.Length), random.NextDouble()))];

        int at = 0;
        foreach (LaneRun run in Runs(any))
        {
            Assert.Equal(at, run.From);
            Assert.True(run.To > run.From);
            at = run.To;
        }

        Assert.Equal(100, at);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(40)]
    [InlineData(300)]
    [InlineData(2000)]
    public void Labels_never_touch_and_lanes_never_overlap(int lanes)
    {
        LaneLayout layout = LaneLayout.For(lanes);

        Assert.True(layout.Pitch > layout.Height);
        Assert.True(layout.LabelEvery * layout.Pitch >= layout.FontSize);
        Assert.True(layout.FontSize >= 9);
        Assert.True(lanes > 40 || layout.LabelEvery == 1);
        Assert.True(lanes > 300 || lanes * layout.Pitch <= 2000);
    }

    [Theory]
    [InlineData(0, 150, "08:00:00 Sun 22 Nov 2026|08:00:15|08:00:30|08:00:45|08:01:00|08:01:15|08:01:30|08:01:45|08:02:00|08:02:15|08:02:30")]
    [InlineData(70, 3600, "08:10 Sun 22 Nov 2026|08:20|08:30|08:40|08:50|09:00")]
    [InlineData(50_000, 40_000, "22:00 Sun 22 Nov 2026|00:00 Mon 23 Nov 2026|02:00|04:00|06:00|08:00")]
    [InlineData(0, 30 * 86400, "23 Nov 2026|30 Nov|7 Dec|14 Dec|21 Dec")]
    [InlineData(0, 200 * 86400, "7 Dec 2026|4 Jan 2027|1 Feb|1 Mar|29 Mar|26 Apr|24 May")]
    [InlineData(0, 3000 * 86400L, "26 Apr 2027|17 Jul 2028|8 Oct 2029|30 Dec 2030|22 Mar 2032|13 Jun 2033|4 Sep 2034")]
    public void Ticks_are_round_and_few(long from, long seconds, string expected)
    {
        List<TimeTick> ticks = TimeTicks.Of(new ReportSpan(s_morning + (from * Second), s_morning + ((from + seconds) * Second)), TimeZoneInfo.Utc, 11);

        Assert.Equal(expected, string.Join('|', ticks.Select(static tick => $"{tick.Label} {tick.Under}".TrimEnd())));
    }

    [Fact]
    public void Ticks_are_round_in_local_time()
    {
        TimeZoneInfo india = TimeZoneInfo.FindSystemTimeZoneById("Asia/Kolkata");

        TimeTick first = TimeTicks.Of(new ReportSpan(s_morning, s_morning + (5 * Hour)), india, 10)[0];
        Assert.Equal(("14:00", s_morning + (Hour / 2)), (first.Label, first.At));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 1)]
    [InlineData(0, 253_402_300_799_999_999)]
    [InlineData(253_402_300_799_999_998, 253_402_300_799_999_999)]
    public void The_longest_and_the_shortest_span_have_few_ticks(long from, long to) =>
        Assert.InRange(TimeTicks.Of(new ReportSpan(from, to), TimeZoneInfo.Utc, 10).Count, 0, 11);

    /// <summary>
    /// CIE 1976 colour difference, of the colours as they are and as those see them who lack the red or the green cones
    /// (Viénot, Brettel and Mollon 1999) or see no colour at all. Above 10 two colours side by side are told apart. States of
    /// different shapes are told apart by these.
    /// </summary>
    [Fact]
    public void Colours_are_told_apart_by_the_colour_blind_and_in_grey()
    {
        double[][] eyes =
        [
            [1, 0, 0, 0, 1, 0, 0, 0, 1],
            [0.11238, 0.88762, 0, 0.11238, 0.88762, 0, 0.00401, -0.00401, 1],
            [0.29275, 0.70725, 0, 0.29275, 0.70725, 0, -0.02234, 0.02234, 1],
            [0.2126, 0.7152, 0.0722, 0.2126, 0.7152, 0.0722, 0.2126, 0.7152, 0.0722],
        ];
        foreach (double[] eye in eyes)
        {
            foreach (ReportedState one in ReportedStates.All)
            {
                foreach (ReportedState other in ReportedStates.All.Where(other => other > one && Palette.ShapeOf(other) == Palette.ShapeOf(one)))
                {
                    if (eye == eyes[^1] && Palette.ShapeOf(one) is Shape.Hatched)
                    {
                        continue; // Stripes to the left, to the right, and dots.
                    }

                    double[] a = Lab(Palette.Of(one), eye);
                    double[] b = Lab(Palette.Of(other), eye);
                    double apart = Math.Sqrt(a.Zip(b, static (x, y) => (x - y) * (x - y)).Sum());
                    Assert.True(apart > 10, $"{one} and {other}: {apart:0.0} by {string.Join(' ', eye)}");
                }
            }
        }
    }

    /// <summary>WCAG 2.1, 1.4.11: neighbours of full height differ by 3:1 and more, with a hatched one at least in one of its two colours.</summary>
    [Fact]
    public void Neighbours_in_a_lane_have_a_contrast_of_three_to_one()
    {
        ReportedState[] full = [.. ReportedStates.All.Where(static state => Palette.ShapeOf(state) is Shape.Full)];
        foreach (ReportedState one in full)
        {
            foreach (ReportedState other in ReportedStates.All.Where(other => other != one && Palette.ShapeOf(other) is not Shape.Thin))
            {
                double contrast = Contrast(Palette.Of(one), Palette.Of(other));
                contrast = Palette.ShapeOf(other) is Shape.Hatched ? Math.Max(contrast, Contrast(Palette.Of(one), Palette.Between(other))) : contrast;
                Assert.True(contrast >= 3, $"{one} and {other}: {contrast:0.00}");
            }
        }

        foreach (ReportedState hatched in ReportedStates.All.Where(static state => Palette.ShapeOf(state) is Shape.Hatched))
        {
            Assert.True(Contrast(Palette.Of(hatched), Palette.Between(hatched)) >= 3, $"{hatched}");
        }

        static double Contrast(string a, string b)
        {
            double[] light = [.. new[] { Luminance(a), Luminance(b) }.Order()];
            return (light[1] + 0.05) / (light[0] + 0.05);
        }

        static double Luminance(string colour) => Linear(colour) is [var red, var green, var blue] ? (0.2126 * red) + (0.7152 * green) + (0.0722 * blue) : 0;
    }

    [Fact]
    public void The_file_is_XML_whatever_the_nodes_are_called_and_names_itself()
    {
        using TemporaryFolder folder = new();
        MadeJournal journal = new MadeJournal { Host = "<a href='x'>&\"]]>\u0001" }.Started(1).State(2, "unknown", "busy", "jobs-recorded").Add(60);
        File.WriteAllBytes(folder["journal"], journal.Export());

        Hookctl run = Hookctl.Run("report", "--svg", folder["svg"], folder["journal"]);
        Assert.Equal(0, run.ExitCode);
        XElement svg = XDocument.Load(folder["svg"]).Root!;
        XNamespace ns = svg.Name.Namespace;
        Assert.Equal("img", (string)svg.Attribute("role")!);
        Assert.Equal("<a href='x'>&\"]]>?, 59 s: 0.0 of 59.0 seconds lent (0 %)", (string)svg.Element(ns + "title")!);
        Assert.Contains("busy 98.3 %", (string)svg.Element(ns + "desc")!, StringComparison.Ordinal);
        Assert.StartsWith("<a href='x'>&\"]]>?: busy 98.3 %", (string)svg.Elements(ns + "g").Single(g => (string?)g.Attribute("class") == "lane").Element(ns + "title")!, StringComparison.Ordinal);
        Assert.DoesNotContain("href", string.Join(' ', svg.Descendants().Attributes().Select(static attribute => attribute.Name.LocalName)), StringComparison.Ordinal);
    }

    private static List<LaneRun> Runs(params (ReportedState State, double Columns)[] intervals)
    {
        const double column = Second;
        double total = 100 / intervals.Sum(static interval => interval.Columns);
        List<Interval> made = [];
        double at = 0;
        foreach ((ReportedState state, double columns) in intervals)
        {
            double to = at + (columns * total * column);
            made.Add(new Interval((long)Math.Round(at), (long)Math.Round(to), state, "", 0, 0));
            at = to;
        }

        return LaneRun.Of(made, new ReportSpan(0, 100 * Second), 100);
    }

    private static double[] Linear(string colour) =>
    [
        .. Enumerable.Range(0, 3).Select(i => int.Parse(colour.AsSpan(1 + (2 * i), 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0)
            .Select(static c => c <= 0.04045 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4)),
    ];

    private static double[] Lab(string colour, double[] eye)
    {
        double[] rgb = Linear(colour);
        double[] seen = [.. Enumerable.Range(0, 3).Select(row => Math.Clamp(Enumerable.Range(0, 3).Sum(i => eye[(3 * row) + i] * rgb[i]), 0, 1))];
        double x = F(((0.4124 * seen[0]) + (0.3576 * seen[1]) + (0.1805 * seen[2])) / 0.9505);
        double y = F((0.2126 * seen[0]) + (0.7152 * seen[1]) + (0.0722 * seen[2]));
        double z = F(((0.0193 * seen[0]) + (0.1192 * seen[1]) + (0.9505 * seen[2])) / 1.089);
        return [(116 * y) - 16, 500 * (x - y), 200 * (y - z)];

        static double F(double t) => t > 0.008856 ? Math.Cbrt(t) : (7.787 * t) + (16.0 / 116);
    }
}
