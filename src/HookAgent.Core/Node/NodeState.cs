namespace HookAgent.Core.Node;

/// <summary>
/// What the node is doing, in the words of <c>hookctl status</c>, the journal and the bus. Every state comes
/// with a <see cref="Reason"/>.
/// </summary>
public enum NodeState
{
    /// <summary>At least one job is recorded and the provider is off.</summary>
    Busy,

    /// <summary>No job; waiting out IdleDelay (and StartJitter) before the node is lent.</summary>
    Settling,

    /// <summary>No job; the provider runs or is being started.</summary>
    Lending,

    /// <summary>The provider must be off and is being stopped.</summary>
    Reclaiming,

    /// <summary>
    /// An operator keeps the provider off: by a hold, by hand, by taking slurmd down, or by the unit's ExecCondition=.
    /// </summary>
    Held,

    /// <summary>The provider could not be started or did not stay up; tried again after a backoff.</summary>
    Failed,

    /// <summary>The evidence about jobs is missing or contradicts itself; treated as busy.</summary>
    Unknown,
}
