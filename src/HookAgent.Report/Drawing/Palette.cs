using HookAgent.Report.Events;

namespace HookAgent.Report.Drawing;

/// <summary>
/// The colours of the states: hues of Okabe and Ito (https://jfly.uni-koeln.de/color/), which the colour-blind can tell
/// apart, with lightness spread from black to white, so that they differ in a grey print, too.
/// </summary>
internal static class Palette
{
    /// <summary>Of the background, and of a lane while the agent was off.</summary>
    public const string Bare = "#ffffff";

    /// <summary>Of the marks of aborted tasks, whose shape tells them apart.</summary>
    public const string Aborted = "#c8102e";

    public static string Of(ReportedState state) => state switch
    {
        ReportedState.Lending => "#33b389",
        ReportedState.Busy => "#003e66",
        ReportedState.Reclaiming => "#d86000",
        ReportedState.Settling => "#8ec5e8",
        ReportedState.Held => "#a0468c",
        ReportedState.Failed => "#000000",
        ReportedState.Unknown => "#f0e442",
        ReportedState.Off => Bare,
    };
}
