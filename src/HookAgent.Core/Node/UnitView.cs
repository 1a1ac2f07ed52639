namespace HookAgent.Core.Node;

/// <summary>systemd's LoadState, as far as a decision depends on it (org.freedesktop.systemd1(5)).</summary>
public enum UnitLoadState
{
    Loaded,
    NotFound,
    Masked,

    /// <summary>bad-setting, error, and whatever a later systemd adds.</summary>
    Unusable,
}

/// <summary>systemd's ActiveState, as far as a decision depends on it (org.freedesktop.systemd1(5)).</summary>
public enum UnitActiveState
{
    Inactive,
    Failed,
    Activating,
    Active,
    Deactivating,

    /// <summary>reloading, maintenance, refreshing, and whatever a later systemd adds: treated as active.</summary>
    Other,
}

/// <summary>The kind of systemd job queued for a unit.</summary>
public enum UnitJobType
{
    None,
    Start,
    Stop,
    Restart,
    Other,
}

/// <summary>The provider's unit as systemd last told it.</summary>
/// <param name="JobPath">The object path of the unit's queued job; empty without one.</param>
public sealed record UnitView(UnitLoadState Load, UnitActiveState Active, UnitJobType Job, string JobPath)
{
    /// <summary>True unless the unit is at rest and nothing is queued that would start it.</summary>
    public bool MayRun =>
        Active is not (UnitActiveState.Inactive or UnitActiveState.Failed)
        || Job is UnitJobType.Start or UnitJobType.Restart;

    /// <summary>The unit is on its way down.</summary>
    public bool IsGoing => MayRun && (Active is UnitActiveState.Deactivating || Job is UnitJobType.Stop);
}
