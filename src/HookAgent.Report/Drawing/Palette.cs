using HookAgent.Report.Events;

namespace HookAgent.Report.Drawing;

/// <summary>How much of a lane's height a state takes.</summary>
internal enum Shape
{
    /// <summary>All of it, in one colour.</summary>
    Full,

    /// <summary>All of it, hatched: somebody has to look at it.</summary>
    Hatched,

    /// <summary>A thin bar: nothing runs.</summary>
    Thin,
}

/// <summary>
/// The looks of the states, in the colours of Okabe and Ito (https://jfly.uni-koeln.de/color/), which the colour-blind can
/// tell apart. States of full height differ by a contrast of 3:1 and more, as WCAG 2.1 (1.4.11) asks of neighbours in a
/// picture, and so in a grey print; more than three colours cannot do that, hence the hatches and the thin bars.
/// </summary>
internal static class Palette
{
    /// <summary>Of the background.</summary>
    public const string Bare = "#ffffff";

    /// <summary>Of the marks of aborted tasks, whose shape tells them apart.</summary>
    public const string Aborted = "#d55e00";

    public static string Of(ReportedState state) => state switch
    {
        ReportedState.Lending => "#f0e442",
        ReportedState.Busy => "#0072b2",
        ReportedState.Reclaiming => "#000000",
        ReportedState.Settling => "#56b4e9",
        ReportedState.Held => "#cc79a7",
        ReportedState.Failed => "#d55e00",
        ReportedState.Unknown => "#6e6e6e",
        ReportedState.Off => "#777777",
    };

    public static Shape ShapeOf(ReportedState state) => state switch
    {
        ReportedState.Lending or ReportedState.Busy or ReportedState.Reclaiming => Shape.Full,
        ReportedState.Held or ReportedState.Failed or ReportedState.Unknown => Shape.Hatched,
        ReportedState.Settling or ReportedState.Off => Shape.Thin,
    };

    /// <summary>The colour between the stripes or dots of a hatch.</summary>
    public static string Between(ReportedState state) => state is ReportedState.Unknown ? Bare : "#000000";

    /// <summary>What SVG paints with: a colour, or the name of a pattern.</summary>
    public static string Paint(ReportedState state) => ShapeOf(state) is Shape.Hatched ? $"url(#{state.Word()}-hatch)" : Of(state);

    /// <summary>The hatches as patterns of SVG 1.1, each with another direction, so that they differ without colour.</summary>
    public static IEnumerable<string> Patterns() => ReportedStates.All.Where(static state => ShapeOf(state) is Shape.Hatched).Select(static state =>
    {
        (int size, string turn, string stripe) = state switch
        {
            ReportedState.Held => (6, " patternTransform=\"rotate(-45)\"", "width=\"4\" height=\"6\""),
            ReportedState.Failed => (6, " patternTransform=\"rotate(45)\"", "width=\"4\" height=\"6\""),
            _ => (4, "", "width=\"2\" height=\"2\""),
        };
        return $"<pattern id=\"{state.Word()}-hatch\" width=\"{size}\" height=\"{size}\" patternUnits=\"userSpaceOnUse\"{turn}>"
            + $"<rect width=\"{size}\" height=\"{size}\" fill=\"{Between(state)}\"/><rect {stripe} fill=\"{Of(state)}\"/></pattern>";
    });
}
