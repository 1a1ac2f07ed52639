using System.Collections.Immutable;
using HookAgent.Core.Jobs;
using HookAgent.Core.Time;

namespace HookAgent.Core.Node;

/// <summary>
/// The job directory was read. It alone says which jobs are recorded, so this event may come at any time, as
/// often as one likes.
/// </summary>
/// <param name="Condition">Whether it could be read.</param>
/// <param name="Complete">It carries its proof (<see cref="DirectoryProof"/>): it names every job.</param>
/// <param name="Recorded">The jobs recorded, each with the moment its hook was entered if known.</param>
/// <param name="ForeignEntry">Something in it is no job record.</param>
public sealed record DirectoryRead(
    DirectoryCondition Condition,
    bool Complete,
    ImmutableSortedDictionary<JobId, BootTime?> Recorded,
    bool ForeignEntry) : NodeEvent
{
    internal override NodeModel Apply(NodeModel model, BootTime now, List<NodeEffect> effects)
    {
        NodeJobs known = model.Jobs;

        // A directory that could not be listed says nothing: what was recorded stays recorded.
        ImmutableSortedDictionary<JobId, BootTime?> recorded =
            Condition is DirectoryCondition.Unreadable ? known.Recorded : Recorded;

        Prologs prologs = model.Prologs;
        foreach ((JobId job, BootTime? told) in recorded)
        {
            // One that was known without a record has it now.
            if (known.Has(job))
            {
                continue;
            }

            effects.Add(new JobAppeared(job));
            if (model.ProviderMayRun)
            {
                prologs = prologs.WithHandover(job, told is { } entered && entered < now ? entered : now);
            }
        }

        StepScans scans = known.Scans with { Vanished = known.Scans.Vanished.Except(recorded.Keys) };
        ImmutableSortedSet<JobId> unrecorded = known.Unrecorded.Except(recorded.Keys);
        foreach (JobId job in known.Recorded.Keys)
        {
            if (recorded.ContainsKey(job))
            {
                continue;
            }

            if (Condition is DirectoryCondition.Readable && !known.Dropping.Contains(job) && prologs.Waits(job))
            {
                // slurmd runs no Epilog of a job whose Prolog still runs: one of an earlier run has taken the record.
                unrecorded = unrecorded.Add(job);
                scans = scans.Soon(now);
                continue;
            }

            effects.Add(new JobDisappeared(job));
            if (Condition is not DirectoryCondition.Readable)
            {
                continue;
            }

            prologs = prologs.JobEnded(job, now);
            if (Complete && !known.Dropping.Contains(job))
            {
                // What disappears is the news, whether or not its Epilog's nudge comes. One that went with the whole
                // directory has not ended by that. Nor is it known to have ended: a list of Slurm's that has it is believed.
                scans = scans.Soon(now) with { Vanished = scans.Vanished.Add(job) };
            }
        }

        return model with
        {
            Jobs = known with
            {
                Recorded = recorded,
                Unrecorded = unrecorded,
                Dropping = [],
                Scans = scans,
                RecentlyEnded = known.RecentlyEnded.RemoveRange(recorded.Keys),
            },
            Prologs = prologs,
            Directory = new DirectoryView(Trust, ForeignEntry),
        };
    }

    private DirectoryTrust Trust => Condition switch
    {
        DirectoryCondition.Missing => DirectoryTrust.Missing,
        DirectoryCondition.NotADirectory or DirectoryCondition.Unreadable => DirectoryTrust.Unreadable,
        DirectoryCondition.Readable => Complete ? DirectoryTrust.Complete : DirectoryTrust.Incomplete,
    };
}

/// <summary>A Prolog says its job starts, and waits to be answered. Its record was read before this event.</summary>
/// <param name="Token">Names the call.</param>
public sealed record PrologCalled(long Token, JobId Job) : NodeEvent
{
    /// <summary>Bounds the memory, and the time of a step, under a flood of calls; no node starts so many jobs at once.</summary>
    private const int MostWaiting = 1000;

    internal override NodeModel Apply(NodeModel model, BootTime now, List<NodeEffect> effects)
    {
        TimeSpan wait = model.Prologs.Waiting.Count < MostWaiting ? model.Settings.PrologWait : TimeSpan.Zero;
        return model with
        {
            Prologs = model.Prologs.Changed(Job, pending => pending with { Called = pending.Called || pending.Ended is null }) with
            {
                Waiting = model.Prologs.Waiting.Add(new WaitingProlog(Token, Job, now + wait)),
            },
        };
    }
}

/// <summary>A Prolog could not write its record: the job is known to run here all the same.</summary>
public sealed record RecordFailed(JobId Job) : NodeEvent
{
    internal override NodeModel Apply(NodeModel model, BootTime now, List<NodeEffect> effects)
    {
        if (model.Jobs.Has(Job))
        {
            return model;
        }

        effects.Add(new JobAppeared(Job));
        return model with
        {
            Jobs = model.Jobs with
            {
                Unrecorded = model.Jobs.Unrecorded.Add(Job),
                Scans = model.Jobs.Scans.Soon(now),
                RecentlyEnded = model.Jobs.RecentlyEnded.Remove(Job),
            },
            Prologs = model.ProviderMayRun ? model.Prologs.WithHandover(Job, now) : model.Prologs,
        };
    }
}

