using HookAgent.Ctl.Report.Timeline;

namespace HookAgent.Ctl.Report;

/// <summary>What one has to know to read the figures right, a sentence each.</summary>
internal static class ReportNotes
{
    private const int MostNamed = 5;

    public static List<string> Of(ReportResult result)
    {
        List<string> notes = [];
        Figures all = result.All;
        foreach (IGrouping<string, NodeLine> same in result.Nodes.GroupBy(static node => node.HostName, StringComparer.Ordinal).Where(static same => same.Count() > 1).Take(MostNamed))
        {
            notes.Add($"{same.Count()} nodes are called {same.Key}; they are told apart by their machine ids: {Names(same)}.");
        }

        Add(all.Crashes, static figures => figures.Crashes, "went down without stopping the agent; they count as off from the last entry of that boot");
        Add(all.Kills, static figures => figures.Kills, "had the agent killed at a time that the journal does not tell; the state before counts until the next start");
        Add(all.ClockSteps, static figures => figures.ClockSteps, "had their clock set; the times before are shown by the clock as it was then set");
        Add(all.EntriesLost, static figures => figures.EntriesLost, "have lost entries of the agent; their figures are too low");
        return notes;

        void Add(int total, Func<Figures, int> of, string what)
        {
            if (total > 0)
            {
                NodeLine[] nodes = [.. result.Nodes.Where(node => of(node.Figures) > 0)];
                notes.Add($"{(nodes.Length == 1 ? "1 node" : $"{nodes.Length} nodes")} ({total} times: {Names(nodes)}) {what}.");
            }
        }
    }

    private static string Names(IEnumerable<NodeLine> nodes)
    {
        string[] all = [.. nodes.Select(static node => node.Label)];
        return string.Join(", ", all.Take(MostNamed)) + (all.Length > MostNamed ? ", …" : "");
    }
}
