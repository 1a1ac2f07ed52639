namespace HookAgent.Ctl.Report.Drawing;

/// <summary>
/// The states' colours: hues of Okabe and Ito (https://jfly.uni-koeln.de/color/), which the colour-blind tell apart,
/// with their lightness spread from black to white so that a grey print tells them apart as well.
/// </summary>
internal static class Palette
{
    /// <summary>An agent that is off leaves its lane bare.</summary>
    public const string Bare = "#ffffff";

    public static string Of(LaneState state) => state switch
    {
        LaneState.Lending => "#3fc49a",
        LaneState.Busy => "#00507f",
        LaneState.Reclaiming => "#d55e00",
        LaneState.Settling => "#a9d8f3",
        LaneState.Held => "#b0609a",
        LaneState.Failed => "#000000",
        LaneState.Unknown => "#f0e442",
        LaneState.Off => Bare,
    };
}
