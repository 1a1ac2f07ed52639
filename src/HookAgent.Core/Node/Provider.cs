using HookAgent.Core.Time;

namespace HookAgent.Core.Node;

/// <summary>
/// The provider's life as the agent knows it: one of the five records below. What systemd says takes it from one to the
/// next (<see cref="ProviderTransitions"/>); a start or a stop of the agent's own does, too (<see cref="Lending"/>,
/// <see cref="Reclaiming"/>).
/// </summary>
public abstract record Provider : Unprinted
{
    private protected Provider()
    {
    }

    /// <summary>The unit as systemd last told it; null where nothing it told can be believed.</summary>
    public UnitReading? Reading => this switch
    {
        Off off => off.Unit,
        Starting starting => starting.Unit,
        Up up => up.Unit,
        Stopping stopping => stopping.Unit,
        _ => null,
    };

    /// <summary>Since when the node has been lent to it; null while it is not lent.</summary>
    public BootTime? LentSince => this switch
    {
        Up up => up.Lent,
        Stopping stopping => stopping.Lent,
        _ => null,
    };

    /// <summary>The agent's own systemd job for the unit; null where none is under way.</summary>
    public PendingUnitJob? PendingJob => this switch
    {
        Starting starting => starting.Start,
        Stopping stopping => stopping.Stop,
        _ => null,
    };

    /// <summary>The stop that the agent sees through; null where it sees to none.</summary>
    public StopEscalation? Escalation => (this as Stopping)?.Stages;

    /// <summary>True unless the unit is known to be at rest, without a process.</summary>
    public bool MayRun => this is not Off;

    /// <summary>A stop that somebody else, or an earlier agent, asked for runs its course.</summary>
    public bool IsStoppedByOthers => this is (Up { LentSince: null } or Stopping { PendingJob: null }) and { Reading.Phase: UnitPhase.Stopping };

    /// <summary>What a unit without a job of the agent's is, by its reading alone.</summary>
    internal static Provider Of(UnitReading reading) => reading.Phase is UnitPhase.AtRest ? new Off(reading) : new Up(reading);
}

/// <summary>systemd has not told the unit yet, or it is in doubt what a call of the agent's did to it: it counts as running.</summary>
public sealed record Unread : Provider;

/// <summary>At rest: inactive, without a process, and nothing is queued that would start it.</summary>
public sealed record Off(UnitReading Unit) : Provider;

/// <summary>A start job of the agent's is under way.</summary>
public sealed record Starting(UnitReading Unit, PendingUnitJob Start) : Provider;

/// <summary>It runs, or may, and no job of the agent's is under way.</summary>
public sealed record Up(UnitReading Unit) : Provider
{
    public BootTime? Lent { get; init; }

    /// <summary>A stop job that was not the agent's was seen while the node was lent.</summary>
    public bool ForeignStopSeen { get; init; }

    /// <summary>systemd was out of reach while the node was lent: a stop by hand may have been missed.</summary>
    public bool Unwatched { get; init; }

    /// <summary>After a stop that did not hold, the next one is not asked for before this.</summary>
    public BootTime? StopAgainAt { get; init; }
}

/// <summary>The agent sees to it that it stops.</summary>
/// <param name="Unit">Null where a refused stop left it in doubt, until the unit is read again.</param>
/// <param name="Stop">The stop job under way; null where it was refused, or has ended and left something behind.</param>
public sealed record Stopping(UnitReading? Unit, StopEscalation Stages, PendingUnitJob? Stop) : Provider
{
    /// <summary>Since when it was lent; kept, because a stop that is refused may be given up when the job has ended.</summary>
    public BootTime? Lent { get; init; }

    /// <summary>It was being stopped by hand when the agent's own stop came: the hand's word stays.</summary>
    public bool ForeignStopSeen { get; init; }

    /// <summary>A refused stop is not asked for again before this.</summary>
    public BootTime? StopAgainAt { get; init; }
}
