using System.Collections.Immutable;
using HookAgent.Core.Time;

namespace HookAgent.Core.Node;

/// <summary>What systemd says of the units, or that it says nothing any more.</summary>
public abstract record UnitEvent : NodeEvent
{
    private protected UnitEvent()
    {
    }

    /// <summary>The facts beside the provider's own life.</summary>
    private protected virtual NodeModel Learn(NodeModel model, BootTime now, List<NodeEffect> effects) => model;

    internal override NodeModel Apply(NodeModel model, BootTime now, List<NodeEffect> effects)
    {
        model = Learn(model, now, effects);
        (Provider next, ProviderOutcome outcome) = ProviderTransitions.Next(model.Provider, this, model.Systemd.AgentStopping, now);
        return ProviderOutcomes.Follow(model with { Provider = next }, model.Provider, outcome, this, now, effects);
    }
}

/// <summary>
/// The units were read, by one call that was sent after everything already told to the machine had happened.
/// </summary>
/// <param name="RequiredUnitUp">All units of RequireUnit are active, or being restarted.</param>
/// <param name="AgentStopping">A stop or restart of the agent's own unit is queued: the provider's stop is part of it.</param>
public sealed record UnitsSeen(UnitReading Provider, bool RequiredUnitUp, bool AgentStopping) : UnitEvent
{
    /// <summary>Running units that are bound to the agent and are not the provider.</summary>
    public ImmutableSortedSet<string> Strays { get; init; } = [];

    private protected override NodeModel Learn(NodeModel model, BootTime now, List<NodeEffect> effects)
    {
        Systemd known = model.Systemd;
        if (known is { ConditionChecked: null, Inspecting: null })
        {
            // What an inspection to come is compared with.
            effects.Add(new InspectUnit());
        }

        model = Node.Strays.See(model, Strays, effects);
        if (Provider.Load is UnitLoadState.Loaded && model is
            {
                Provider.Reading.Load: UnitLoadState.NotFound or UnitLoadState.Unusable,
                Backoff.PausedFor: Reason.UnitMissing or Reason.BadUnit,
            })
        {
            // Its file is back: worth a try without waiting out the backoff.
            model = model with { Backoff = model.Backoff.End() };
        }

        if (model.Provider is Unread && known.Attempts == 0 && Provider.Phase is UnitPhase.AtRest)
        {
            // Seen for the first time: the jobs in the directory may be hours old, and if a provider ran beside
            // them, nobody saw when it stopped.
            model = model with { Prologs = model.Prologs with { Handovers = model.Prologs.Handovers.Clear() } };
        }

        return model with
        {
            Systemd = known with
            {
                RequiredUnitUp = RequiredUnitUp,
                AgentStopping = AgentStopping,
                UnreachableSince = null,
                GaveUp = false,

                // One that runs again says nothing of how the one before it ended.
                Inspecting = known.Inspecting is Inspection.UnwatchedExit && Provider.Phase is not UnitPhase.AtRest ? Inspection.Exit : known.Inspecting,
            },
        };
    }
}

/// <summary>systemd queued the job that was asked for.</summary>
public sealed record UnitJobQueued(long Attempt, string JobPath) : UnitEvent;

/// <summary>systemd refused to queue the job that was asked for.</summary>
/// <param name="Cause">systemd's words.</param>
public sealed record UnitJobRefused(long Attempt, UnitRefusal Refusal, string Cause) : UnitEvent;

/// <summary>A job of the provider's unit left systemd's queue, ours or another's; the units are read after it.</summary>
public sealed record UnitJobRemoved(string JobPath, UnitJobResult Result) : UnitEvent;

/// <summary>The bus or systemd on it is gone; <see cref="UnitsSeen"/> says that it is back.</summary>
/// <param name="BusToo">
/// The connection to the bus is lost, and the waiting Prologs with it; false while systemd alone is away, as in a
/// daemon-reexec, and Prologs can be answered.
/// </param>
public sealed record SystemdLost(bool BusToo = true) : UnitEvent
{
    private protected override NodeModel Learn(NodeModel model, BootTime now, List<NodeEffect> effects) => model with
    {
        Systemd = model.Systemd with { UnreachableSince = model.Systemd.UnreachableSince ?? now, Inspecting = null },
        Prologs = BusToo ? model.Prologs.LetAllGo(now) : model.Prologs,
        Strays = Node.Strays.FromTheBeginning(model.Strays),
    };
}

/// <summary>How the provider ended, and when its unit's conditions were last checked and whether they were met.</summary>
/// <param name="Ending">systemd's result and exit status in words, for the journal.</param>
public sealed record UnitInspected(bool ConditionMet, string Ending) : NodeEvent
{
    /// <summary>Null where systemd did not tell.</summary>
    public ConditionStamp? ConditionChecked { get; init; }

    /// <summary>systemd's Result is "success": it was stopped, or ended with a status that the unit calls one.</summary>
    public bool Succeeded { get; init; }

    /// <summary>systemd's Result is "exec-condition": the unit's ExecCondition= refused its last start.</summary>
    public bool Refused { get; init; }

    internal override NodeModel Apply(NodeModel model, BootTime now, List<NodeEffect> effects) => ProviderOutcomes.Inspected(
        model with { Systemd = model.Systemd with { Inspecting = null, ConditionChecked = ConditionChecked ?? model.Systemd.ConditionChecked } },
        model.Systemd, this, now, effects);
}
