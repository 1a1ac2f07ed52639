using HookAgent.Bus.Systemd;
using HookAgent.Core.Settings;

namespace HookAgent.Ctl.Adopt;

/// <summary>All that decides whether a unit can be adopted, and how.</summary>
internal sealed class AdoptFacts
{
    /// <summary>As it was asked for, with ".service".</summary>
    public required string Name { get; init; }

    /// <summary>What systemd says of it; null where it does not answer.</summary>
    public required UnitSettings? Unit { get; init; }

    /// <summary>The settings of hookagentd.</summary>
    public required AgentSettings Set { get; init; }

    /// <summary>Whether its unit file is a symbolic link.</summary>
    public bool IsLinked { get; init; }

    /// <summary>The links that enable it now.</summary>
    public IReadOnlyList<UnitLink> Links { get; init; } = [];

    /// <summary>The drop-in that is in the place of ours; null for none.</summary>
    public string? DropIn { get; init; }

    /// <summary>The services that a start of it starts as well, which are there.</summary>
    public IReadOnlyList<string> StartedWith { get; init; } = [];
}
