using HookAgent.Ctl.Output;
using HookAgent.Report;
using HookAgent.Report.Events;
using HookAgent.Report.Timeline;

namespace HookAgent.Ctl.Report;

/// <summary>What one must know to read the figures right, a sentence each.</summary>
internal static class ReportNotes
{
    private const int MostNamed = 5;

    public static IEnumerable<string> Of(ReportResult result)
    {
        NodeFigures[] namesakes = [.. result.Nodes.Where(static node => node.Label.Length != node.HostName.Length)];
        if (namesakes.Length > 0)
        {
            yield return $"{namesakes.Length} nodes share their host name with another; the machine id tells them apart: {Names(namesakes)}.";
        }

        if (result.All.OutOfAction.GetValueOrDefault(Figures.NoData) is > 0 and var unread)
        {
            yield return $"The journals have nothing of {TimeText.Short(unread)} of the nodes' time, which counts as off: they begin later or end earlier than this report.";
        }

        if (Silent(result) is { } silent)
        {
            yield return silent;
        }

        if (result.All.Tasks is { WithoutBroker: > 0 and var unused })
        {
            yield return $"{Plural.Of(unused, "lending")} ({Names(result, static figures => figures.Tasks?.WithoutBroker)}) found no broker: the node was lent, and nobody used it.";
        }

        if (result.All.Tasks is { EndsWithoutList: > 0 and var ends })
        {
            yield return $"{Plural.Of(ends, "lending")} ({Names(result, static figures => figures.Tasks?.EndsWithoutList)}) ended without a list of the aborted tasks: "
                + "the provider was killed, ended by itself or was stopped with the agent. A + behind a figure means that it may be more.";
        }

        if (result.All.Tasks is { LinesDropped: > 0 and var lines })
        {
            yield return $"journald dropped {Plural.Of(lines, "line")} of the provider ({Names(result, static figures => figures.Tasks?.LinesDropped)}). "
                + "A + behind a figure means that it may be more. LogRateLimitIntervalSec= and LogRateLimitBurst= of the unit set how many lines journald takes.";
        }

        if (result.All.Tasks is { Untimed: > 0 and var untimed })
        {
            yield return $"{Plural.Of(untimed, "aborted task")} ({Names(result, static figures => figures.Tasks?.Untimed)}) began at a time that the journal does not tell; "
                + "the time lost with them is not in the figure.";
        }

        (Func<Figures, long?> Of, string What)[] events =
        [
            (static figures => figures.Crashes, "went down without stopping the agent; what follows the last entry of that boot counts as off"),
            (static figures => figures.Kills, "had the agent killed at a time that the journal does not tell; the state before counts until the next start"),
            (static figures => figures.ClockSteps, "had the clock set; the times before are shown by the clock as it was then set"),
            (static figures => figures.EntriesLost, "lost entries of the agent, so that the figures are too low"),
        ];
        foreach ((Func<Figures, long?> of, string what) in events.Where(entry => entry.Of(result.All) > 0))
        {
            long total = of(result.All) ?? 0;
            int nodes = result.Nodes.Count(node => of(node.Figures) > 0);
            yield return $"{Plural.Of(nodes, "node")} ({(total == 1 ? "once" : $"{total} times")}: {Names(result, of)}) {what}.";
        }
    }

    /// <summary>Whose provider wrote no line that was read; null for none.</summary>
    private static string? Silent(ReportResult result)
    {
        NodeFigures[] silent = [.. result.Nodes.Where(static node => node.Figures.Tasks is null && node.Figures.Starts > 0)];
        if (result.All.Tasks is not null && silent.Length == 0)
        {
            return null;
        }

        string units = string.Concat((result.LentTo.Count > 0 ? result.LentTo : [JournalReport.UsualUnit]).Select(static unit => $" -u {unit}"));
        return $"Nothing is known of the tasks{(result.All.Tasks is null ? "" : $" of {Names(silent)}")}: the journal that was read has no line of a Wasimoff provider. "
            + $"If there is one, write it on each node with 'journalctl -u {AgentEntries.Unit}{units} -o export'.";
    }

    private static string Names(ReportResult result, Func<Figures, long?> of) => Names([.. result.Nodes.Where(node => of(node.Figures) > 0)]);

    private static string Names(NodeFigures[] nodes) =>
        string.Join(", ", nodes.Take(MostNamed).Select(static node => node.Label)) + (nodes.Length > MostNamed ? ", …" : "");
}
