using HookAgent.Core.Time;

namespace HookAgent.Core.Jobs;

/// <summary>
/// What a job's Prolog left behind about it. Only the id counts; all else informs, and is null where Slurm
/// did not say (END_TIME before 23.02, or everything in a hook run by hand).
/// </summary>
/// <param name="Job">The job.</param>
public sealed record JobRecord(JobId Job)
{
    /// <summary>
    /// How often Slurm has started the job again. Orders nothing: after a requeue the first run's Epilog
    /// already has the second run's count.
    /// </summary>
    public uint? Restart { get; init; }

    /// <summary>The job's user, as a number.</summary>
    public uint? Uid { get; init; }

    /// <summary>The job's user, as a name.</summary>
    public string? User { get; init; }

    public string? Partition { get; init; }

    /// <summary>CPUs of the job on each of its nodes, in Slurm's short form: <c>4(x2),2</c>.</summary>
    public string? Cpus { get; init; }

    /// <summary>When Slurm will end the job at the latest: seconds since 1970, UTC.</summary>
    public long? EndTime { get; init; }

    /// <summary>When the Prolog began: microseconds since 1970, UTC.</summary>
    public long? StartedUsec { get; init; }

    /// <summary>When the Prolog began, on the clock that is never set.</summary>
    public BootTime? StartedBootTime { get; init; }

    /// <summary>The boot during which the Prolog ran.</summary>
    public BootId? Boot { get; init; }
}
