using System.Collections.Immutable;
using HookAgent.Core.Jobs;
using HookAgent.Core.Time;

namespace HookAgent.Core.Node;

/// <summary>
/// The job directory was read. It alone says which jobs are recorded, so this event may come at any time, as
/// often as one likes.
/// </summary>
/// <param name="Condition">Whether it could be read.</param>
/// <param name="Complete">It carries its proof (<see cref="DirectoryProof"/>).</param>
/// <param name="Jobs">The jobs recorded, each with the moment its hook was entered if known.</param>
/// <param name="ForeignEntry">Something in it is no job record.</param>
public sealed record DirectoryRead(
    DirectoryCondition Condition,
    bool Complete,
    ImmutableSortedDictionary<JobId, BootTime?> Jobs,
    bool ForeignEntry) : NodeEvent
{
    internal override NodeModel Absorb(NodeModel model, BootTime now, List<NodeEffect> effects)
    {
        // A directory that could not be listed says nothing: what was recorded stays recorded.
        ImmutableSortedDictionary<JobId, BootTime?> jobs =
            Condition is DirectoryCondition.Unreadable ? model.Recorded : Jobs;

        foreach (JobId job in jobs.Keys)
        {
            // One that was known without a record has it now.
            if (model.Recorded.ContainsKey(job) || model.Unrecorded.Contains(job))
            {
                continue;
            }

            effects.Add(new JobAppeared(job));
            if (model.ProviderMayRun)
            {
                BootTime entered = jobs[job] is { } told && told < now ? told : now;
                model = model with { Handovers = model.Handovers.SetItem(job, new PendingHandover(entered)) };
            }
        }

        StepLooks looks = model.StepLooks with { Vanished = model.StepLooks.Vanished.Except(jobs.Keys) };
        ImmutableDictionary<JobId, BootTime> ended = model.RecentlyEnded.RemoveRange(jobs.Keys);
        ImmutableSortedSet<JobId> unrecorded = model.Unrecorded.Except(jobs.Keys);
        foreach (JobId job in model.Recorded.Keys)
        {
            if (jobs.ContainsKey(job))
            {
                continue;
            }

            if (Condition is DirectoryCondition.Readable && !model.Dropping.Contains(job) && model.Waits(job))
            {
                // slurmd runs no Epilog of a job whose Prolog still runs: one of an earlier run has taken the record.
                unrecorded = unrecorded.Add(job);
                looks = looks.Soon(now);
                continue;
            }

            effects.Add(new JobDisappeared(job));
            if (Condition is not DirectoryCondition.Readable)
            {
                continue;
            }

            model = model with { Handovers = Handovers.EndJob(model.Handovers, job, now) };
            if (Complete && !model.Dropping.Contains(job))
            {
                // What disappears is the news, whether or not its Epilog's nudge comes. One that went with the whole
                // directory has not ended by that. Nor is it known to have ended: a list of Slurm's that has it is believed.
                looks = looks.Soon(now) with { Vanished = looks.Vanished.Add(job) };
            }
        }

        return model with
        {
            Recorded = jobs,
            Unrecorded = unrecorded,
            Dropping = [],
            StepLooks = looks,
            RecentlyEnded = ended,
            ForeignEntry = ForeignEntry,
            Directory = Condition switch
            {
                DirectoryCondition.Missing => DirectoryTrust.Missing,
                DirectoryCondition.NotADirectory or DirectoryCondition.Unreadable => DirectoryTrust.Unreadable,
                DirectoryCondition.Readable => Complete ? DirectoryTrust.Proven : DirectoryTrust.Unproven,
            },
        };
    }
}

/// <summary>A Prolog says its job starts, and waits to be answered. Its record was read before this event.</summary>
/// <param name="Token">Names the call.</param>
public sealed record PrologCalled(long Token, JobId Job) : NodeEvent
{
    /// <summary>Bounds the memory, and the time of a step, under a flood of calls; no node starts so many jobs at once.</summary>
    private const int MostWaiting = 1000;

    internal override NodeModel Absorb(NodeModel model, BootTime now, List<NodeEffect> effects)
    {
        TimeSpan wait = model.Waiting.Count < MostWaiting ? model.Settings.PrologWait : TimeSpan.Zero;
        return model with
        {
            Waiting = model.Waiting.Add(new WaitingProlog(Token, Job, now + wait)),
            Handovers = model.Handovers.TryGetValue(Job, out PendingHandover? pending)
                ? model.Handovers.SetItem(Job, pending with { Called = pending.Called || pending.Ended is null })
                : model.Handovers,
        };
    }
}

