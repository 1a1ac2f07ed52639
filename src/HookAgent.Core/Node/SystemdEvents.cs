using System.Collections.Immutable;
using HookAgent.Core.Jobs;
using HookAgent.Core.Time;

namespace HookAgent.Core.Node;

/// <summary>
/// The units were read, by one call that was sent after everything already told to the machine had happened.
/// </summary>
/// <param name="RequiredUnitUp">RequireUnit is active, or being restarted.</param>
/// <param name="AgentStopping">A stop or restart of the agent's own unit is queued: the provider's stop is part of it.</param>
public sealed record UnitsSeen(UnitView Provider, bool RequiredUnitUp, bool AgentStopping) : NodeEvent
{
    /// <summary>Running units that are bound to the agent and are not the provider.</summary>
    public ImmutableSortedSet<string> Strays { get; init; } = [];

    internal override NodeModel Absorb(NodeModel model, BootTime now, List<NodeEffect> effects)
    {
        if (model is { ConditionChecked: null, Inspecting: null })
        {
            // What an inspection to come is compared with.
            effects.Add(new InspectUnit());
        }

        model = Node.Strays.See(model, Strays, effects);
        bool mended = Provider.Load is UnitLoadState.Loaded
            && model is
            {
                Unit.Load: UnitLoadState.NotFound or UnitLoadState.Unusable,
                FailedFor: Reason.UnitMissing or Reason.BadUnit,
            };
        if (mended)
        {
            // Worth a try without waiting out the backoff.
            model = Failure.EndBackoff(model);
        }

        if (model is { Unit: null, Attempts: 0 } && !Provider.MayRun)
        {
            // Seen for the first time: the jobs in the directory may be hours old, and if a provider ran beside
            // them, nobody saw when it stopped.
            model = model with { Handovers = model.Handovers.Clear() };
        }

        model = model with
        {
            Unit = Provider,
            RequiredUnitUp = RequiredUnitUp,
            AgentStopping = AgentStopping,
            UnreachableSince = null,
            GaveUp = false,
            BlindWhileLent = model.BlindWhileLent && !Provider.MayRun,
        };

        if (model.Work is { JobPath: not null, Finished: false } queued && Provider.JobPath != queued.JobPath)
        {
            // The job has left systemd's queue and its JobRemoved is lost, or still on its way.
            model = model with { Work = queued with { Finished = true } };
        }

        return model.Work switch
        {
            { Finished: true, Kind: UnitWorkKind.Start } start => ConcludeStart(model, start, now, effects),
            { Finished: true, Kind: UnitWorkKind.Stop } stop => ConcludeStop(AfterStopJob(model, stop), now, effects),
            not null => model,

            // A stop that was refused, or whose job was taken out of the queue, has come to its end all the same.
            null when model.Ladder is not null && !Provider.MayRun => ConcludeStop(model, now, effects),

            // It is off as it was to be, but for what it left behind.
            null when model.Ladder is not null && Provider.IsLeftover => model,
            null => NoticeOthers(model, now, effects),
        };
    }

    private static NodeModel ConcludeStart(NodeModel model, UnitWork start, BootTime now, List<NodeEffect> effects)
    {
        model = model with { Work = null };
        if (model.Unit is { MayRun: true, IsLeftover: false })
        {
            return model with { LentSince = now, RetryAt = null, ForeignStopSeen = ForeignStopQueued(model) };
        }

        if (start.Result is null && ForeignStopQueued(model))
        {
            return HoldHandStopped(model, now, effects);
        }

        return start.Result switch
        {
            UnitJobResult.Canceled => model.AgentStopping ? model : HoldHandStopped(model, now, effects),
            UnitJobResult.Timeout => Failure.Count(model, Reason.StartTimeout, now, effects),
            UnitJobResult.Dependency => Failure.Count(model, Reason.DependencyFailed, now, effects),
            UnitJobResult.Failed or UnitJobResult.Skipped or UnitJobResult.Other =>
                Failure.Count(model, Reason.StartFailed, now, effects),
            UnitJobResult.Done or null => Failure.Inspect(model, Inspection.Start, now, effects),
        };
    }

