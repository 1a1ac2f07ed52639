using System.Collections.Immutable;
using HookAgent.Core.Jobs;
using HookAgent.Core.Time;

namespace HookAgent.Core.Node;

/// <summary>
/// The node's decisions: (model, event, now) to (model, effects), with no clock, file or bus of its own. The
/// event brings its facts in; then the same questions are asked of the facts whatever the event was, so that a
/// lost, repeated or late event changes nothing.
/// </summary>
public static class NodeMachine
{
    /// <summary>How long systemd may be out of reach beside a job before the daemon ends, so that systemd stops the provider.</summary>
    public static readonly TimeSpan UnreachableLimit = TimeSpan.FromSeconds(2);

    /// <summary>The model of a daemon that has just started and has seen nothing yet.</summary>
    /// <param name="jitterSeed">Any number that differs from node to node.</param>
    public static NodeModel Begin(NodeSettings settings, NodeMemory memory, ulong jitterSeed, BootTime now) => new()
    {
        Settings = settings,
        Since = now,

        // Until systemd has been seen once, the provider may run: beside a job that ends as any loss of systemd does.
        UnreachableSince = now,
        Hold = memory.Hold,
        Unrecorded = memory.Unrecorded,
        StepLooks = StepLooks.None with { Witnessed = memory.Witnessed },
        JitterState = jitterSeed,
    };

    public static (NodeModel Model, ImmutableArray<NodeEffect> Effects) Step(
        NodeModel before, NodeEvent happened, BootTime now)
    {
        List<NodeEffect> effects = [];
        NodeModel model = happened.Absorb(Failure.Recover(before, now, effects), now, effects);
        model = EndHold(model, now, effects);
        model = StepLooks.Ask(model, now, effects);
        model = StayOff.For(model) is null
            ? Lending.Advance(model, now, effects)
            : Reclaiming.Begin(model, now, effects);
        model = Reclaiming.ClearLeftovers(model, now);
        model = Strays.Stop(model, now, effects);
        if (model is { HasJob: true, UnreachableSince: null } && before is not { HasJob: true, UnreachableSince: null })
        {
            // After the provider's own stop, for which a Prolog waits.
            effects.Add(new FindStrays());
        }

        model = Reclaiming.Climb(model, now, effects);
        model = Prologs.Answer(model, now, effects);
        model = Handovers.Conclude(model, now, effects);
        model = Tell(model, now, effects);

        if (model.Memory != before.Memory)
        {
            effects.Add(new Remember(model.Memory));
        }

        // The last of all: nothing is done after it.
        if (MustGiveUpAt(model) <= now)
        {
            effects.Add(new GiveUp());
            model = model with { GaveUp = true };
        }

        return (model, [.. effects]);
    }

    /// <summary>When the machine wants to be asked again though nothing happens; null when it can wait for ever.</summary>
    public static BootTime? NextDeadline(NodeModel model)
    {
        BootTime? next = null;
        Consider(model.Hold?.Until);
        Consider(model.StepLooks.At);
        Consider(model.Ladder?.NextAt);
        Consider(Reclaiming.AgainAt(model));
        Consider(Strays.NextAt(model));
        Consider(Lending.DueAt(model));
        Consider(MustGiveUpAt(model));
        foreach (WaitingProlog waiting in model.Waiting)
        {
            Consider(waiting.Until);
        }

        return next;

        void Consider(BootTime? deadline)
        {
            if (deadline is { } at && (next is null || at < next))
            {
                next = at;
            }
        }
    }

    /// <summary>State and reason, derived from the facts alone.</summary>
    public static (NodeState State, Reason Reason) Describe(NodeModel model)
    {
        (NodeState State, Reason Reason)? off = StayOff.For(model);
        if (off is (_, Reason.SystemdUnreachable))
        {
            return off.Value;
        }

        bool mustGo = model.Work is not null || (model.Unit?.MayRun ?? model.Ladder is not null)
            || (model.HasJob && !model.Strays.IsEmpty);
        if (model.Work is { Kind: UnitWorkKind.Stop } || model.StopRunsOn || model.Unit is { IsLeftover: true } || (off is not null && mustGo))
        {
            return (NodeState.Reclaiming, Reclaiming.ReasonOf(model.Ladder));
        }

        return off ?? Lending.Describe(model);
    }

    private static NodeModel EndHold(NodeModel model, BootTime now, List<NodeEffect> effects)
    {
        if (model.Hold is not { Until: { } until } hold || now < until)
        {
            return model;
        }

        effects.Add(new HoldEnded(hold, Expired: true));
        return model with { Hold = null };
    }

    private static NodeModel Tell(NodeModel model, BootTime now, List<NodeEffect> effects)
    {
        ImmutableSortedSet<JobId>.Builder told = ImmutableSortedSet.CreateBuilder<JobId>();
        foreach (NodeEffect effect in effects)
        {
            if (effect is JobAppeared { Job: var came })
            {
                told.Add(came);
            }
            else if (effect is JobDisappeared { Job: var ended })
            {
                told.Add(ended);
            }
        }

        ImmutableSortedSet<JobId> causes = told.ToImmutable();
        ImmutableSortedSet<JobId> concerned =
            causes.IsEmpty ? model.Concerned
            : model.State is NodeState.Reclaiming ? model.Concerned.Union(causes)
            : causes;
        (NodeState state, Reason reason) = Describe(model);
        if (state != model.State || reason != model.Reason)
        {
            bool again = (model.State, state) switch
            {
                (NodeState.Failed, NodeState.Lending) => true,
                (NodeState.Lending or NodeState.Failed, NodeState.Lending or NodeState.Failed) => model.Retrying,
                _ => false,
            };
            effects.Add(new StateChanged(model.State, state, reason, now - model.Since, concerned, again));
            model = model with
            {
                State = state,
                Reason = reason,
                Since = state == model.State ? model.Since : now,
                Retrying = again,
            };
        }

        // What follows after these is no consequence of the job's coming or end any more.
        bool goesOn = reason is Reason.IdleDelay or Reason.Starting || state is NodeState.Reclaiming;
        return model with { Concerned = goesOn ? concerned : [] };
    }

    /// <summary>
    /// When the machine has something to tell that nobody has to be woken for: it is told at the next step, and a loop
    /// that is awake anyway may make one.
    /// </summary>
    public static BootTime? TellableAt(NodeModel model) => Failure.RecoveredAt(model);

    private static BootTime? MustGiveUpAt(NodeModel model) =>
        model is { UnreachableSince: { } since, ProviderMayRun: true, GaveUp: false, HasJob: true }
            ? since + UnreachableLimit
            : null;
}
