using HookAgent.Report.Events;
using HookAgent.Report.Reading;
using HookAgent.Report.Timeline;

namespace HookAgent.Report;

/// <summary>What a report is about.</summary>
/// <param name="Since">In µs since the Epoch; null for all that there is.</param>
/// <param name="Until">As <paramref name="Since"/>.</param>
/// <param name="Shortest">A lending counts as short when the provider was up for less.</param>
internal sealed record ReportScope(long? Since, long? Until, TimeSpan Shortest, DateTimeOffset Now);

/// <summary>The figures of a report.</summary>
/// <param name="LentTo">The units that the nodes were lent to.</param>
/// <param name="ByName">The nodes in the order of their names, com2 before com10.</param>
/// <param name="All">The figures of all nodes together.</param>
internal sealed record ReportResult(ReportSpan Span, TimeSpan Shortest, IReadOnlyList<string> LentTo, List<NodeFigures> ByName, Figures All, ReadCounts Read)
{
    /// <summary>In the order that was asked for.</summary>
    public List<NodeFigures> Nodes { get; init; } = ByName;
}

/// <summary>A node and its figures.</summary>
/// <param name="Label">Its host name, with a part of its machine id where another node has the same.</param>
internal sealed record NodeFigures(string Label, string HostName, string MachineId, Figures Figures);

/// <summary>What was read and what could not be.</summary>
/// <param name="Events">Entries of the agent that tell something of a node.</param>
/// <param name="ProviderEvents">What providers' lines told.</param>
/// <param name="Damaged">Entries that were cut off or made no sense, and the agent's without time, boot or host.</param>
/// <param name="Foreign">Files that journalctl did not write.</param>
/// <param name="Unreadable">Files that could not be opened or read.</param>
internal sealed record ReadCounts(int Files, long Entries, int Events, int ProviderEvents, long Damaged, int Foreign, int Unreadable);

/// <summary>Reads journals, of this node or from files of many, and makes one report of them.</summary>
internal sealed class JournalReport
{
    /// <summary>The default of Unit= in hookagent.conf(5).</summary>
    public const string UsualUnit = "wasimoff-provider.service";

    private readonly ReportScope _scope;
    private readonly ClusterHistory _cluster = new();
    private readonly JournalFiles _files;
    private bool _isOfThisNode;

    public JournalReport(ReportScope scope)
    {
        _scope = scope;
        _files = new JournalFiles(_cluster.Add);
    }

    /// <summary>What the user is to know of the input, a sentence each.</summary>
    public IReadOnlyList<string> Remarks => _files.Remarks;

    /// <summary>Reads a file, or each file of a folder that is not hidden; "-" is standard input.</summary>
    public void ReadFile(string path) => _files.Read(path);

    /// <summary>
    /// Reads this node's journal: what hookagentd and the provider wrote, and what systemd wrote about hookagentd. Of boots
    /// that broke off it looks up the last entry of all, since the node may have run for long after the agent's last entry.
    /// </summary>
    /// <param name="journalctl">Its path, or its name for a search along PATH.</param>
    /// <returns>A sentence on why that failed; null where it did not.</returns>
    public string? ReadThisNode(string journalctl)
    {
        _isOfThisNode = true;
        LocalJournal journal = new(journalctl, _files);
        return journal.Read(mayBeEmpty: true, "--unit", AgentEntries.Unit)
            ?? FirstFailure(_cluster.BrokenOffBoots, boot => journal.Read(mayBeEmpty: false, $"_BOOT_ID={boot}", "--lines=1"))
            ?? FirstFailure(_cluster.LentTo, unit => journal.Read(mayBeEmpty: true, ["--unit", unit, .. Around()]));

        static string? FirstFailure(IReadOnlyList<string> values, Func<string, string?> read) => values.Select(read).FirstOrDefault(static failure => failure is not null);
    }

    /// <summary>Makes the report; null, and a sentence in <paramref name="problem"/>, where there is nothing to report.</summary>
    /// <param name="addNode">Gets the timeline of each node, one after the other, so that no more than one is in memory.</param>
    public ReportResult? Build(Action<NodeFigures, NodeTimeline> addNode, out string problem)
    {
        IReadOnlyList<NodeHistory> nodes = _cluster.Sorted();
        problem = nodes.Count == 0 ? NothingFound() : "";
        if (nodes.Count == 0)
        {
            return null;
        }

        ReportSpan span = SpanOf(nodes);
        List<NodeFigures> figures = [];
        Figures all = new();
        foreach ((NodeHistory node, string label) in NodeLabels.Of(nodes))
        {
            NodeTimeline timeline = TimelineBuilder.Build(node, span, _scope.Shortest);
            NodeFigures its = new(label, node.HostName, node.MachineId, timeline.Figures);
            figures.Add(its);
            all.Add(timeline.Figures);
            addNode(its, timeline);
        }

        return new ReportResult(span, _scope.Shortest, _cluster.LentTo, figures, all, new ReadCounts(
            _files.Files, _cluster.Entries, _cluster.AgentEvents, _cluster.ProviderEvents, _files.Damaged + _cluster.Unusable, _files.Foreign, _files.Unreadable));
    }

    /// <summary>The span in whole seconds around it, as journalctl's options. A provider writes a dozen lines a task.</summary>
    private IEnumerable<string> Around()
    {
        if (_scope.Since is { } since)
        {
            yield return $"--since=@{since / 1_000_000}";
        }

        if (_scope.Until is { } until)
        {
            yield return $"--until=@{(until / 1_000_000) + 1}";
        }
    }

    private string NothingFound() =>
        _files.Unreadable > 0 || _files.Foreign > 0 ? "no entry of the agent could be read"
        : !_isOfThisNode ? $"the agent has no entry in {(_files.Files == 1 ? "this file" : "these files")}; write it on each node with 'journalctl -u {AgentEntries.Unit} -u {UsualUnit} -o export'"
        : Environment.IsPrivilegedProcess ? $"the agent has no entry in this node's journal; does it run? See 'systemctl status {AgentEntries.Unit}'"
        : $"no entry of the agent can be seen in the journal{LocalJournal.ReadersHint}";

    /// <summary>What was asked for; else from the first event to now, or to the last entry of files.</summary>
    private ReportSpan SpanOf(IReadOnlyList<NodeHistory> nodes)
    {
        long first = nodes.Min(static node => node.Boots[0].FirstEvent);
        long last = nodes.Max(static node => node.Boots.Max(static boot => boot.LastSign));
        long from = _scope.Since ?? first;
        long to = _scope.Until ?? (_isOfThisNode ? Math.Max(last, TimeText.Usec(_scope.Now)) : last);
        return new ReportSpan(from, Math.Max(from, to));
    }
}