    /// <summary>Where the stop went through and the unit runs again, a new start was queued: its stop begins at the first rung.</summary>
    private static NodeModel AfterStopJob(NodeModel model, UnitWork stop) =>
        model.Unit is { MayRun: true, IsLeftover: false } && stop.Result is UnitJobResult.Done ? model with { Ladder = null } : model;

    private static NodeModel ConcludeStop(NodeModel model, BootTime now, List<NodeEffect> effects)
    {
        model = model with { Work = null };
        if (model.Unit!.IsLeftover)
        {
            return model;
        }

        if (model.Unit.MayRun)
        {
            return model with { StopAgainAt = now + Failure.FirstPause };
        }

        if (model.Ladder is { } ladder)
        {
            effects.Add(new ProviderStopped(ladder.Rung, now - ladder.Since, ladder.Lent, model.Concerned));
        }

        model = model with { Ladder = null, StopAgainAt = null };
        return model is { ForeignStopSeen: true, AgentStopping: false }
            ? HoldHandStopped(model, now, effects)
            : Failure.EndLent(model);
    }

    /// <summary>Nothing of ours is under way: what changed is the provider's or somebody else's doing.</summary>
    private static NodeModel NoticeOthers(NodeModel model, BootTime now, List<NodeEffect> effects)
    {
        UnitView unit = model.Unit!;
        if (model.LentSince is null)
        {
            bool wanted = unit is { MayRun: true, IsLeftover: false } && (model.Hold is { Kind: HoldKind.HandStopped } || model.RetryAt is not null);
            return wanted ? UnitInspected.TakeUp(model, now, effects) : model;
        }

        if (unit is { MayRun: true, IsLeftover: false })
        {
            return model with
            {
                ForeignStopSeen = unit.Job switch
                {
                    UnitJobType.Stop => ForeignStopQueued(model),
                    UnitJobType.None => false,
                    UnitJobType.Start or UnitJobType.Restart or UnitJobType.Other => model.ForeignStopSeen,
                },
            };
        }

        if (model.AgentStopping)
        {
            return Failure.EndLent(model);
        }

        if (!model.ForeignStopSeen)
        {
            return Failure.Inspect(model, Inspection.Exit, now, effects);
        }

        // Or it was a restart, whose start the unit's conditions refused before it could be seen in the queue.
        effects.Add(new InspectUnit());
        return HoldHandStopped(model, now, effects);
    }

    /// <summary>A stop is queued that neither the agent asked for nor its own stop brought along.</summary>
    private static bool ForeignStopQueued(NodeModel model) =>
        model is { Unit.Job: UnitJobType.Stop, AgentStopping: false, Ladder: null };

    internal static NodeModel HoldHandStopped(NodeModel model, BootTime now, List<NodeEffect> effects)
    {
        model = Failure.EndLent(model);

        // An operator who has said why already stays in force.
        if (model.Hold is not null)
        {
            return model;
        }

        Hold hold = new(HoldKind.HandStopped, "systemctl", "", null, null, Persistent: false);
        effects.Add(new HoldBegan(hold));
        return model with { Hold = hold };
    }
}

/// <summary>systemd queued the job that was asked for.</summary>
public sealed record UnitJobQueued(long Attempt, string JobPath) : NodeEvent
{
    internal override NodeModel Absorb(NodeModel model, BootTime now, List<NodeEffect> effects) =>
        model.Work is { } work && work.Attempt == Attempt
            ? model with { Work = work with { JobPath = JobPath } }
            : model;
}

