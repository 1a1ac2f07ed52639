using HookAgent.Report.Timeline;

namespace HookAgent.Report;

/// <summary>A node and what came of it.</summary>
/// <param name="Label">Its host name, with a part of its machine id where another has the same.</param>
internal sealed record NodeLine(string Label, string HostName, string MachineId, Figures Figures);
