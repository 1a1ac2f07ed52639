using HookAgent.Core.Time;

namespace HookAgent.Core.Node;

/// <summary>What a transition of the provider means to the node; <see cref="ProviderOutcomes"/> draws the consequences.</summary>
public enum ProviderOutcome
{
    Nothing,

    /// <summary>It runs, or is about to, and the agent did not start it.</summary>
    FoundRunning,

    /// <summary>A job that is not the agent's left systemd's queue while the node was not lent: perhaps a refused start.</summary>
    ForeignJobEnded,

    /// <summary>The agent's start has come to an end, and it runs.</summary>
    Started,

    /// <summary>Somebody cancelled the agent's start, or stopped the unit before it ran.</summary>
    StartStoppedByHand,
    StartTimedOut,
    DependencyFailed,
    StartFailed,

    /// <summary>The start job is done or skipped, and the unit does not run: a condition was not met, or it ended at once.</summary>
    NotRunning,

    /// <summary>systemd refused to queue the start; the event has its words.</summary>
    StartRefused,

    /// <summary>It was lent, and is not there any more.</summary>
    Ended,

    /// <summary>The same, while systemd was out of reach: it may have been stopped by hand.</summary>
    EndedUnwatched,

    /// <summary>Somebody stopped it while it was lent.</summary>
    StoppedByHand,

    /// <summary>The agent's stop has come to its end.</summary>
    Stopped,

    /// <summary>The same, and somebody had asked for it before the agent did.</summary>
    StoppedByBoth,

    /// <summary>systemd refused to queue the stop; the event has its words.</summary>
    StopRefused,
}

/// <summary>
/// How what systemd says takes the provider from one state to the next. All of it is here: ARCHITECTURE.md has it as a
/// table, which a test prints from this code.
/// </summary>
internal static class ProviderTransitions
{
    /// <param name="agentStopping">systemd is stopping the agent itself, and the provider with it: no stop by hand.</param>
    public static (Provider Next, ProviderOutcome Outcome) Next(Provider provider, UnitEvent said, bool agentStopping, BootTime now) => said switch
    {
        UnitsSeen seen => Read(provider, seen.Provider, agentStopping, now),
        UnitJobQueued queued => (Queued(provider, queued), ProviderOutcome.Nothing),
        UnitJobRefused refused => Refused(provider, refused, now),
        UnitJobRemoved removed => Removed(provider, removed),
        SystemdLost => (Lost(provider), ProviderOutcome.Nothing),
        _ => throw new System.Diagnostics.UnreachableException($"no event of systemd's: {said}"),
    };

    /// <summary>
    /// The unit was read. While a job of the agent's is in systemd's queue, nothing is decided; when it is over, the unit's own
    /// state decides, not the job's result.
    /// </summary>
    private static (Provider Next, ProviderOutcome Outcome) Read(Provider provider, UnitReading unit, bool agentStopping, BootTime now) =>
        provider switch
        {
            Unread or Off => (Provider.Of(unit), unit.IsUp ? ProviderOutcome.FoundRunning : ProviderOutcome.Nothing),
            Starting starting => starting.Start.Seen(unit) is { Finished: true } start
                ? AfterStart(start, unit, agentStopping, now)
                : (starting with { Unit = unit }, ProviderOutcome.Nothing),
            Up up => Watched(up, unit, agentStopping),
            Stopping { Stop: { } job } stopping => job.Seen(unit) is { Finished: true } stop
                ? AfterStop(stopping with { Unit = unit, Stop = null }, stop, unit, agentStopping, now)
                : (stopping with { Unit = unit }, ProviderOutcome.Nothing),
            Stopping stopping => AfterRefusedStop(stopping with { Unit = unit }, unit, agentStopping),
            _ => throw new System.Diagnostics.UnreachableException($"no provider: {provider}"),
        };

    private static (Provider Next, ProviderOutcome Outcome) AfterStart(PendingUnitJob start, UnitReading unit, bool agentStopping, BootTime now)
    {
        bool foreignStop = unit.Job is UnitJobType.Stop && !agentStopping;
        if (unit.IsUp)
        {
            return (new Up(unit) { Lent = now, ForeignStopSeen = foreignStop }, ProviderOutcome.Started);
        }

        if (start.Result is null && foreignStop)
        {
            return (Provider.Of(unit), ProviderOutcome.StartStoppedByHand);
        }

        return (Provider.Of(unit), start.Result switch
        {
            UnitJobResult.Canceled => agentStopping ? ProviderOutcome.Nothing : ProviderOutcome.StartStoppedByHand,
            UnitJobResult.Timeout => ProviderOutcome.StartTimedOut,
            UnitJobResult.Dependency => ProviderOutcome.DependencyFailed,
            UnitJobResult.Failed or UnitJobResult.Other => ProviderOutcome.StartFailed,

            // systemd 247 calls a start that ExecCondition= refused "skipped"; from 252 on it is "done".
            UnitJobResult.Done or UnitJobResult.Skipped or null => ProviderOutcome.NotRunning,
        });
    }

