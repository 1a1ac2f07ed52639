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

/// <summary>What a reading says of the unit, in one word.</summary>
public enum UnitPhase
{
    /// <summary>Inactive or failed, without a process, and nothing is queued that would start it.</summary>
    AtRest,

    /// <summary>At rest but for a start in systemd's queue; without a permit the unit's conditions will refuse it.</summary>
    StartQueued,

    Running,

    /// <summary>It runs, and is on its way down: deactivating, or a stop is queued.</summary>
    Stopping,

    /// <summary>Inactive or failed, and processes are left that systemd does not stop any more.</summary>
    ProcessesRemain,
}

/// <summary>The provider's unit as systemd last told it.</summary>
/// <param name="JobPath">The object path of the unit's queued job; empty without one.</param>
public sealed record UnitReading(UnitLoadState Load, UnitActiveState Active, UnitJobType Job, string JobPath) : Unprinted
{
    /// <summary>
    /// The unit is inactive, and its control group still has processes (GetUnitProcesses of
    /// org.freedesktop.systemd1(5)): KillMode=process or none leaves the children of the main process behind.
    /// </summary>
    public bool ProcessesRemain { get; init; }

    public UnitPhase Phase => this switch
    {
        { IsActive: true } when Active is UnitActiveState.Deactivating || Job is UnitJobType.Stop => UnitPhase.Stopping,
        { IsActive: true } => UnitPhase.Running,
        { Job: UnitJobType.Start or UnitJobType.Restart } => UnitPhase.StartQueued,
        { ProcessesRemain: true } => UnitPhase.ProcessesRemain,
        _ => UnitPhase.AtRest,
    };

    /// <summary>systemd runs it or is about to.</summary>
    public bool IsUp => Phase is UnitPhase.Running or UnitPhase.Stopping or UnitPhase.StartQueued;

    /// <summary>
    /// It runs, and systemd has no unit file for it any more: it was masked or removed meanwhile. Then BindsTo= and the
    /// conditions are gone with the file, and nothing but the agent would stop it.
    /// </summary>
    public bool IsOrphaned => IsActive && Load is not UnitLoadState.Loaded;

    private bool IsActive => Active is not (UnitActiveState.Inactive or UnitActiveState.Failed);
}