/// <summary>A Prolog could not write its record: the job is known to run here all the same.</summary>
public sealed record RecordFailed(JobId Job) : NodeEvent
{
    internal override NodeModel Absorb(NodeModel model, BootTime now, List<NodeEffect> effects)
    {
        if (model.Recorded.ContainsKey(Job) || model.Unrecorded.Contains(Job))
        {
            return model;
        }

        effects.Add(new JobAppeared(Job));
        return model with
        {
            Unrecorded = model.Unrecorded.Add(Job),
            StepLooks = model.StepLooks.Soon(now),
            RecentlyEnded = model.RecentlyEnded.Remove(Job),
            Handovers = model.ProviderMayRun
                ? model.Handovers.SetItem(Job, new PendingHandover(now))
                : model.Handovers,
        };
    }
}

/// <summary>An Epilog ran. The directory, read before this event, says the rest.</summary>
public sealed record EpilogCalled(JobId Job) : NodeEvent
{
    /// <summary>
    /// How long a list of Slurm's may be older than an Epilog: hookctl gives squeue 2 s, and slurmctld may hear of the end
    /// later than the node.
    /// </summary>
    internal static readonly TimeSpan Remembered = TimeSpan.FromSeconds(60);

    /// <summary>Bounds the memory of a node that ends jobs faster than <see cref="Remembered"/> forgets them.</summary>
    private const int MostRemembered = 1024;

    internal override NodeModel Absorb(NodeModel model, BootTime now, List<NodeEffect> effects)
    {
        if (model.Waits(Job))
        {
            // The late nudge of an earlier run: see DirectoryRead.
            return model;
        }

        if (model.Unrecorded.Contains(Job))
        {
            effects.Add(new JobDisappeared(Job));
        }

        return model with
        {
            Unrecorded = model.Unrecorded.Remove(Job),
            StepLooks = model.StepLooks.Without(Job),
            Handovers = model.Unrecorded.Contains(Job) ? Handovers.EndJob(model.Handovers, Job, now) : model.Handovers,

            // A late nudge of a first run, while the requeued job runs already, ends nothing.
            RecentlyEnded = model.Recorded.ContainsKey(Job) ? model.RecentlyEnded : Remember(model.RecentlyEnded, Job, now),
        };
    }

    internal static ImmutableDictionary<JobId, BootTime> Remember(ImmutableDictionary<JobId, BootTime> ended, JobId job, BootTime now)
    {
        if (ended.Count >= MostRemembered)
        {
            foreach ((JobId old, BootTime at) in ended)
            {
                ended = at + Remembered < now ? ended.Remove(old) : ended;
            }

            ended = ended.Count < MostRemembered ? ended : ended.Clear();
        }

        return ended.SetItem(job, now);
    }
}

/// <summary>An operator says that a job is gone.</summary>
/// <param name="Record">The record that he means; null where the job had none. A later one stays.</param>
public sealed record JobForgotten(JobId Job, RecordIdentity? Record) : NodeEvent
{
    internal override NodeModel Absorb(NodeModel model, BootTime now, List<NodeEffect> effects)
    {
        if (model.Recorded.ContainsKey(Job))
        {
            return Record is { } meant ? Drop(model, Job, meant, effects) : model;
        }

        if (!model.Unrecorded.Contains(Job))
        {
            return model;
        }

        effects.Add(new JobDisappeared(Job));
        return model with
        {
            Unrecorded = model.Unrecorded.Remove(Job),
            Handovers = Handovers.EndJob(model.Handovers, Job, now),
        };
    }

    /// <summary>
    /// Has a record removed. The job counts until the reading that follows: another record of it may be there by now. If
    /// that finds none, nobody has to wonder where it went.
    /// </summary>
    internal static NodeModel Drop(NodeModel model, JobId job, RecordIdentity meant, List<NodeEffect> effects)
    {
        effects.Add(new DropRecord(job, meant));
        return model with { Dropping = model.Dropping.Add(job) };
    }
}