/// <summary>systemd refused to queue the job that was asked for.</summary>
/// <param name="Cause">systemd's words.</param>
public sealed record UnitJobRefused(long Attempt, UnitRefusal Refusal, string Cause) : NodeEvent
{
    internal override NodeModel Absorb(NodeModel model, BootTime now, List<NodeEffect> effects)
    {
        if (model.Work is not { } work || work.Attempt != Attempt)
        {
            return model;
        }

        // Not knowing what systemd made of the call, the unit's state must be read before it is believed again.
        bool inDoubt = work.Kind is UnitWorkKind.Stop || Refusal is UnitRefusal.Other;
        model = model with { Work = null, Unit = inDoubt ? null : model.Unit };
        effects.Add(new ReadUnits());

        if (work.Kind is UnitWorkKind.Stop)
        {
            if (Refusal is not UnitRefusal.NoSuchUnit)
            {
                effects.Add(new StopRefused(Cause));
            }

            return model with { StopAgainAt = now + Failure.FirstPause };
        }

        return Refusal switch
        {
            // Held while the unit is masked; a pause, too, because it may be a unit that this one requires.
            UnitRefusal.Masked => Failure.Count(
                model with { Unit = model.Unit! with { Load = UnitLoadState.Masked } },
                Reason.StartRefused, now, effects, Cause),
            UnitRefusal.NoSuchUnit => Failure.Count(model, Reason.UnitMissing, now, effects, Cause),
            UnitRefusal.BadSetting => Failure.Count(model, Reason.BadUnit, now, effects, Cause),
            UnitRefusal.TransactionConflict => Failure.Count(model, Reason.TransactionConflict, now, effects, Cause),
            UnitRefusal.Other => Failure.Count(model, Reason.StartRefused, now, effects, Cause),
        };
    }
}

/// <summary>A job of the provider's unit left systemd's queue, ours or another's; the units are read after it.</summary>
public sealed record UnitJobRemoved(string JobPath, UnitJobResult Result) : NodeEvent
{
    internal override NodeModel Absorb(NodeModel model, BootTime now, List<NodeEffect> effects)
    {
        if (model.Work is { } work)
        {
            return work.JobPath == JobPath ? model with { Work = work with { Result = Result, Finished = true } } : model;
        }

        if (model is { UnreachableSince: null, LentSince: null } and ({ Hold.Kind: HoldKind.HandStopped } or { RetryAt: not null }))
        {
            // A start by hand that the unit's conditions refused, or a stop of a unit that was off.
            effects.Add(new InspectUnit());
        }

        // Unless it was seen in the queue, whether it was a stop is seen when the units are read: after a start or
        // restart the unit runs.
        bool start = model.Unit is { Job: UnitJobType.Start or UnitJobType.Restart } unit && unit.JobPath == JobPath;
        return model is { LentSince: not null, Ladder: null } && Result is UnitJobResult.Done && !start
            ? model with { ForeignStopSeen = true }
            : model;
    }
}

/// <summary>How the provider ended, and when its unit's conditions were last checked and whether they were met.</summary>
/// <param name="Ending">systemd's result and exit status in words, for the journal.</param>
public sealed record UnitInspected(bool ConditionMet, string Ending) : NodeEvent
{
    /// <summary>Null where systemd did not tell.</summary>
    public ConditionStamp? ConditionChecked { get; init; }

    /// <summary>systemd's Result is "success": it was stopped, or ended with a status that the unit calls one.</summary>
    public bool Succeeded { get; init; }

