using HookAgent.Core.Time;

namespace HookAgent.Core.Node;

/// <summary>What follows from a transition of the provider: a hold, a failure that counts, a request, or a message.</summary>
internal static class ProviderOutcomes
{
    /// <param name="before">The provider before the transition; <paramref name="model"/> has the one after it.</param>
    /// <param name="said">What systemd said.</param>
    public static NodeModel Follow(
        NodeModel model, Provider before, ProviderOutcome outcome, UnitEvent said, BootTime now, List<NodeEffect> effects)
    {
        switch (outcome)
        {
            case ProviderOutcome.Nothing:
                return model;
            case ProviderOutcome.FoundRunning:
                return MayBeRequested(model) ? Request(model, now, effects) : model;
            case ProviderOutcome.ForeignJobEnded:
                if (model.Systemd.IsReachable && MayBeRequested(model))
                {
                    // A start by hand that the unit's conditions refused, or a stop of a unit that was off.
                    effects.Add(new InspectUnit());
                }

                return model;
            case ProviderOutcome.Started:
                return model with { Backoff = model.Backoff.Running() };
            case ProviderOutcome.StartStoppedByHand:
                return HoldHandStopped(model, effects);
            case ProviderOutcome.StartTimedOut:
                return Failed(model, Reason.StartTimeout, now, effects);
            case ProviderOutcome.DependencyFailed:
                return Failed(model, Reason.DependencyFailed, now, effects);
            case ProviderOutcome.StartFailed:
                return Failed(model, Reason.StartFailed, now, effects);
            case ProviderOutcome.NotRunning:
                return Inspect(model, Inspection.Start, now, effects);
            case ProviderOutcome.StartRefused:
                UnitJobRefused refused = (UnitJobRefused)said;
                effects.Add(new ReadUnits());
                return Failed(model, ReasonOf(refused.Refusal), now, effects, refused.Cause);
            case ProviderOutcome.Ended:
                return Inspect(model, Inspection.Exit, now, effects);
            case ProviderOutcome.EndedUnwatched:
                return Inspect(model, Inspection.UnwatchedExit, now, effects);
            case ProviderOutcome.StoppedByHand:
                // Or it was a restart, whose start the unit's conditions refused before it could be seen in the queue.
                effects.Add(new InspectUnit());
                return HoldHandStopped(model, effects);
            case ProviderOutcome.Stopped:
                AnnounceStopped(model, before, now, effects);
                return model;
            case ProviderOutcome.StoppedByBoth:
                AnnounceStopped(model, before, now, effects);
                return HoldHandStopped(model, effects);
            case ProviderOutcome.StopRefused:
                effects.Add(new ReadUnits());
                if (said is UnitJobRefused { Refusal: not UnitRefusal.NoSuchUnit } no)
                {
                    effects.Add(new StopRefused(no.Cause));
                }

                return model;
            default:
                throw new System.Diagnostics.UnreachableException($"no outcome: {outcome}");
        }
    }

    /// <param name="asked">What was known of systemd when it was asked.</param>
    public static NodeModel Inspected(NodeModel model, Systemd asked, UnitInspected found, BootTime now, List<NodeEffect> effects)
    {
        IdleTime drawn = model.Idle.Drawn(out double share);
        if (found.Refused && model.Backoff.Refused(now, share) is { } refusal)
        {
            effects.Add(new ExecConditionRefused(refusal.Refusals, refusal.RetryAt!.Value - now));
            return model with { Backoff = refusal, Idle = drawn };
        }

        // A start of ours checks them too, and its answer is told below. One that somebody else asked for was refused
        // for want of a permit, or of the records beside which it came.
        bool unmet = !found.ConditionMet && found.ConditionChecked is { MonotonicUsec: > 0 };
        bool refused = unmet && asked.ConditionChecked is not null && found.ConditionChecked != asked.ConditionChecked;
        bool exited = asked.Inspecting is Inspection.Exit or Inspection.UnwatchedExit;
        if (asked.Inspecting is not Inspection.Start && model.Provider is { LentSince: null, Reading.Phase: UnitPhase.AtRest } && (refused || (exited && unmet)))
        {
            return Request(model, now, effects);
        }

        if (asked.Inspecting is Inspection.UnwatchedExit && found.Succeeded)
        {
            // It was stopped while systemd was out of reach, and a stop of ours would be known.
            return HoldHandStopped(model with { Backoff = model.Backoff.End() }, effects);
        }

        if (model.Backoff.Explained(found.ConditionMet ? Reason.ProviderExited : Reason.ConditionUnmet, found.Ending) is not { } explained)
        {
            return model;
        }

        effects.Add(explained.ToEffect(now, found.Ending));
        if (!found.ConditionMet)
        {
            // systemd saw a record that the last reading did not.
            effects.Add(new ScanSteps());
        }

        return model with { Backoff = explained };
    }

