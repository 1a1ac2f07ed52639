using HookAgent.Core.Time;

namespace HookAgent.Core.Node;

/// <summary>Nothing speaks against the provider: wait out the idle delay, gather evidence, start it.</summary>
internal static class Lending
{
    public static NodeModel Advance(NodeModel model, BootTime now, List<NodeEffect> effects)
    {
        if (model.SettledAt is null)
        {
            (TimeSpan jitter, ulong state) = Jitter(model);
            model = model with { SettledAt = now + model.Settings.IdleDelay + jitter, JitterState = state };
        }

        if (model.Work is not null)
        {
            return model;
        }

        if (model.StopRunsOn || model.Unit!.IsLeftover)
        {
            return model;
        }

        if (model.Unit.IsStartQueued)
        {
            // Somebody else's start will be refused, and then the agent's own comes.
            return model with { Ladder = null, StopAgainAt = null };
        }

        if (model.Unit!.MayRun)
        {
            // Started before the agent was killed, or by somebody else where the unit has no permit condition.
            return Handovers.EndBeside(model, effects) with
            {
                LentSince = model.LentSince ?? now,
                SettledAt = model.SettledAt < now ? model.SettledAt : now,
                RetryAt = null,
                Evidence = EvidenceCheck.NotAsked,
                StopAgainAt = null,
                Ladder = null,
            };
        }

        if (DueAt(model) is not { } due || now < due)
        {
            // What was gathered for a start that did not come about is old by the next.
            return model.Evidence is EvidenceCheck.Gathered ? model with { Evidence = EvidenceCheck.NotAsked } : model;
        }

        if (model.Evidence is EvidenceCheck.NotAsked)
        {
            effects.Add(new GatherEvidence());
            return model with { Evidence = EvidenceCheck.Asked };
        }

        long attempt = model.Attempts + 1;
        effects.Add(new StartUnit(attempt));
        return model with
        {
            Attempts = attempt,
            Work = new UnitWork(UnitWorkKind.Start, attempt, null, null, false),
            Evidence = EvidenceCheck.NotAsked,
            RetryAt = null,
        };
    }

    /// <summary>When the provider is to be started; null when it is not waiting for a moment to come.</summary>
    public static BootTime? DueAt(NodeModel model)
    {
        if (model.SettledAt is not { } settled || model.Work is not null || StayOff.For(model) is not null
            || model.Evidence is EvidenceCheck.Asked || model.AgentStopping || model.Unit!.MayRun
            || model.Unit.Load is UnitLoadState.Masked)
        {
            return null;
        }

        return model.RetryAt is { } retry && retry > settled ? retry : settled;
    }

    public static (NodeState State, Reason Reason) Describe(NodeModel model) => model switch
    {
        { Work: not null } or { Unit.IsStartQueued: true } => (NodeState.Lending, Reason.Starting),
        { Unit.MayRun: true } => (NodeState.Lending, Reason.Running),
        { Unit.Load: UnitLoadState.Masked } => (NodeState.Held, Reason.Masked),
        { RetryAt: { } retry, SettledAt: { } settled } when retry > settled => (NodeState.Failed, model.FailedFor),
        _ => (NodeState.Settling, Reason.IdleDelay),
    };

    /// <summary>A share of StartJitter, by splitmix64: the starts of a cluster whose jobs end together spread out.</summary>
    private static (TimeSpan Jitter, ulong State) Jitter(NodeModel model)
    {
        ulong state = model.JitterState + 0x9E3779B97F4A7C15;
        ulong mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        mixed ^= mixed >> 31;
        double share = (mixed >> 11) * (1.0 / (1UL << 53));
        return (model.Settings.StartJitter * share, state);
    }
}
