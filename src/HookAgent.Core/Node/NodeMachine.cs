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
    /// <summary>How long systemd may be out of reach beside a job before the agent ends, so that systemd stops the provider.</summary>
    public static readonly TimeSpan UnreachableLimit = TimeSpan.FromSeconds(2);

    /// <summary>The model of an agent that has just started and has seen nothing yet.</summary>
    /// <param name="jitterSeed">Any number that differs from node to node.</param>
    public static NodeModel Begin(NodeSettings settings, PersistentState kept, ulong jitterSeed, BootTime now) => new()
    {
        Settings = settings,
        Current = new CurrentState(NodeState.Unknown, Reason.DirectoryUnread, now, []),

        // Until systemd has been seen once, the provider may run: beside a job that ends as any loss of systemd does.
        Systemd = new Systemd { UnreachableSince = now },
        Hold = kept.Hold,
        Jobs = new NodeJobs { Unrecorded = kept.Unrecorded, Scans = StepScans.None with { Witnessed = kept.Witnessed } },
        Idle = new IdleTime(jitterSeed),
    };

    public static (NodeModel Model, ImmutableArray<NodeEffect> Effects) Step(
        NodeModel before, NodeEvent happened, BootTime now)
    {
        List<NodeEffect> effects = [];
        NodeModel model = happened.Apply(Backoff.EndStretch(before, now, effects), now, effects);
        model = EndHold(model, now, effects);
        model = Inhibitor.Of(model) is null
            ? Lending.Advance(model, now, effects)
            : Reclaiming.Begin(model, now, effects);
        model = StepScans.Ask(model, now, effects);
        model = Reclaiming.ClearLeftovers(model, now);
        model = Strays.Stop(model, now, effects);
        if (FindsStrays(model) && !FindsStrays(before))
        {
            // After the provider's own stop, for which a Prolog waits.
            effects.Add(new FindStrays());
        }

        model = StopEscalation.Escalate(model, now, effects);
        model = Prologs.Answer(model, now, effects);
        model = Prologs.Complete(model, now, effects);
        model = Announce(model, now, effects);

        if (model.Persistent != before.Persistent)
        {
            effects.Add(new Remember(model.Persistent));
        }

        // The last of all: nothing is done after it.
        if (MustGiveUpAt(model) <= now)
        {
            effects.Add(new GiveUp());
            model = model with { Systemd = model.Systemd with { GaveUp = true } };
        }

        return (model, [.. effects]);
    }

    /// <summary>When the machine wants to be asked again though nothing happens; null when it can wait for ever.</summary>
    public static BootTime? NextDeadline(NodeModel model)
    {
        BootTime? next = null;
        Consider(model.Hold?.Until);
        Consider(model.Jobs.Scans.At);
        Consider(model.Provider.Escalation?.NextAt);
        Consider(Reclaiming.AgainAt(model));
        Consider(Strays.NextAt(model));
        Consider(Lending.DueAt(model));
        Consider(MustGiveUpAt(model));
        foreach (WaitingProlog waiting in model.Prologs.Waiting)
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
        (NodeState State, Reason Reason)? off = Inhibitor.Of(model);
        if (off is (_, Reason.SystemdUnreachable))
        {
            return off.Value;
        }

        bool mustGo = model.Provider is not (Unread or Off) || (model.Jobs.Any && !model.Strays.IsEmpty);
        if (model.Provider is Stopping { Stop: not null } or { IsStoppedByOthers: true } or { Reading.Phase: UnitPhase.ProcessesRemain }
            || (off is not null && mustGo))
        {
            return (NodeState.Reclaiming, model.Provider.Escalation?.Reason ?? Reason.StopAsked);
        }

        return off ?? Lending.Describe(model);
    }

    /// <summary>
    /// When the machine has something to tell that nobody has to be woken for: it is told at the next step, and a loop
    /// that is awake anyway may make one.
    /// </summary>
    public static BootTime? AnnounceableAt(NodeModel model) => Backoff.RecoveredAt(model);

    private static bool FindsStrays(NodeModel model) => model is { Jobs.Any: true, Systemd.IsReachable: true };

    private static NodeModel EndHold(NodeModel model, BootTime now, List<NodeEffect> effects)
    {
        if (model.Hold is not { Until: { } until } hold || now < until)
        {
            return model;
        }

        effects.Add(new HoldEnded(hold, Expired: true));
        return model with { Hold = null };
    }

    private static NodeModel Announce(NodeModel model, BootTime now, List<NodeEffect> effects)
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
        CurrentState last = model.Current;
        ImmutableSortedSet<JobId> jobs =
            causes.IsEmpty ? last.TriggeringJobs
            : last.State is NodeState.Reclaiming ? last.TriggeringJobs.Union(causes)
            : causes;
        (NodeState state, Reason reason) = Describe(model);
        if (state != last.State || reason != last.Reason)
        {
            // A provider that failed may fail again soon; one that its unit had refused is lent now, which is news.
            bool isLent = reason is Reason.Running && model.Backoff.Failing is null;
            bool paused = state is NodeState.Failed || reason is Reason.ExecCondition;
            bool wasPaused = last is { State: NodeState.Failed } or { Reason: Reason.ExecCondition };
            bool again = state is NodeState.Lending
                ? wasPaused || (model.Backoff.Retrying && last.State is NodeState.Lending && !isLent)
                : paused && model.Backoff.Retrying && (wasPaused || last.State is NodeState.Lending);
            effects.Add(new StateChanged(last.State, state, reason, now - last.Since, jobs, again));
            model = model with { Backoff = model.Backoff with { Retrying = again } };
        }

        // What follows after these is no consequence of the job's coming or end any more.
        bool goesOn = reason is Reason.IdleDelay or Reason.Starting || state is NodeState.Reclaiming;
        return model with
        {
            Current = new CurrentState(state, reason, state == last.State ? last.Since : now, goesOn ? jobs : []),
        };
    }

    private static BootTime? MustGiveUpAt(NodeModel model) =>
        model is { Systemd: { UnreachableSince: { } since, GaveUp: false }, ProviderMayRun: true, Jobs.Any: true }
            ? since + UnreachableLimit
            : null;
}