/// <summary>
/// Slurm's own list of the jobs on this node: the directory as it was when Slurm was asked, and these, are all there are.
/// Whoever asked has left out those that ended meanwhile or are completing without a record, and makes the directory's
/// proof once this is known here.
/// </summary>
/// <param name="Forget">The records of jobs that are not listed, as they were before Slurm was asked; later ones stay.</param>
public sealed record Reconciled(ImmutableSortedSet<JobId> Listed, IReadOnlyDictionary<JobId, RecordIdentity> Forget) : NodeEvent
{
    internal override NodeModel Absorb(NodeModel model, BootTime now, List<NodeEffect> effects)
    {
        foreach ((JobId job, RecordIdentity meant) in Forget)
        {
            model = model.Recorded.ContainsKey(job) && !Listed.Contains(job) ? JobForgotten.Drop(model, job, meant, effects) : model;
        }

        ImmutableSortedSet<JobId> unrecorded = Listed.Except(model.Recorded.Keys);
        foreach ((JobId job, BootTime at) in model.RecentlyEnded)
        {
            // Slurm has the job here and so has the node: the record went, and not the job.
            bool runs = model.OrphanSteps.Contains(job);
            unrecorded = !runs && now <= at + EpilogCalled.Remembered ? unrecorded.Remove(job) : unrecorded;
        }

        // One whose Prolog waits may have come after Slurm was asked.
        foreach (JobId job in model.Unrecorded)
        {
            unrecorded = model.Waits(job) ? unrecorded.Add(job) : unrecorded;
        }

        Tell(unrecorded.Except(model.Unrecorded), model.Unrecorded.Except(unrecorded), effects);

        return model with
        {
            Unrecorded = unrecorded,
            OrphanSteps = model.OrphanSteps.Except(unrecorded),
            StepLooks = unrecorded.IsEmpty ? model.StepLooks : model.StepLooks.Soon(now),
        };
    }

    internal static void Tell(ImmutableSortedSet<JobId> appeared, ImmutableSortedSet<JobId> disappeared, List<NodeEffect> effects)
    {
        foreach (JobId job in appeared)
        {
            effects.Add(new JobAppeared(job));
        }

        foreach (JobId job in disappeared)
        {
            effects.Add(new JobDisappeared(job));
        }
    }
}

/// <summary>The slurmstepd processes of this node were looked at.</summary>
/// <param name="Jobs">The jobs that have one.</param>
/// <param name="Spanned">Those of them that have one which lasts as long as the job does.</param>
public sealed record EvidenceGathered(ImmutableSortedSet<JobId> Jobs, ImmutableSortedSet<JobId> Spanned) : NodeEvent
{
    internal override NodeModel Absorb(NodeModel model, BootTime now, List<NodeEffect> effects)
    {
        ImmutableSortedSet<JobId> runOn = model.StepLooks.Vanished.Intersect(Jobs).Except(model.Recorded.Keys).Except(model.Unrecorded);
        ImmutableSortedSet<JobId> ended = model.StepLooks.Witnessed.Except(Jobs).Intersect(model.Unrecorded);
        Reconciled.Tell(runOn, ended, effects);

        ImmutableSortedSet<JobId> unrecorded = model.Unrecorded.Union(runOn).Except(ended);
        ImmutableDictionary<JobId, BootTime> lately = model.RecentlyEnded.RemoveRange(runOn);
        ImmutableSortedDictionary<JobId, PendingHandover> handovers = model.Handovers;
        foreach (JobId job in ended)
        {
            lately = EpilogCalled.Remember(lately, job, now);
            handovers = Handovers.EndJob(handovers, job, now);
        }

        foreach (JobId job in runOn)
        {
            handovers = handovers.TryGetValue(job, out PendingHandover? pending) ? handovers.SetItem(job, pending with { Ended = null }) : handovers;
        }

        ImmutableSortedSet<JobId> witnessed = model.StepLooks.Witnessed.Union(Spanned).Intersect(unrecorded);
        return model with
        {
            Unrecorded = unrecorded,
            StepLooks = model.StepLooks.Looked(witnessed, unrecorded, now),
            RecentlyEnded = lately,
            Handovers = handovers,
            OrphanSteps = Jobs.Except(model.Recorded.Keys).Except(unrecorded),
            Evidence = model.Evidence is EvidenceCheck.Asked ? EvidenceCheck.Gathered : model.Evidence,
        };
    }
}