    /// <summary>
    /// A start by hand is a request: it ends a stop by hand and a backoff, and the agent starts the unit when it may. The
    /// failures stay counted, and a second request within the pause they make ends nothing: a timer or Upholds= asks for ever.
    /// </summary>
    private static NodeModel Request(NodeModel model, BootTime now, List<NodeEffect> effects)
    {
        if (model.Hold is { Kind: HoldKind.HandStopped } hold)
        {
            effects.Add(new HoldEnded(hold, Expired: false));
            model = model with { Hold = null };
        }
        else if (model.Backoff.IsRequestTooSoon(now))
        {
            return model;
        }

        effects.Add(new StartRequested());
        return model with { Backoff = model.Backoff.Requested(now), Idle = model.Idle with { DelayEndsAt = now } };
    }

    /// <summary>A start by somebody else would end a hold or a backoff.</summary>
    private static bool MayBeRequested(NodeModel model) => model.Hold is { Kind: HoldKind.HandStopped } || model.Backoff.RetryAt is not null;

    private static NodeModel HoldHandStopped(NodeModel model, List<NodeEffect> effects)
    {
        // An operator who has said why already stays in force.
        if (model.Hold is not null)
        {
            return model;
        }

        Hold hold = new(HoldKind.HandStopped, "systemctl", "", null, null, Persistent: false);
        effects.Add(new HoldBegan(hold));
        return model with { Hold = hold };
    }

    /// <summary>Counts a failure whose cause is known.</summary>
    private static NodeModel Failed(NodeModel model, Reason reason, BootTime now, List<NodeEffect> effects, string detail = "")
    {
        IdleTime drawn = model.Idle.Drawn(out double share);
        Backoff counted = model.Backoff.Counted(new FailureCause(reason, ""), now, model.Settings.StartJitter * share);
        effects.Add(counted.ToEffect(now, detail));
        return model with { Backoff = counted, Idle = drawn };
    }

    /// <summary>Counts a failure and asks systemd for its cause; <see cref="Inspected"/> counts it by that.</summary>
    private static NodeModel Inspect(NodeModel model, Inspection of, BootTime now, List<NodeEffect> effects)
    {
        effects.Add(new InspectUnit());
        IdleTime drawn = model.Idle.Drawn(out double share);
        return model with
        {
            Backoff = model.Backoff.CountedUnexplained(now, model.Settings.StartJitter * share),
            Idle = drawn,
            Systemd = model.Systemd with { Inspecting = of },
        };
    }

    private static void AnnounceStopped(NodeModel model, Provider before, BootTime now, List<NodeEffect> effects)
    {
        StopEscalation stages = before.Escalation!;
        effects.Add(new ProviderStopped(stages.Stage, now - stages.Since, stages.Lent, model.Current.TriggeringJobs));
    }

    /// <summary>Masked holds the node while the unit is masked; it counts, too, because it may be a unit that this one requires.</summary>
    internal static Reason ReasonOf(UnitRefusal refusal) => refusal switch
    {
        UnitRefusal.NoSuchUnit => Reason.UnitMissing,
        UnitRefusal.BadSetting => Reason.BadUnit,
        UnitRefusal.TransactionConflict => Reason.TransactionConflict,
        UnitRefusal.Masked or UnitRefusal.Other => Reason.StartRefused,
    };
}
