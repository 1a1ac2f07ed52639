using HookAgent.Report;
using HookAgent.Report.Timeline;

namespace HookAgent.Ctl.Report;

/// <summary>What one has to know to read the figures right, a sentence each.</summary>
internal static class ReportNotes
{
    /// <summary>The default of Unit= in hookagent.conf(5).</summary>
    public const string UsualUnit = "wasimoff-provider.service";

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

        AddTasks(result, notes);
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

    private static void AddTasks(ReportResult result, List<string> notes)
    {
        List<NodeLine> silent = result.Nodes.FindAll(static node => node.Figures.Tasks is null && node.Figures.Starts > 0);
        if (result.All.Tasks is null || silent.Count > 0)
        {
            string units = string.Join("", result.LentTo.Select(static unit => $" -u {unit}"));
            notes.Add(
                $"Nothing is known of the tasks{(result.All.Tasks is null ? "" : $" of {Names(silent)}")}: no line of a Wasimoff provider is in the journal that was read. "
                + $"Where there is one, write it on each node with 'journalctl -u {AgentEntry.AgentUnit}{(units.Length > 0 ? units : $" -u {UsualUnit}")} -o export'.");
        }

        if (result.All.Tasks is not { } tasks)
        {
            return;
        }

        if (tasks.EndsUntold > 0)
        {
            notes.Add(
                $"{(tasks.EndsUntold == 1 ? "1 lending" : $"{tasks.EndsUntold} lendings")} ({Names(result.Nodes.FindAll(static node => node.Figures.Tasks?.EndsUntold > 0))}) "
                + "ended without the provider naming the tasks that it dropped, because it was killed, ended by itself or was stopped with the agent; a + behind a figure says that it may be more.");
        }

        if (tasks.LinesDropped > 0)
        {
            notes.Add(
                $"journald dropped {(tasks.LinesDropped == 1 ? "1 line" : $"{tasks.LinesDropped} lines")} of the provider ({Names(result.Nodes.FindAll(static node => node.Figures.Tasks?.LinesDropped > 0))}); "
                + "a + behind a figure says that it may be more. LogRateLimitIntervalSec= and LogRateLimitBurst= of the unit set how many it takes.");
        }

        if (tasks.Untimed > 0)
        {
            notes.Add(
                $"{(tasks.Untimed == 1 ? "1 aborted task" : $"{tasks.Untimed} aborted tasks")} ({Names(result.Nodes.FindAll(static node => node.Figures.Tasks?.Untimed > 0))}) "
                + "began at a time that the journal does not tell; the time lost with them is not in the figure.");
        }
    }

    private static string Names(List<NodeLine> nodes) =>
        string.Join(", ", nodes.ConvertAll(static node => node.Label).Take(MostNamed)) + (nodes.Count > MostNamed ? ", …" : "");
}
