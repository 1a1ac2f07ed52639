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
        List<NodeLine> namesakes = result.Nodes.FindAll(static node => node.Label.Length != node.HostName.Length);
        if (namesakes.Count > 0)
        {
            notes.Add($"{namesakes.Count} nodes share their host name with another; the machine id tells them apart: {Names(namesakes)}.");
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
                List<NodeLine> nodes = result.Nodes.FindAll(node => of(node.Figures) > 0);
                notes.Add($"{(nodes.Count == 1 ? "1 node" : $"{nodes.Count} nodes")} ({(total == 1 ? "once" : $"{total} times")}: {Names(nodes)}) {what}.");
            }
        }
    }

    private static string Names(List<NodeLine> nodes) =>
        string.Join(", ", nodes.ConvertAll(static node => node.Label).Take(MostNamed)) + (nodes.Count > MostNamed ? ", …" : "");
}
