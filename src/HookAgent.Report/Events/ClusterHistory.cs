using HookAgent.Report.Reading;

namespace HookAgent.Report.Events;

/// <summary>What the journals have of all nodes. Entries are added one by one, in whatever order the files have them.</summary>
internal sealed class ClusterHistory
{
    private readonly Dictionary<(string HostName, string MachineId), NodeHistory> _nodes = [];
    private readonly ProviderEntries _provider = new();

    public long Entries { get; private set; }

    /// <summary>Entries of the agent, and of systemd about it, that tell something of a node.</summary>
    public int AgentEvents { get; private set; }

    /// <summary>What lines as a provider writes them told, of whatever unit.</summary>
    public int ProviderEvents { get; private set; }

    /// <summary>Entries of the agent without a usable time, boot, host or content.</summary>
    public long Unusable { get; private set; }

    /// <summary>The units that the agents have lent their nodes to.</summary>
    public IReadOnlyList<string> LentTo => [.. _nodes.Values.SelectMany(static node => node.LentTo).Distinct()];

    /// <summary>See <see cref="NodeHistory.BrokenOffBoots"/>.</summary>
    public IReadOnlyList<string> BrokenOffBoots => [.. _nodes.Values.SelectMany(static node => node.BrokenOffBoots)];

    /// <summary>The nodes of which the agent logged something, in order; call it once all is read, since it sorts their events.</summary>
    public IReadOnlyList<NodeHistory> Sorted()
    {
        foreach (NodeHistory node in _nodes.Values)
        {
            node.Sort();
        }

        List<NodeHistory> sorted = [];
        foreach (NodeHistory node in _nodes.Values.Where(static node => node.Boots.Count > 0).OrderBy(static node => node.Boots[0].FirstEvent))
        {
            // A host that was renamed is up under one name at a time. Machines that were copied with their id are not.
            if (sorted.Find(before => before.MachineId == node.MachineId && before.MachineId.Length > 0 && before.Boots[^1].LastSign < node.Boots[0].FirstEvent) is { } renamed)
            {
                renamed.GoOnAs(node);
            }
            else
            {
                sorted.Add(node);
            }
        }

        return sorted;
    }

    public void Add(EntryFields entry)
    {
        Entries++;
        AgentEventKind? kind = AgentEntries.KindOf(entry);
        if (entry.Time is not { } time || !entry.Has(EntryField.BootId) || !entry.Has(EntryField.HostName))
        {
            Unusable += kind is null ? 0 : 1;
            return;
        }

        string boot = entry.Text(EntryField.BootId);
        if (kind is { } known)
        {
            AddAgent(entry, known, boot, time);
            return;
        }

        List<ProviderEvent> lines = _provider.Read(entry, time, ProviderEvents);
        foreach (ProviderEvent line in lines)
        {
            Node(entry).Add(boot, line, time);
            ProviderEvents++;
        }

        // Not of the agent or a provider, but a sign that the node was up.
        if (lines.Count == 0 && _nodes.TryGetValue(Key(entry), out NodeHistory? node))
        {
            node.AddSign(boot, time);
        }
    }

    private void AddAgent(EntryFields entry, AgentEventKind kind, string boot, EntryTime time)
    {
        if (AgentEntries.Read(entry, kind, time, AgentEvents) is not { } happened)
        {
            Unusable++;
            return;
        }

        AgentEvents++;
        NodeHistory node = Node(entry);
        node.Add(boot, happened);
        if (kind is AgentEventKind.StateChanged && entry.Has(EntryField.Unit))
        {
            node.LentTo.Add(entry.Text(EntryField.Unit));
        }
    }

    private static (string HostName, string MachineId) Key(EntryFields entry) => (entry.Text(EntryField.HostName), entry.Text(EntryField.MachineId));

    private NodeHistory Node(EntryFields entry)
    {
        (string hostName, string machineId) = Key(entry);
        if (!_nodes.TryGetValue((hostName, machineId), out NodeHistory? node))
        {
            string boot = entry.Text(EntryField.BootId);
            node = machineId.Length > 0 ? _nodes.Values.FirstOrDefault(other => other.MachineId == machineId && other.Has(boot)) : null;
            node?.Rename(hostName);
            node ??= new NodeHistory(hostName, machineId);
            _nodes.Add((hostName, machineId), node);
        }

        return node;
    }
}
