using HookAgent.Core.Time;

namespace HookAgent.Core.Node;

public enum UnitWorkKind
{
    Start,
    Stop,
}

/// <summary>
/// The one call on the unit that is under way. systemd is asked at most once at a time; only a stop may
/// overtake a start, which it then replaces in systemd's queue.
/// </summary>
/// <param name="Attempt">Rises with each call; answers to an overtaken call carry an older number.</param>
/// <param name="JobPath">The systemd job's object path; null until systemd has answered the call.</param>
/// <param name="Result">How the systemd job ended; null while it is queued or its end was not told.</param>
/// <param name="Finished">The systemd job is gone and the unit's own state decides.</param>
public sealed record UnitWork(UnitWorkKind Kind, long Attempt, string? JobPath, UnitJobResult? Result, bool Finished);

/// <summary>How a systemd job ended (JobRemoved, org.freedesktop.systemd1(5)).</summary>
public enum UnitJobResult
{
    Done,
    Canceled,
    Timeout,
    Failed,
    Dependency,
    Skipped,
    Other,
}

/// <summary>Why systemd refused to queue a job.</summary>
public enum UnitRefusal
{
    NoSuchUnit,
    Masked,
    BadSetting,
    TransactionConflict,
    Other,
}

/// <summary>How far the stop of a unit has gone.</summary>
public enum StopRung
{
    Asked,
    SecondSignal,

    /// <summary>The unit is inactive, but processes of it remain.</summary>
    ProcessesRemain,

    Killed,
    Survived,
}

/// <summary>
/// The stop ladder: StopUnit, after StopGrace a second SIGTERM (on which Wasimoff exits at once and reports the
/// tasks it drops), then SIGKILL to the whole unit.
/// </summary>
/// <param name="Since">When the stop was asked for.</param>
/// <param name="NextAt">When the next rung is due; null on the last.</param>
/// <param name="Lent">
/// How long the unit had been up when the stop was asked for; zero for a start that was cancelled before, null where
/// this agent had not seen it up.
/// </param>
public sealed record StopLadder(StopRung Rung, BootTime Since, BootTime? NextAt, TimeSpan? Lent)
{
    /// <summary>How long a unit has after its second SIGTERM, and again after SIGKILL, before it counts as surviving.</summary>
    public static readonly TimeSpan RungTime = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long the processes of a unit that has become inactive have to end before SIGKILL. Those of a control group
    /// that systemd has just killed are gone within milliseconds.
    /// </summary>
    public static readonly TimeSpan RemainingTime = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// The unit was seen inactive with processes left. They get a SIGKILL of their own, also where the unit had one before:
    /// it may have come before they were there.
    /// </summary>
    public bool ForRemaining { get; init; }
}
