using System.Text;
using HookAgent.Report.Reading;

namespace HookAgent.Report;

/// <summary>What was read of all nodes: one entry after the other comes in, in whatever order the files have them.</summary>
internal sealed class Histories
{
    private readonly Dictionary<string, NodeHistory> _nodes = new(StringComparer.Ordinal);
    private readonly AgentEntry _agent;
    private readonly ProviderEntry _provider;
    private byte[] _lastName = [];
    private NodeHistory? _last;
    private List<NodeHistory>? _settled;

    public Histories()
    {
        _agent = new AgentEntry(Reasons);
        _provider = new ProviderEntry(Units);
    }

    public ReasonList Reasons { get; } = new();

    public UnitList Units { get; } = new();

    public long Entries { get; private set; }

    /// <summary>Entries of the agent, and of systemd about it, that tell something of a node.</summary>
    public int Events { get; private set; }

    /// <summary>What was told by lines as a provider writes them, of whatever unit.</summary>
    public int ProviderEvents { get; private set; }

    /// <summary>Entries that claim to be the agent's, but have no usable time, boot or host.</summary>
    public long Unusable { get; private set; }

    /// <summary>Those of which the agent has told something.</summary>
    public IReadOnlyCollection<NodeHistory> Nodes => _settled ?? throw new InvalidOperationException("not settled yet");

    /// <summary>Once all is read.</summary>
    public void Settle()
    {
        List<NodeHistory> told = [];
        foreach (NodeHistory node in _nodes.Values)
        {
            node.Settle();
            if (node.Boots.Count > 0)
            {
                told.Add(node);
            }
        }

        _settled = told;
    }

    /// <summary>The names of all units that agents have named as what they lend their node to.</summary>
    public List<string> LentTo()
    {
        List<string> names = [];
        foreach (NodeHistory node in _nodes.Values)
        {
            foreach (byte unit in node.LentTo)
            {
                if (!names.Contains(Units[unit]))
                {
                    names.Add(Units[unit]);
                }
            }
        }

        return names;
    }

    /// <summary>The ids of boots, but for the last of each node, whose last event is not an end of the agent.</summary>
    public List<string> UnendedBoots()
    {
        List<string> ids = [];
        foreach (NodeHistory node in _nodes.Values)
        {
            for (int i = 0; i < node.Boots.Count - 1; i++)
            {
                if (node.Boots[i].Events.Count > 0 && node.Boots[i].Events[^1].Kind is not (EventKind.Stopped or EventKind.Died))
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
            // No word of the agent or of a provider, but a sign that the node was up.
            if (!TakeProvider(entry) && _last is not null && IsOfLast(entry) && AgentEntry.Time(entry) is { } seen)
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
        NodeHistory node = NodeOf(entry);
        node.Add(entry[EntryField.BootId], happened);
        if (kind is EventKind.State && !entry[EntryField.Unit].IsEmpty && Units.Number(entry[EntryField.Unit]) is { } unit)
        {
            node.Lends(unit);
        }
    }

    private bool TakeProvider(Entry entry)
    {
        if (entry[EntryField.BootId].IsEmpty || entry[EntryField.HostName].IsEmpty || AgentEntry.Time(entry) is not { } time)
        {
            return false;
        }

        List<ProviderEvent> told = _provider.Read(entry, ProviderEvents);
        foreach (ProviderEvent happened in told)
        {
            NodeOf(entry).Add(entry[EntryField.BootId], happened, time);
            ProviderEvents++;
        }

        return told.Count > 0;
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
