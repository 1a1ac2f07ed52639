using HookAgent.Core.Time;

namespace HookAgent.Core.Node;

/// <summary>Something speaks against the provider: stop it, and see to it that it stops.</summary>
internal static class Reclaiming
{
    public static NodeModel Begin(NodeModel model, BootTime now, List<NodeEffect> effects)
    {
        // Out of systemd's reach the node is as idle as before: its idle delay goes on.
        bool idle = StayOff.For(model) is (_, Reason.SystemdUnreachable);
        model = model with { SettledAt = idle ? model.SettledAt : null, Evidence = EvidenceCheck.NotAsked };
        bool starting = model.Work is { Kind: UnitWorkKind.Start };
        bool running = model.Work is null && model.Unit is { MayRun: true, IsLeftover: false };
        if (model.UnreachableSince is not null || !(starting || running) || now < model.StopAgainAt)
        {
            return model;
        }

        long attempt = model.Attempts + 1;
        effects.Add(new StopUnit(attempt));
        return model with
        {
            Attempts = attempt,
            Work = new UnitWork(UnitWorkKind.Stop, attempt, null, null, false),
            Ladder = model.Ladder ?? new StopLadder(
                StopRung.Asked, now, now + model.Settings.StopGrace, starting ? TimeSpan.Zero : now - model.LentSince),
            StopAgainAt = null,

            // Our stop joins a stop by hand that is under way; the hand's word stays.
            ForeignStopSeen = model is { ForeignStopSeen: true, Unit.Job: UnitJobType.Stop },
        };
    }

    /// <summary>When a refused stop is asked for again.</summary>
    public static BootTime? AgainAt(NodeModel model) =>
        model is { UnreachableSince: null, Work: null, Unit: { MayRun: true, IsLeftover: false } } && StayOff.For(model) is not null
            ? model.StopAgainAt
            : null;

    /// <summary>
    /// A unit that is inactive with processes left: systemd sends them nothing more, so the next stage is SIGKILL,
    /// also where the node is idle, because a start would add to them.
    /// </summary>
    public static NodeModel ClearLeftovers(NodeModel model, BootTime now)
    {
        if (model is not { Unit.IsLeftover: true, Work: null, UnreachableSince: null }
            || model.Ladder is { ForRemaining: true })
        {
            return model;
        }

        StopLadder ladder = model.Ladder ?? new StopLadder(StopRung.ProcessesRemain, now, null, null);
        return model with
        {
            Ladder = ladder with { Rung = StopRung.ProcessesRemain, NextAt = now + StopLadder.RemainingTime, ForRemaining = true },
            StopAgainAt = null,
        };
    }

    public static NodeModel Climb(NodeModel model, BootTime now, List<NodeEffect> effects)
    {
        if (model.Ladder is not { NextAt: { } due } ladder || now < due)
        {
            return model;
        }

        StopLadder next = ladder.Rung switch
        {
            StopRung.Asked => ladder with { Rung = StopRung.SecondSignal, NextAt = now + StopLadder.RungTime },
            StopRung.SecondSignal or StopRung.ProcessesRemain => ladder with { Rung = StopRung.Killed, NextAt = now + StopLadder.RungTime },

            // Whom systemd has not answered yet it may not have heard, nor the signals sent after it.
            StopRung.Killed when model.Work is { JobPath: null } => ladder with { NextAt = now + StopLadder.RungTime },
            StopRung.Killed or StopRung.Survived => ladder with { Rung = StopRung.Survived, NextAt = null },
        };
        if (next.Rung != ladder.Rung && next.Rung is StopRung.SecondSignal or StopRung.Killed)
        {
            effects.Add(new SignalUnit(Kill: next.Rung is StopRung.Killed));
        }

        return model with { Ladder = next };
    }

    public static Reason ReasonOf(StopLadder? ladder) => (ladder?.Rung ?? StopRung.Asked) switch
    {
        StopRung.Asked => Reason.StopAsked,
        StopRung.SecondSignal => Reason.SecondSignal,
        StopRung.ProcessesRemain => Reason.ProcessesRemain,
        StopRung.Killed => Reason.Killed,
        StopRung.Survived => Reason.SurvivedKill,
    };
}
