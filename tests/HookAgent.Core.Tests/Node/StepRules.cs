using System.Collections.Immutable;
using HookAgent.Core.Jobs;
using HookAgent.Core.Node;
using HookAgent.Core.Time;

namespace HookAgent.Core.Tests.Node;

/// <summary>What must hold after every single step of the machine, whatever the event was and whatever came before.</summary>
internal static class StepRules
{
    /// <summary>Step, and see to the rules.</summary>
    public static (NodeModel Model, ImmutableArray<NodeEffect> Effects) Step(
        NodeModel before, NodeEvent happened, BootTime now)
    {
        (NodeModel after, ImmutableArray<NodeEffect> effects) = NodeMachine.Step(before, happened, now);
        string? broken = Model(after, now) ?? Calls(before, happened, after, effects)
            ?? Effects(before, happened, after, effects, now);
        if (broken is not null)
        {
            Assert.Fail($"{broken}\nbefore:  {before}\nevent:   {happened}\nafter:   {after}\neffects: {string.Join("\n         ", effects)}");
        }

        return (after, effects);
    }

    private static string? Model(NodeModel after, BootTime now)
    {
        bool reachable = after.Systemd.IsReachable;
        CurrentState told = after.Current;
        return after switch
        {
            _ when told.Reason.State() != told.State => $"{told.Reason} does not belong to {told.State}",
            _ when (told.State, told.Reason) != NodeMachine.Describe(after) => "state and reason are not derived from the facts",
            _ when NodeMachine.NextDeadline(after) <= now => "the next deadline is not in the future: the loop would spin",
            { ProviderMayRun: false, Prologs.Waiting.IsEmpty: false } => "a Prolog waits for nothing",
            { ProviderMayRun: false, Prologs.Handovers.IsEmpty: false } when reachable => "a handover is over and was not told",
            { Provider: Stopping { Stop: null, IsStoppedByOthers: false, Unit: not { Phase: UnitPhase.ProcessesRemain } } } when Inhibitor.Of(after) is null =>
                "a stop is seen through that nothing asks for",
            { Provider.PendingJob: not null } when !reachable => "a job is under way on a lost connection",
            { Provider: Starting } when Inhibitor.Of(after) is not null => "a start is under way that nothing overtakes",
            { Provider: Off { Unit.Phase: not UnitPhase.AtRest } } => "off, and not at rest",
            { Provider: Up { Unit.Phase: UnitPhase.AtRest } } when reachable => "up, and at rest",
            { Provider: Up or Stopping { Stop: null, Unit: not null } } when reachable && Inhibitor.Of(after) is not null
                && after.Provider is not Stopping { Unit.Phase: UnitPhase.ProcessesRemain, Stages.Stage: StopStage.Survived }
                && NodeMachine.NextDeadline(after) is null => "nobody stops the provider, and nobody will",
            { Current.State: NodeState.Busy, Provider: not (Off or Unread), ProviderMayRun: true } when reachable => "busy, and the provider may run",
            _ when after.Prologs.Waiting.Select(waiting => waiting.Token).Distinct().Count() != after.Prologs.Waiting.Count =>
                "a Prolog waits twice",
            _ => null,
        };
    }

    private static string? Calls(NodeModel before, NodeEvent happened, NodeModel after, ImmutableArray<NodeEffect> effects)
    {
        int starts = effects.Count(effect => effect is StartUnit);
        int stops = effects.Count(effect => effect is StopUnit);
        long attempt = effects.Select(effect => effect switch
        {
            StartUnit start => start.Attempt,
            StopUnit stop => stop.Attempt,
            _ => 0,
        }).DefaultIfEmpty().Max();
        bool concluded = happened is UnitsSeen or UnitJobRefused or SystemdLost;
        return effects.IsEmpty ? null : true switch
        {
            _ when starts + stops > 1 => "two calls in one step",
            _ when starts + stops == 1 && (after.Provider.PendingJob?.Attempt != attempt || attempt <= before.Systemd.Attempts) =>
                "a call that the model does not know",
            _ when starts == 1 && after.Provider is not Starting => "a start that the model does not know",
            _ when starts == 1 && Against(after) is { } cause => $"a start beside {cause}",
            _ when starts == 1 && before.Provider.PendingJob is not null && !concluded => "a start while a call is under way",
            _ when stops == 1 && before.Provider is Stopping { Stop: not null } && !concluded => "a second stop beside a stop",
            _ when after.Systemd.UnreachableSince is not null
                && effects.Any(effect => effect is StartUnit or StopUnit or SignalUnit or ReadUnits or InspectUnit) =>
                "a call on a lost connection",
            _ => null,
        };
    }

