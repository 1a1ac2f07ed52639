using HookAgent.Report.Reading;

namespace HookAgent.Report.Events;

/// <summary>What the journal has of one node, boot by boot.</summary>
internal sealed class NodeHistory(string hostName, string machineId)
{
    private readonly Dictionary<string, BootHistory> _byId = new(StringComparer.Ordinal);

    /// <summary>The last one of several.</summary>
    public string HostName { get; private set; } = hostName;

    /// <summary>machine-id(5); empty where the entries do not have it.</summary>
    public string MachineId { get; } = machineId;

    /// <summary>The units that the agent has lent the node to, mostly one.</summary>
    public HashSet<string> LentTo { get; } = new(StringComparer.Ordinal);

    /// <summary>In their order; empty before <see cref="Sort"/>.</summary>
    public IReadOnlyList<BootHistory> Boots { get; private set; } = [];

    public bool Has(string boot) => _byId.ContainsKey(boot);

    public void Rename(string hostName) => HostName = hostName;

    /// <summary>Takes the later boots of the same host over, and its new name; both are sorted.</summary>
    public void GoOnAs(NodeHistory later)
    {
        Rename(later.HostName);
        LentTo.UnionWith(later.LentTo);
        Boots = [.. Boots, .. later.Boots];
    }

    public void Add(string boot, in AgentEvent happened) => Boot(boot).Add(happened);

    public void Add(string boot, in ProviderEvent line, EntryTime time) => Boot(boot).Add(line, time);

    /// <summary>Another entry was written at this time, so the node was up.</summary>
    public void AddSign(string boot, EntryTime time) => _byId.GetValueOrDefault(boot)?.AddSign(time);

    /// <summary>
    /// Puts events and boots in order, once all is read. Boots without an entry of the agent are left out: the lines of a
    /// provider do not tell the node's state.
    /// </summary>
    public void Sort()
    {
        BootHistory[] boots = [.. _byId.Values.Where(static boot => boot.AgentEvents.Count > 0)];
        Array.ForEach(boots, boot => boot.Sort(LentTo));
        Boots = [.. boots.OrderBy(static boot => boot.FirstEvent)];
    }

    /// <summary>The ids of the boots read, but the last, in which the agent did not log its end.</summary>
    public IEnumerable<string> BrokenOffBoots => _byId.Values.SkipLast(1)
        .Where(static boot => boot.AgentEvents is [.., { Kind: not (AgentEventKind.AgentStopped or AgentEventKind.AgentFailed) }])
        .Select(static boot => boot.Id);

    private BootHistory Boot(string id)
    {
        if (!_byId.TryGetValue(id, out BootHistory? boot))
        {
            boot = new BootHistory(id);
            _byId.Add(id, boot);
        }

        return boot;
    }
}
