namespace HookAgent.Core.Node;

/// <summary>
/// Why the node is in its state. The words (<see cref="ReasonText"/>) are part of the interface: they
/// appear in the journal's HOOKAGENT_REASON, on the bus and in the metrics, and are never renamed.
/// </summary>
public enum Reason
{
    /// <summary>Busy: a job record lies in the job directory.</summary>
    JobsRecorded,

    /// <summary>Settling: the node has been idle for less than IdleDelay + StartJitter.</summary>
    IdleDelay,

    /// <summary>Lending: systemd has been asked to start the unit.</summary>
    Starting,

    /// <summary>Lending: the unit is active.</summary>
    Running,

    /// <summary>Reclaiming: systemd has been asked to stop the unit.</summary>
    StopAsked,

    /// <summary>Reclaiming: the unit outlived StopGrace and got its second SIGTERM.</summary>
    SecondSignal,

    /// <summary>Reclaiming: the unit is inactive, but processes of it remain; they get SIGKILL.</summary>
    ProcessesRemain,

    /// <summary>Reclaiming: the unit outlived its second SIGTERM and got SIGKILL.</summary>
    Killed,

    /// <summary>Reclaiming: the unit is still there after SIGKILL; a process hangs in the kernel.</summary>
    SurvivedKill,

    /// <summary>Held: <c>hookctl hold</c>.</summary>
    OperatorHold,

    /// <summary>Held: somebody else stopped the unit while it was lent.</summary>
    HandStopped,

    /// <summary>Held: the unit is masked. One that runs is stopped: with its file it has lost BindsTo=.</summary>
    Masked,

    /// <summary>Held: a unit named by RequireUnit is not active.</summary>
    RequiredUnitInactive,

    /// <summary>Held: the unit's ExecCondition= refused the start; asked again after a pause.</summary>
    ExecCondition,

    /// <summary>Failed: the unit's start job failed.</summary>
    StartFailed,

    /// <summary>Failed: the unit's start job ran into its timeout.</summary>
    StartTimeout,

    /// <summary>Failed: a unit that the provider's unit requires could not be started.</summary>
    DependencyFailed,

    /// <summary>Failed: a condition of the unit was not met, though no job is recorded.</summary>
    ConditionUnmet,

    /// <summary>Failed: the provider ended by itself.</summary>
    ProviderExited,

    /// <summary>Failed: systemd knows no such unit.</summary>
    UnitMissing,

    /// <summary>Failed: the unit file cannot be used.</summary>
    BadUnit,

    /// <summary>Failed: another queued systemd job conflicts with the start.</summary>
    TransactionConflict,

    /// <summary>Failed: systemd refused the start for another cause; the journal has its words.</summary>
    StartRefused,

    /// <summary>Unknown: the job directory has not been read yet.</summary>
    DirectoryUnread,

    /// <summary>Unknown: the directory was made after boot and may lack running jobs.</summary>
    DirectoryUnproven,

    /// <summary>Unknown: there is no job directory.</summary>
    DirectoryMissing,

    /// <summary>Unknown: the job directory cannot be read.</summary>
    DirectoryUnreadable,

    /// <summary>Unknown: the job directory holds something that is no job record.</summary>
    ForeignEntry,

    /// <summary>Unknown: a job runs whose record could not be written or was never made.</summary>
    JobWithoutRecord,

    /// <summary>Unknown: a slurmstepd runs for a job without a record.</summary>
    StepWithoutRecord,

    /// <summary>Unknown: systemd cannot be reached over the bus.</summary>
    SystemdUnreachable,
}
