namespace HookAgent.Core.Node;

/// <summary>Why the provider must be off, if it must: the first cause of a fixed order, jobs before all.</summary>
internal static class Inhibitor
{
    public static (NodeState State, Reason Reason)? Of(NodeModel model)
    {
        if (!model.Jobs.Recorded.IsEmpty)
        {
            return (NodeState.Busy, Reason.JobsRecorded);
        }

        if (!model.Jobs.Unrecorded.IsEmpty)
        {
            return (NodeState.Unknown, Reason.JobWithoutRecord);
        }

        if (model.Directory.Doubt is { } doubt)
        {
            return (NodeState.Unknown, doubt);
        }

        if (!model.Jobs.OrphanSteps.IsEmpty)
        {
            return (NodeState.Unknown, Reason.StepWithoutRecord);
        }

        return model switch
        {
            { Hold.Kind: HoldKind.Operator } => (NodeState.Held, Reason.OperatorHold),
            { Hold.Kind: HoldKind.HandStopped } => (NodeState.Held, Reason.HandStopped),
            { Systemd.IsReachable: false } or { Provider.Reading: null } => (NodeState.Unknown, Reason.SystemdUnreachable),
            { Provider.Reading: { IsOrphaned: true, Load: var load } } => load is UnitLoadState.Masked
                ? (NodeState.Held, Reason.Masked)
                : (NodeState.Failed, load is UnitLoadState.NotFound ? Reason.UnitMissing : Reason.BadUnit),
            { Settings.RequiresUnit: true, Systemd.RequiredUnitUp: false } => (NodeState.Held, Reason.RequiredUnitInactive),
            _ => null,
        };
    }
}
