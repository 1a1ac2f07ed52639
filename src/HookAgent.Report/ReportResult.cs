using HookAgent.Report.Timeline;

namespace HookAgent.Report;

/// <summary>All that the report tells.</summary>
/// <param name="Short">Shorter lendings count as short.</param>
/// <param name="LentTo">The units that the nodes were lent to.</param>
/// <param name="All">The figures of all nodes together.</param>
internal sealed record ReportResult(ReportSpan Span, TimeSpan Short, IReadOnlyList<string> LentTo, List<NodeLine> Nodes, Figures All, ReadCounts Read);

/// <summary>What was read and what could not be.</summary>
/// <param name="Events">Entries of the agent that tell something of a node.</param>
/// <param name="ProviderEvents">What providers' lines told.</param>
/// <param name="Damaged">Entries that were cut off or made no sense, and the agent's without time, boot or host.</param>
/// <param name="Foreign">Files that are nothing of journalctl's.</param>
/// <param name="Unreadable">Files that could not be opened or read.</param>
internal sealed record ReadCounts(int Files, long Entries, int Events, int ProviderEvents, long Damaged, int Foreign, int Unreadable);
