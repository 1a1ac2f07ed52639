using HookAgent.Report.Timeline;

namespace HookAgent.Report.Drawing;

/// <summary>One node of the drawing.</summary>
internal sealed record Lane(string Label, Figures Figures, List<LaneRun> Runs, List<LaneMark> Marks);
