using System.Text;
using HookAgent.Ctl.Report.Reading;

namespace HookAgent.Ctl.Report;

/// <summary>What was read of all nodes: one entry after the other comes in, in whatever order the files have them.</summary>
internal sealed class Histories
{
    private readonly Dictionary<string, NodeHistory> _nodes = new(StringComparer.Ordinal);
    private readonly AgentEntry _agent;
    private byte[] _lastName = [];
    private NodeHistory? _last;

    public Histories() => _agent = new AgentEntry(Reasons);

    public ReasonList Reasons { get; } = new();

    public long Entries { get; private set; }

    /// <summary>Entries that tell something of a node.</summary>
    public int Events { get; private set; }

    /// <summary>Entries that claim to be the agent's, but have no usable time, boot or host.</summary>
    public long Unusable { get; private set; }

    public IReadOnlyCollection<NodeHistory> Nodes => _nodes.Values;

    /// <summary>The ids of boots, but for the last of each node, whose last event is not an end of the agent.</summary>
    public List<string> UnendedBoots()
    {
        List<string> ids = [];
        foreach (NodeHistory node in _nodes.Values)
        {
            for (int i = 0; i < node.Boots.Count - 1; i++)
            {
                if (node.Boots[i].Events[^1].Kind is not (EventKind.Stopped or EventKind.Died))
                {
                    ids.Add(Encoding.UTF8.GetString(node.Boots[i].Id));
                }
            }
        }

        return ids;
    }

    public void Take(Entry entry)
    {
        Entries++;
        if (AgentEntry.Kind(entry) is not { } kind)
        {
            // No word of the agent, but a sign that the node was up.
            if (_last is not null && IsOfLast(entry) && AgentEntry.Time(entry) is { } seen)
            {
                _last.Seen(entry[EntryField.BootId], seen);
            }

            return;
        }

        if (AgentEntry.Time(entry) is not { } time || entry[EntryField.BootId].IsEmpty || entry[EntryField.HostName].IsEmpty
            || _agent.Read(entry, kind, time, Events) is not { } happened)
        {
            Unusable++;
            return;
        }

        Events++;
        NodeOf(entry).Add(entry[EntryField.BootId], happened);
    }

    /// <summary>Entries of one node follow each other, mostly.</summary>
    private NodeHistory NodeOf(Entry entry)
    {
        if (_last is not null && IsOfLast(entry))
        {
            return _last;
        }

        string host = Encoding.UTF8.GetString(entry[EntryField.HostName]);
        string machine = Encoding.UTF8.GetString(entry[EntryField.MachineId]);
        string key = $"{host}\n{machine}";
        if (!_nodes.TryGetValue(key, out NodeHistory? node))
        {
            node = new NodeHistory(host, machine);
            _nodes.Add(key, node);
        }

        _last = node;
        _lastName = [.. entry[EntryField.HostName], (byte)'\n', .. entry[EntryField.MachineId]];
        return node;
    }

    private bool IsOfLast(Entry entry)
    {
        ReadOnlySpan<byte> host = entry[EntryField.HostName];
        return _lastName.Length == host.Length + 1 + entry[EntryField.MachineId].Length
            && _lastName.AsSpan().StartsWith(host) && _lastName.AsSpan(host.Length + 1).SequenceEqual(entry[EntryField.MachineId]);
    }
}