    internal override NodeModel Absorb(NodeModel model, BootTime now, List<NodeEffect> effects)
    {
        Inspection? explains = model.Inspecting;
        ConditionStamp? before = model.ConditionChecked;
        model = model with { Inspecting = null, ConditionChecked = ConditionChecked ?? before };

        // A start of ours checks them too, and its answer is told below. One that somebody else asked for was refused
        // for want of a permit, or of the records beside which it came.
        bool refused = !ConditionMet && ConditionChecked is { MonotonicUsec: > 0 } && before is not null && ConditionChecked != before;
        if (explains is not Inspection.Start && model.LentSince is null && model.Unit is { MayRun: false }
            && (refused || (explains is Inspection.Exit && !ConditionMet && ConditionChecked is { MonotonicUsec: > 0 })))
        {
            return TakeUp(model, now, effects);
        }

        if (explains is Inspection.Exit && model.BlindWhileLent && Succeeded)
        {
            // It was stopped while systemd was out of reach, and a stop of ours would be known.
            return HeldUnseen(model, now, effects);
        }

        NodeModel counted = Failure.Inspected(
            model, ConditionMet ? Reason.ProviderExited : Reason.ConditionUnmet, Ending, now, effects);
        if (counted != model && !ConditionMet)
        {
            // systemd saw a record that the last reading did not.
            effects.Add(new GatherEvidence());
        }

        return counted;
    }

    /// <summary>
    /// A start by hand is a wish: it ends a stop by hand and a backoff, and the agent starts the unit when it may. The
    /// failures stay counted, and a second wish within the pause they make ends nothing: a timer or Upholds= asks for ever.
    /// </summary>
    internal static NodeModel TakeUp(NodeModel model, BootTime now, List<NodeEffect> effects)
    {
        if (model.Hold is { Kind: HoldKind.HandStopped } hold)
        {
            effects.Add(new HoldEnded(hold, Expired: false));
            model = model with { Hold = null };
        }
        else if (model.RequestedAt is { } last && now < last + Failure.PauseOf(model))
        {
            return model;
        }

        effects.Add(new StartRequested());
        return model with
        {
            RequestedAt = now,
            RetryAt = null,
            Retrying = false,
            SettledAt = now,

            // What looked like an end by itself was the stop of a restart by hand.
            Failing = model.Uninspected is { } counted ? counted.Before : model.Failing,
            Uninspected = null,
        };
    }

    private static NodeModel HeldUnseen(NodeModel model, BootTime now, List<NodeEffect> effects) =>
        UnitsSeen.HoldHandStopped(Failure.EndBackoff(model) with { BlindWhileLent = false }, now, effects);
}

/// <summary>The bus or systemd on it is gone; <see cref="UnitsSeen"/> says that it is back.</summary>
/// <param name="BusToo">
/// The connection to the bus is lost, and the waiting Prologs with it; false while systemd alone is away, as in a
/// daemon-reexec, and Prologs can be answered.
/// </param>
public sealed record SystemdLost(bool BusToo = true) : NodeEvent
{
    internal override NodeModel Absorb(NodeModel model, BootTime now, List<NodeEffect> effects) => Lost(
        model.Ladder is null ? model : Failure.EndLent(model), now);

    private NodeModel Lost(NodeModel model, BootTime now) => model with
    {
        UnreachableSince = model.UnreachableSince ?? now,
        Work = null,
        Ladder = null,
        Waiting = BusToo ? [] : model.Waiting,
        Handovers = BusToo ? LetGo(model, now) : model.Handovers,
        BlindWhileLent = model.BlindWhileLent || model.LentSince is not null,
        Inspecting = null,
        Strays = Node.Strays.FromTheBeginning(model.Strays),

        // A start that was under way may have gone through.
        Unit = model is { Work: not null, Unit: { } unit } ? unit with { Active = UnitActiveState.Other } : model.Unit,
    };

    /// <summary>The Prologs that waited see their connection end, and their jobs begin.</summary>
    private static ImmutableSortedDictionary<JobId, PendingHandover> LetGo(NodeModel model, BootTime now)
    {
        ImmutableSortedDictionary<JobId, PendingHandover> handovers = model.Handovers;
        foreach (WaitingProlog waiting in model.Waiting)
        {
            handovers = Handovers.LetGo(handovers, waiting.Job, now);
        }

        return handovers;
    }
}
