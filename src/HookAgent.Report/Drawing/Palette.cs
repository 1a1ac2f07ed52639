namespace HookAgent.Report.Drawing;

/// <summary>
/// The states' colours: hues of Okabe and Ito (https://jfly.uni-koeln.de/color/), which the colour-blind tell apart,
/// with their lightness spread from black to white so that a grey print tells them apart as well.
/// </summary>
internal static class Palette
{
    /// <summary>An agent that is off leaves its lane bare.</summary>
    public const string Bare = "#ffffff";

    /// <summary>Of the marks of aborted tasks, whose shape tells them apart.</summary>
    public const string Aborted = "#c8102e";

    public static string Of(LaneState state) => state switch
    {
        LaneState.Lending => "#33b389",
        LaneState.Busy => "#003e66",
        LaneState.Reclaiming => "#d86000",
        LaneState.Settling => "#8ec5e8",
        LaneState.Held => "#a0468c",
        LaneState.Failed => "#000000",
        LaneState.Unknown => "#f0e442",
        LaneState.Off => Bare,
    };
}