    /// <summary>Every reason to stay off, spelled out once more and apart from the machine's own list.</summary>
    private static string? Against(NodeModel model) => model switch
    {
        { Jobs.Recorded.IsEmpty: false } => "a record",
        { Jobs.Unrecorded.IsEmpty: false } => "a job without a record",
        { Jobs.OrphanSteps.IsEmpty: false } => "a slurmstepd",
        { Directory.Trust: not DirectoryTrust.Complete } => "a directory that is not believed",
        { Directory.ForeignEntry: true } => "a foreign entry",
        { Hold: not null } => "a hold",
        { Systemd.IsReachable: false } or { Provider.Reading: null } => "a systemd that is not there",
        { Provider.Reading.Load: UnitLoadState.Masked } => "a mask",
        { Settings.RequiresUnit: true, Systemd.RequiredUnitUp: false } => "a required unit that is down",
        { Systemd.AgentStopping: true } => "the agent's own stop",
        { Provider.Reading.Phase: not UnitPhase.AtRest } => "a provider that runs",
        _ => null,
    };

    private static string? Effects(
        NodeModel before, NodeEvent happened, NodeModel after, ImmutableArray<NodeEffect> effects, BootTime now)
    {
        bool changed = (before.Current.State, before.Current.Reason) != (after.Current.State, after.Current.Reason);
        if (effects.Count(effect => effect is StateChanged) != (changed ? 1 : 0))
        {
            return "a change of state was not told once";
        }

        if (effects.Any(effect => effect is Remember) != (before.Persistent != after.Persistent))
        {
            return "the memory changed and was not written, or the other way round";
        }

        // In order, because one effect may undo another: a hold that is over as soon as it began.
        HashSet<long> waiting = [.. before.Prologs.Waiting.Select(prolog => prolog.Token)];
        if (happened is PrologCalled called)
        {
            waiting.Add(called.Token);
        }

        foreach (NodeEffect effect in effects)
        {
            string? wrong = effect switch
            {
                StateChanged told when told.From != before.Current.State || told.To != after.Current.State
                    || told.Reason != after.Current.Reason || told.InState < TimeSpan.Zero => "tells another change",
                AnswerProlog answer when !waiting.Remove(answer.Token) => "answers nobody, or twice",
                HandoverDone done when done.Overlap < TimeSpan.Zero || done.Overlap > done.Handover => "is no span of time",
                PrologWaitOver over when over.Waited < TimeSpan.Zero => "is no span of time",
                ProviderStopped stopped when stopped.Took < TimeSpan.Zero || stopped.Lent < TimeSpan.Zero => "is no span of time",
                ProviderFailed failed when failed.InARow < 1 || failed.RetryIn < TimeSpan.Zero
                    || failed.RetryIn > TimeSpan.FromMinutes(5) + after.Settings.StartJitter => "is no backoff",
                ExecConditionRefused refused when refused.RetryIn < TimeSpan.FromMinutes(1) || refused.InARow < 1 => "asks the site again within a minute",
                ProviderFailed failed when failed.Reason.State() is not NodeState.Failed => "names no failure",
                ExecConditionRefused refused when refused.RetryIn < TimeSpan.FromMinutes(1) || refused.InARow < 1 => "asks the site again within a minute",
                GiveUp when before.Systemd.GaveUp || after.Systemd.UnreachableSince + NodeMachine.UnreachableLimit > now
                    || !after.Jobs.Any => "gives up too early, or for nothing",
                SignalUnit when after.Provider.Escalation is null => "is a signal without a stop",
                Remember memory when memory.State != after.Persistent => "is not the memory",
                JobAppeared appeared when !Knows(after, appeared.Job) || Knows(before, appeared.Job) => "tells no new job",
                JobDisappeared gone when !Knows(before, gone.Job) || Knows(after, gone.Job) => "tells no end",
                DropRecord drop when !before.Jobs.Recorded.ContainsKey(drop.Job) => "drops no record",
                _ => null,
            };
            if (wrong is not null)
            {
                return $"{effect} {wrong}";
            }
        }

        bool dropped = happened is SystemdLost { BusToo: true };
        if (!dropped && !waiting.SetEquals(after.Prologs.Waiting.Select(prolog => prolog.Token)))
        {
            return "a waiting Prolog was lost";
        }

        return null;
    }

    private static bool Knows(NodeModel model, JobId job) => model.Jobs.Recorded.ContainsKey(job) || model.Jobs.Unrecorded.Contains(job);
}