/// <summary>An Epilog ran. The directory, read before this event, says the rest.</summary>
public sealed record EpilogCalled(JobId Job) : NodeEvent
{
    internal override NodeModel Apply(NodeModel model, BootTime now, List<NodeEffect> effects)
    {
        if (model.Prologs.Waits(Job))
        {
            // The late nudge of an earlier run: see DirectoryRead.
            return model;
        }

        bool unrecorded = model.Jobs.Unrecorded.Contains(Job);
        if (unrecorded)
        {
            effects.Add(new JobDisappeared(Job));
        }

        // A late nudge of a first run, while the requeued job runs already, ends nothing.
        NodeJobs jobs = model.Jobs.Recorded.ContainsKey(Job) ? model.Jobs : model.Jobs.WithEnded(Job, now);
        return model with
        {
            Jobs = jobs with { Unrecorded = jobs.Unrecorded.Remove(Job), Scans = jobs.Scans.Without(Job) },
            Prologs = unrecorded ? model.Prologs.JobEnded(Job, now) : model.Prologs,
        };
    }
}

/// <summary>An operator says that a job is gone.</summary>
/// <param name="Record">The record that he means; null where the job had none. A later one stays.</param>
public sealed record JobForgotten(JobId Job, RecordIdentity? Record) : NodeEvent
{
    internal override NodeModel Apply(NodeModel model, BootTime now, List<NodeEffect> effects)
    {
        if (model.Jobs.Recorded.ContainsKey(Job))
        {
            return Record is { } meant ? model with { Jobs = Drop(model.Jobs, Job, meant, effects) } : model;
        }

        if (!model.Jobs.Unrecorded.Contains(Job))
        {
            return model;
        }

        effects.Add(new JobDisappeared(Job));
        return model with
        {
            Jobs = model.Jobs with { Unrecorded = model.Jobs.Unrecorded.Remove(Job) },
            Prologs = model.Prologs.JobEnded(Job, now),
        };
    }

    /// <summary>
    /// Has a record removed. The job counts until the reading that follows: another record of it may be there by now. If
    /// that finds none, nobody has to wonder where it went.
    /// </summary>
    internal static NodeJobs Drop(NodeJobs jobs, JobId job, RecordIdentity meant, List<NodeEffect> effects)
    {
        effects.Add(new DropRecord(job, meant));
        return jobs with { Dropping = jobs.Dropping.Add(job) };
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
    internal override NodeModel Apply(NodeModel model, BootTime now, List<NodeEffect> effects)
    {
        NodeJobs jobs = model.Jobs;
        foreach ((JobId job, RecordIdentity meant) in Forget)
        {
            jobs = jobs.Recorded.ContainsKey(job) && !Listed.Contains(job) ? JobForgotten.Drop(jobs, job, meant, effects) : jobs;
        }

        ImmutableSortedSet<JobId> unrecorded = Listed.Except(jobs.Recorded.Keys);
        foreach (JobId job in unrecorded)
        {
            // Slurm may have it still; with a slurmstepd the record went, and not the job.
            bool over = jobs.EndedLately(job, now) && !jobs.OrphanSteps.Contains(job);
            unrecorded = over ? unrecorded.Remove(job) : unrecorded;
        }

        // One whose Prolog waits may have come after Slurm was asked.
        foreach (JobId job in jobs.Unrecorded)
        {
            unrecorded = model.Prologs.Waits(job) ? unrecorded.Add(job) : unrecorded;
        }

        Announce(unrecorded.Except(jobs.Unrecorded), jobs.Unrecorded.Except(unrecorded), effects);
        return model with
        {
            Jobs = jobs with
            {
                Unrecorded = unrecorded,
                OrphanSteps = jobs.OrphanSteps.Except(unrecorded),
                Scans = unrecorded.IsEmpty ? jobs.Scans : jobs.Scans.Soon(now),
            },
        };
    }

    internal static void Announce(ImmutableSortedSet<JobId> appeared, ImmutableSortedSet<JobId> disappeared, List<NodeEffect> effects)
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

/// <summary>The slurmstepd processes of this node were scanned for.</summary>
/// <param name="Found">The jobs that have one.</param>
/// <param name="Spanned">Those of them that have one which lasts as long as the job does.</param>
public sealed record StepsScanned(ImmutableSortedSet<JobId> Found, ImmutableSortedSet<JobId> Spanned) : NodeEvent
{
    internal override NodeModel Apply(NodeModel model, BootTime now, List<NodeEffect> effects)
    {
        NodeJobs jobs = model.Jobs;
        ImmutableSortedSet<JobId> runOn = jobs.Scans.Vanished.Intersect(Found).Except(jobs.Recorded.Keys).Except(jobs.Unrecorded);
        ImmutableSortedSet<JobId> ended = jobs.Scans.Witnessed.Except(Found).Intersect(jobs.Unrecorded);
        Reconciled.Announce(runOn, ended, effects);

        ImmutableSortedSet<JobId> unrecorded = jobs.Unrecorded.Union(runOn).Except(ended);
        jobs = jobs with { RecentlyEnded = jobs.RecentlyEnded.RemoveRange(runOn) };
        Prologs prologs = model.Prologs;
        foreach (JobId job in ended)
        {
            jobs = jobs.WithEnded(job, now);
            prologs = prologs.JobEnded(job, now);
        }

        foreach (JobId job in runOn)
        {
            prologs = prologs.Changed(job, pending => pending with { Ended = null });
        }

        ImmutableSortedSet<JobId> witnessed = jobs.Scans.Witnessed.Union(Spanned).Intersect(unrecorded);
        return model with
        {
            Jobs = jobs with
            {
                Unrecorded = unrecorded,
                Scans = jobs.Scans.Scanned(witnessed, unrecorded, now),
                OrphanSteps = Found.Except(jobs.Recorded.Keys).Except(unrecorded),
            },
            Prologs = prologs,
            Idle = model.Idle.Scan is StepScan.Asked ? model.Idle with { Scan = StepScan.Done } : model.Idle,
        };
    }
}
