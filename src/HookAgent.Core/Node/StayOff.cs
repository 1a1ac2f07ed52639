namespace HookAgent.Core.Node;

/// <summary>Why the provider must be off, if it must: the first cause of a fixed order, jobs before all.</summary>
internal static class StayOff
{
    public static (NodeState State, Reason Reason)? For(NodeModel model)
    {
        bool unreachable = model.UnreachableSince is not null || model.Unit is null;
        if (!model.Recorded.IsEmpty)
        {
            return (NodeState.Busy, Reason.JobsRecorded);
        }

        if (!model.Unrecorded.IsEmpty)
        {
            return (NodeState.Unknown, Reason.JobWithoutRecord);
        }

        if (DirectoryDoubt(model) is { } doubt)
        {
            return (NodeState.Unknown, doubt);
        }

        if (!model.OrphanSteps.IsEmpty)
        {
            return (NodeState.Unknown, Reason.StepWithoutRecord);
        }

        return model switch
        {
            { Hold.Kind: HoldKind.Operator } => (NodeState.Held, Reason.OperatorHold),
            { Hold.Kind: HoldKind.HandStopped } => (NodeState.Held, Reason.HandStopped),
            _ when unreachable => (NodeState.Unknown, Reason.SystemdUnreachable),
            { Unit.IsOrphaned: true } => model.Unit!.Load is UnitLoadState.Masked
                ? (NodeState.Held, Reason.Masked)
                : (NodeState.Failed, model.Unit.Load is UnitLoadState.NotFound ? Reason.UnitMissing : Reason.BadUnit),
            { Settings.RequiresUnit: true, RequiredUnitUp: false } => (NodeState.Held, Reason.RequiredUnitInactive),
            _ => null,
        };
    }

    private static Reason? DirectoryDoubt(NodeModel model) => model.Directory switch
    {
        DirectoryTrust.Unread => Reason.DirectoryUnread,
        DirectoryTrust.Missing => Reason.DirectoryMissing,
        DirectoryTrust.Unreadable => Reason.DirectoryUnreadable,
        DirectoryTrust.Unproven => Reason.DirectoryUnproven,
        DirectoryTrust.Proven => model.ForeignEntry ? Reason.ForeignEntry : null,
    };
}
