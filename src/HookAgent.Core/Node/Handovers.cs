using System.Collections.Immutable;
using HookAgent.Core.Jobs;
using HookAgent.Core.Time;

namespace HookAgent.Core.Node;

/// <summary>Measures each handover once the provider is at rest.</summary>
internal static class Handovers
{
    /// <summary>The job is over: what it shares with the provider from now on is no overlap.</summary>
    public static ImmutableSortedDictionary<JobId, PendingHandover> EndJob(
        ImmutableSortedDictionary<JobId, PendingHandover> handovers, JobId job, BootTime now) =>
        handovers.TryGetValue(job, out PendingHandover? pending)
            ? handovers.SetItem(job, pending with { Ended = pending.Ended ?? now })
            : handovers;

    /// <summary>The job's Prolog is answered while the provider still runs: from now on they overlap.</summary>
    public static ImmutableSortedDictionary<JobId, PendingHandover> LetGo(
        ImmutableSortedDictionary<JobId, PendingHandover> handovers, JobId job, BootTime now) =>
        handovers.TryGetValue(job, out PendingHandover? pending) && pending.Ended is null
            ? handovers.SetItem(job, pending with { LetGo = pending.LetGo ?? now })
            : handovers;

    public static NodeModel Conclude(NodeModel model, BootTime now, List<NodeEffect> effects)
    {
        if (model.Handovers.IsEmpty || model.ProviderMayRun || model.UnreachableSince is not null)
        {
            return model;
        }

        foreach ((JobId job, PendingHandover pending) in model.Handovers)
        {
            effects.Add(new HandoverDone(job, now - pending.Entered, Overlap(pending, now)));
        }

        return model with { Handovers = model.Handovers.Clear() };
    }

    /// <summary>The provider is lent on though jobs came and went: it could not be stopped in their time.</summary>
    public static NodeModel EndBeside(NodeModel model, List<NodeEffect> effects)
    {
        foreach ((JobId job, PendingHandover pending) in model.Handovers)
        {
            if (pending.Ended is { } ended)
            {
                effects.Add(new JobRanBeside(job, Overlap(pending, ended)));
                model = model with { Handovers = model.Handovers.Remove(job) };
            }
        }

        return model;
    }

    /// <summary>
    /// From when the job was let go to the end of job or provider, whichever was first; zero for a Prolog that was
    /// answered just now, with the provider gone. Without a call of its Prolog nobody knows when the job began:
    /// no earlier than its hook was entered.
    /// </summary>
    private static TimeSpan Overlap(PendingHandover pending, BootTime now)
    {
        BootTime? began = pending.LetGo ?? (pending.Called ? null : pending.Entered);
        return began is { } from ? (pending.Ended ?? now) - from : TimeSpan.Zero;
    }
}
