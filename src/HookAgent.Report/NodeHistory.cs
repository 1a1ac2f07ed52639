using System.Text;

namespace HookAgent.Report;

/// <summary>What was read of one node, boot by boot.</summary>
internal sealed class NodeHistory(string hostName, string machineId)
{
    private readonly List<BootHistory> _boots = [];
    private readonly Dictionary<string, BootHistory> _byId = new(StringComparer.Ordinal);
    private readonly List<byte> _lentTo = [];

    public string HostName { get; } = hostName;

    /// <summary>machine-id(5); empty where the entries do not have it.</summary>
    public string MachineId { get; } = machineId;

    /// <summary>In their order, after <see cref="Settle"/>.</summary>
    public IReadOnlyList<BootHistory> Boots => _boots;

    /// <summary>Of <see cref="UnitList"/>: the units that the agent has named as what it lends the node to, mostly one.</summary>
    public IReadOnlyList<byte> LentTo => _lentTo;

    public void Lends(byte unit)
    {
        if (!_lentTo.Contains(unit))
        {
            _lentTo.Add(unit);
        }
    }

    public void Add(ReadOnlySpan<byte> boot, in AgentEvent happened) => FindOrAdd(boot).Add(happened);

    public void Add(ReadOnlySpan<byte> boot, in ProviderEvent happened, (long Realtime, long Monotonic) time) => FindOrAdd(boot).Add(happened, time);

    /// <summary>Something else was written at this time, so the node was up.</summary>
    public void Seen(ReadOnlySpan<byte> boot, (long Realtime, long Monotonic) time) => Find(boot)?.Seen(time);

    /// <summary>
    /// Puts events and boots in order, once all is read. Boots of which the agent has no entry are left out: a provider's
    /// lines do not tell the node's state.
    /// </summary>
    public void Settle()
    {
        _boots.RemoveAll(static boot => boot.Events.Count == 0);
        foreach (BootHistory boot in _boots)
        {
            boot.Settle(_lentTo.Contains);
        }

        _boots.Sort(static (a, b) => a.FirstEvent.CompareTo(b.FirstEvent));
    }

    private BootHistory FindOrAdd(ReadOnlySpan<byte> boot)
    {
        BootHistory? of = Find(boot);
        if (of is null)
        {
            of = new BootHistory([.. boot]);
            _boots.Add(of);
            _byId.Add(Encoding.UTF8.GetString(boot), of);
        }

        return of;
    }

    /// <summary>Mostly it is the one that came last.</summary>
    private BootHistory? Find(ReadOnlySpan<byte> id) =>
        _boots.Count == 0 ? null
        : id.SequenceEqual(_boots[^1].Id) ? _boots[^1]
        : _byId.GetValueOrDefault(Encoding.UTF8.GetString(id));
}
