using HookAgent.Core.Time;

namespace HookAgent.Core.Node;

/// <summary>Something speaks against the provider: stop it.</summary>
internal static class Reclaiming
{
    public static NodeModel Begin(NodeModel model, BootTime now, List<NodeEffect> effects)
    {
        // Out of systemd's reach the node is as idle as before: its idle delay goes on.
        bool idle = Inhibitor.Of(model) is (_, Reason.SystemdUnreachable);
        model = model with { Idle = model.Idle with { DelayEndsAt = idle ? model.Idle.DelayEndsAt : null, Scan = StepScan.NotAsked } };
        if (!model.Systemd.IsReachable || now < AskAgainAt(model.Provider))
        {
            return model;
        }

        long attempt = model.Systemd.Attempts + 1;
        PendingUnitJob stop = new(attempt);
        StopEscalation Asked(TimeSpan? lent) => new(StopStage.Asked, now, now + model.Settings.StopGrace, lent);
        Provider? stopping = model.Provider switch
        {
            Starting starting => new Stopping(starting.Unit, Asked(TimeSpan.Zero), stop),
            Up { Unit: { IsUp: true } unit } up => new Stopping(unit, Asked(now - up.Lent), stop)
            {
                Lent = up.Lent,

                // Our stop joins a stop by hand that is under way; the hand's word stays.
                ForeignStopSeen = up.ForeignStopSeen && unit.Job is UnitJobType.Stop,
            },
            Stopping { Stop: null, Unit: { IsUp: true } unit } again => again with
            {
                Stop = stop,
                StopAgainAt = null,
                ForeignStopSeen = again.ForeignStopSeen && unit.Job is UnitJobType.Stop,
            },
            _ => null,
        };
        if (stopping is null)
        {
            return model;
        }

        effects.Add(new StopUnit(attempt));
        return model with { Provider = stopping, Systemd = model.Systemd with { Attempts = attempt } };
    }

    /// <summary>When a stop that was refused, or did not hold, is asked for again.</summary>
    public static BootTime? AgainAt(NodeModel model) =>
        model is { Systemd.IsReachable: true, Provider: { PendingJob: null, Reading.IsUp: true } } && Inhibitor.Of(model) is not null
            ? AskAgainAt(model.Provider)
            : null;

    /// <summary>
    /// A unit that is inactive with processes left: systemd sends them nothing more, so the next stage is SIGKILL,
    /// also where the node is idle, because a start would add to them.
    /// </summary>
    public static NodeModel ClearLeftovers(NodeModel model, BootTime now)
    {
        if (model is not { Provider: { PendingJob: null, Reading: { Phase: UnitPhase.ProcessesRemain } unit }, Systemd.IsReachable: true }
            || model.Provider.Escalation is { ForRemaining: true })
        {
            return model;
        }

        StopEscalation stages = model.Provider.Escalation ?? new StopEscalation(StopStage.ProcessesRemain, now, null, null);
        stages = stages with { Stage = StopStage.ProcessesRemain, NextAt = now + StopEscalation.RemainingTime, ForRemaining = true };
        return model with
        {
            Provider = model.Provider is Stopping stopping
                ? stopping with { Stages = stages, StopAgainAt = null }
                : new Stopping(unit, stages, null),
        };
    }

    private static BootTime? AskAgainAt(Provider provider) => provider switch
    {
        Up up => up.StopAgainAt,
        Stopping stopping => stopping.StopAgainAt,
        _ => null,
    };
}
