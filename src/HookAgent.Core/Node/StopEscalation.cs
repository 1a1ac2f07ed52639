using HookAgent.Core.Time;

namespace HookAgent.Core.Node;

/// <summary>How far the stop of a unit has gone.</summary>
public enum StopStage
{
    Asked,
    SecondSignal,

    /// <summary>The unit is inactive, but processes of it remain.</summary>
    ProcessesRemain,

    Killed,
    Survived,
}

/// <summary>
/// StopUnit; after StopGrace a second SIGTERM (on which Wasimoff exits at once and reports the tasks it drops); then
/// SIGKILL to the whole unit.
/// </summary>
/// <param name="Since">When the stop was asked for.</param>
/// <param name="NextAt">When the next stage is due; null on the last.</param>
/// <param name="Lent">
/// How long the unit had been up when the stop was asked for; zero for a start that was cancelled before, null where
/// this agent had not seen it up.
/// </param>
public sealed record StopEscalation(StopStage Stage, BootTime Since, BootTime? NextAt, TimeSpan? Lent) : Unprinted
{
    /// <summary>How long a unit has after its second SIGTERM, and again after SIGKILL, before it counts as surviving.</summary>
    public static readonly TimeSpan StageTime = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long the processes of a unit that has become inactive have to end before SIGKILL. Those of a control group
    /// that systemd has just killed are gone within milliseconds.
    /// </summary>
    public static readonly TimeSpan RemainingTime = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// The unit was seen inactive with processes left. They get a SIGKILL of their own, also where the unit had one before:
    /// it may have come before they were there.
    /// </summary>
    public bool ForRemaining { get; init; }

    public Reason Reason => Stage switch
    {
        StopStage.Asked => Reason.StopAsked,
        StopStage.SecondSignal => Reason.SecondSignal,
        StopStage.ProcessesRemain => Reason.ProcessesRemain,
        StopStage.Killed => Reason.Killed,
        StopStage.Survived => Reason.SurvivedKill,
    };

    /// <summary>
    /// The one place that sends signals to the provider: the second SIGTERM when StopGrace is over, SIGKILL after that, and to what remains of
    /// an inactive unit.
    /// </summary>
    internal static NodeModel Escalate(NodeModel model, BootTime now, List<NodeEffect> effects)
    {
        if (model.Provider is not Stopping { Stages: { NextAt: { } due } stages } stopping || now < due)
        {
            return model;
        }

        StopEscalation next = stages.Stage switch
        {
            StopStage.Asked => stages with { Stage = StopStage.SecondSignal, NextAt = now + StageTime },
            StopStage.SecondSignal or StopStage.ProcessesRemain => stages with { Stage = StopStage.Killed, NextAt = now + StageTime },

            // Whom systemd has not answered yet it may not have heard, nor the signals sent after it.
            StopStage.Killed when stopping.Stop is { JobPath: null } => stages with { NextAt = now + StageTime },
            StopStage.Killed or StopStage.Survived => stages with { Stage = StopStage.Survived, NextAt = null },
        };
        if (next.Stage != stages.Stage && next.Stage is StopStage.SecondSignal or StopStage.Killed)
        {
            effects.Add(new SignalUnit(Kill: next.Stage is StopStage.Killed));
        }

        return model with { Provider = stopping with { Stages = next } };
    }
}
