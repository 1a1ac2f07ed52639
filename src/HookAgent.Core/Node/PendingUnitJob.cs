namespace HookAgent.Core.Node;

/// <summary>
/// The one job on the unit that the agent has asked systemd for. It asks for at most one at a time; only a stop may
/// overtake a start, which it then replaces in systemd's queue.
/// </summary>
/// <param name="Attempt">Rises with each call; answers to an overtaken call carry an older number.</param>
/// <param name="JobPath">The systemd job's object path; null until systemd has answered the call.</param>
/// <param name="Result">How the systemd job ended; null while it is queued or its end was not told.</param>
/// <param name="Finished">The systemd job is gone and the unit's own state decides.</param>
public sealed record PendingUnitJob(long Attempt, string? JobPath, UnitJobResult? Result, bool Finished) : Unprinted
{
    internal PendingUnitJob(long attempt)
        : this(attempt, null, null, false)
    {
    }

    /// <summary>As the unit's reading shows it: a job that has left systemd's queue is over, told or not.</summary>
    internal PendingUnitJob Seen(UnitReading unit) =>
        JobPath is not null && !Finished && unit.JobPath != JobPath ? this with { Finished = true } : this;
}

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
