using HookAgent.Core.Time;

namespace HookAgent.Core.Node;

/// <summary>Nothing speaks against the provider: wait out the idle delay, scan for slurmstepd, start it.</summary>
internal static class Lending
{
    public static NodeModel Advance(NodeModel model, BootTime now, List<NodeEffect> effects)
    {
        if (model.Idle.DelayEndsAt is null)
        {
            model = model with { Idle = model.Idle.Begun(model.Settings, now) };
        }

        switch (model.Provider)
        {
            case { PendingJob: not null } or { IsStoppedByOthers: true } or { Reading.Phase: UnitPhase.ProcessesRemain }:
                return model;
            case { Reading: { Phase: UnitPhase.StartQueued } unit } provider:
                // Somebody else's start will be refused, and then the agent's own comes.
                return model with { Provider = LeftAlone(provider, unit) };
            case { Reading: { IsUp: true } unit } provider:
                // Started before the agent was killed, or by somebody else where the unit has no permit condition.
                return model with
                {
                    Provider = LeftAlone(provider, unit) with { Lent = provider.LentSince ?? now },
                    Prologs = model.Prologs.AnnounceEndedBeside(effects),
                    Idle = model.Idle with
                    {
                        DelayEndsAt = model.Idle.DelayEndsAt < now ? model.Idle.DelayEndsAt : now,
                        Scan = StepScan.NotAsked,
                    },
                    Backoff = model.Backoff.Running(),
                };
        }

        if (DueAt(model) is not { } due || now < due)
        {
            // A scan for a start that did not come about is old by the next.
            return model.Idle.Scan is StepScan.Done ? model with { Idle = model.Idle with { Scan = StepScan.NotAsked } } : model;
        }

        if (model.Idle.Scan is StepScan.NotAsked)
        {
            effects.Add(new ScanSteps());
            return model with { Idle = model.Idle with { Scan = StepScan.Asked } };
        }

        long attempt = model.Systemd.Attempts + 1;
        effects.Add(new StartUnit(attempt));
        return model with
        {
            Provider = new Starting(model.Provider.Reading!, new PendingUnitJob(attempt)),
            Systemd = model.Systemd with { Attempts = attempt },
            Idle = model.Idle with { Scan = StepScan.NotAsked },
            Backoff = model.Backoff with { RetryAt = null },
        };
    }

    /// <summary>When the provider is to be started; null when it is not waiting for a moment to come.</summary>
    public static BootTime? DueAt(NodeModel model)
    {
        if (model.Idle.DelayEndsAt is not { } settled || model.Provider is not Off { Unit.Load: not UnitLoadState.Masked }
            || Inhibitor.Of(model) is not null || model.Idle.Scan is StepScan.Asked || model.Systemd.AgentStopping
            || model.Systemd.Inspecting is Inspection.Start)
        {
            return null;
        }

        return model.Backoff.RetryAt is { } retry && retry > settled ? retry : settled;
    }

    public static (NodeState State, Reason Reason) Describe(NodeModel model) => model switch
    {
        { Provider: Starting } or { Provider.Reading.Phase: UnitPhase.StartQueued } or { Provider: Off, Systemd.Inspecting: Inspection.Start } => (NodeState.Lending, Reason.Starting),
        { Provider: not Off } => (NodeState.Lending, Reason.Running),
        { Provider.Reading.Load: UnitLoadState.Masked } => (NodeState.Held, Reason.Masked),
        { Backoff.RetryAt: { } retry, Idle.DelayEndsAt: { } settled } when retry > settled => (model.Backoff.PausedFor.State(), model.Backoff.PausedFor),
        _ => (NodeState.Settling, Reason.IdleDelay),
    };

    /// <summary>Nobody sees to its stop any more.</summary>
    private static Up LeftAlone(Provider provider, UnitReading unit) => provider switch
    {
        Up up => up with { StopAgainAt = null },
        Stopping stopping => new Up(unit) { Lent = stopping.Lent, ForeignStopSeen = stopping.ForeignStopSeen },
        _ => new Up(unit),
    };
}