    /// <summary>Nothing of the agent's is under way: what changed is the provider's or somebody else's doing.</summary>
    private static (Provider Next, ProviderOutcome Outcome) Watched(Up up, UnitReading unit, bool agentStopping)
    {
        if (up.Lent is null)
        {
            return unit.Phase is UnitPhase.AtRest
                ? (new Off(unit), ProviderOutcome.Nothing)
                : (up with { Unit = unit }, unit.IsUp ? ProviderOutcome.FoundRunning : ProviderOutcome.Nothing);
        }

        if (unit.IsUp)
        {
            bool foreignStop = unit.Job switch
            {
                UnitJobType.Stop => !agentStopping,
                UnitJobType.None => false,
                UnitJobType.Start or UnitJobType.Restart or UnitJobType.Other => up.ForeignStopSeen,
            };
            return (up with { Unit = unit, ForeignStopSeen = foreignStop, Unwatched = false }, ProviderOutcome.Nothing);
        }

        return (Provider.Of(unit), up switch
        {
            _ when agentStopping => ProviderOutcome.Nothing,
            { ForeignStopSeen: true } => ProviderOutcome.StoppedByHand,
            { Unwatched: true } when unit.Phase is UnitPhase.AtRest => ProviderOutcome.EndedUnwatched,
            _ => ProviderOutcome.Ended,
        });
    }

    private static (Provider Next, ProviderOutcome Outcome) AfterStop(
        Stopping stopping, PendingUnitJob stop, UnitReading unit, bool agentStopping, BootTime now)
    {
        if (!unit.IsUp)
        {
            return AfterRefusedStop(stopping, unit, agentStopping);
        }

        // Where the stop went through and the unit runs again, a new start was queued: its stop begins at the first stage.
        BootTime again = now + Backoff.FirstPause;
        return stop.Result is UnitJobResult.Done
            ? (new Up(unit) { Lent = stopping.Lent, ForeignStopSeen = stopping.ForeignStopSeen, StopAgainAt = again }, ProviderOutcome.Nothing)
            : (stopping with { StopAgainAt = again }, ProviderOutcome.Nothing);
    }

    /// <summary>No stop job is under way: it was refused, taken out of the queue, or has left processes behind.</summary>
    private static (Provider Next, ProviderOutcome Outcome) AfterRefusedStop(Stopping stopping, UnitReading unit, bool agentStopping) => unit.Phase switch
    {
        UnitPhase.AtRest => (
            new Off(unit), stopping.ForeignStopSeen && !agentStopping ? ProviderOutcome.StoppedByBoth : ProviderOutcome.Stopped),
        UnitPhase.ProcessesRemain => (stopping, ProviderOutcome.Nothing),
        UnitPhase.StartQueued or UnitPhase.Running or UnitPhase.Stopping => stopping.Lent is null
            ? (stopping, ProviderOutcome.FoundRunning)
            : (stopping with { ForeignStopSeen = stopping.ForeignStopSeen && unit.Job is not (UnitJobType.Stop or UnitJobType.None) }, ProviderOutcome.Nothing),
    };

    private static Provider Queued(Provider provider, UnitJobQueued queued) => provider switch
    {
        Starting starting when starting.Start.Attempt == queued.Attempt => starting with { Start = starting.Start with { JobPath = queued.JobPath } },
        Stopping { Stop: { } stop } stopping when stop.Attempt == queued.Attempt => stopping with { Stop = stop with { JobPath = queued.JobPath } },
        _ => provider,
    };

    /// <summary>Not knowing what systemd made of a call, the unit must be read before it is believed again.</summary>
    private static (Provider Next, ProviderOutcome Outcome) Refused(Provider provider, UnitJobRefused refused, BootTime now) => provider switch
    {
        Starting starting when starting.Start.Attempt == refused.Attempt => (
            refused.Refusal switch
            {
                UnitRefusal.Other => new Unread(),
                UnitRefusal.Masked => Provider.Of(starting.Unit with { Load = UnitLoadState.Masked }),
                UnitRefusal.NoSuchUnit or UnitRefusal.BadSetting or UnitRefusal.TransactionConflict => Provider.Of(starting.Unit),
            },
            ProviderOutcome.StartRefused),
        Stopping { Stop: { } stop } stopping when stop.Attempt == refused.Attempt => (
            stopping with { Unit = null, Stop = null, StopAgainAt = now + Backoff.FirstPause }, ProviderOutcome.StopRefused),
        _ => (provider, ProviderOutcome.Nothing),
    };

    private static (Provider Next, ProviderOutcome Outcome) Removed(Provider provider, UnitJobRemoved removed)
    {
        switch (provider)
        {
            case Starting starting:
                return (starting.Start.JobPath == removed.JobPath ? starting with { Start = Over(starting.Start) } : starting, ProviderOutcome.Nothing);
            case Stopping { Stop: { } stop } stopping:
                return (stop.JobPath == removed.JobPath ? stopping with { Stop = Over(stop) } : stopping, ProviderOutcome.Nothing);
            case { LentSince: null }:
                return (provider, ProviderOutcome.ForeignJobEnded);
            case Up up when removed.Result is UnitJobResult.Done:
                // Unless it was seen in the queue, whether it was a stop is seen when the units are read: after a start or
                // restart the unit runs.
                bool start = up.Unit.Job is UnitJobType.Start or UnitJobType.Restart && up.Unit.JobPath == removed.JobPath;
                return (start ? up : up with { ForeignStopSeen = true }, ProviderOutcome.Nothing);
            default:
                return (provider, ProviderOutcome.Nothing);
        }

        PendingUnitJob Over(PendingUnitJob job) => job with { Result = removed.Result, Finished = true };
    }

    /// <summary>Nothing of the agent's is under way any more; what was may have gone through.</summary>
    private static Provider Lost(Provider provider) => provider switch
    {
        Starting starting => new Up(starting.Unit with { Active = UnitActiveState.Other }),
        Up up => up with { Unwatched = up.Unwatched || up.Lent is not null },
        Stopping { Unit: null } => new Unread(),
        Stopping { Unit: { } unit } stopping => new Up(stopping.Stop is null ? unit : unit with { Active = UnitActiveState.Other }) { StopAgainAt = stopping.StopAgainAt },
        _ => provider,
    };
}
