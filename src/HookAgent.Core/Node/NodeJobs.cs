using System.Collections.Immutable;
using HookAgent.Core.Jobs;
using HookAgent.Core.Time;

namespace HookAgent.Core.Node;

/// <summary>The jobs on the node, by each kind of evidence.</summary>
public sealed record NodeJobs : Unprinted
{
    /// <summary>
    /// How long a list of Slurm's may be older than an Epilog: hookctl gives squeue 2 s, and slurmctld may hear of the end
    /// later than the node.
    /// </summary>
    private static readonly TimeSpan s_remembered = TimeSpan.FromSeconds(60);

    /// <summary>Bounds the memory of a node that ends jobs faster than <see cref="s_remembered"/> forgets them.</summary>
    private const int MostRemembered = 1024;

    /// <summary>The job records, each with the moment its hook was entered where the record tells it.</summary>
    public ImmutableSortedDictionary<JobId, BootTime?> Recorded { get; init; } = ImmutableSortedDictionary<JobId, BootTime?>.Empty;

    /// <summary>Jobs whose record is being removed on an operator's word; until the directory is read again.</summary>
    public ImmutableSortedSet<JobId> Dropping { get; init; } = [];

    /// <summary>Jobs known to run here without a record: RecordFailed, or listed by Slurm.</summary>
    public ImmutableSortedSet<JobId> Unrecorded { get; init; } = [];

    /// <summary>Jobs that had a slurmstepd but no record when last scanned for.</summary>
    public ImmutableSortedSet<JobId> OrphanSteps { get; init; } = [];

    public StepScans Scans { get; init; } = StepScans.None;

    /// <summary>
    /// When jobs ended lately by their JobEnded or their last slurmstepd that have no record now, so that an older list
    /// of Slurm's does not revive them. Of the same type as <see cref="Recorded"/>, whose native code it shares; never null.
    /// </summary>
    public ImmutableSortedDictionary<JobId, BootTime?> RecentlyEnded { get; init; } = ImmutableSortedDictionary<JobId, BootTime?>.Empty;

    /// <summary>A job is known to be here, by whatever evidence.</summary>
    public bool Any => !Recorded.IsEmpty || !Unrecorded.IsEmpty || !OrphanSteps.IsEmpty;

    /// <summary>The job is known to the node, with or without a record.</summary>
    public bool Has(JobId job) => Recorded.ContainsKey(job) || Unrecorded.Contains(job);

    internal NodeJobs WithEnded(JobId job, BootTime now)
    {
        ImmutableSortedDictionary<JobId, BootTime?> ended = RecentlyEnded;
        if (ended.Count >= MostRemembered)
        {
            foreach ((JobId old, BootTime? at) in ended)
            {
                ended = at + s_remembered < now ? ended.Remove(old) : ended;
            }

            ended = ended.Count < MostRemembered ? ended : ended.Clear();
        }

        return this with { RecentlyEnded = ended.SetItem(job, now) };
    }

    /// <summary>It ended so lately that a list of Slurm's may still have it.</summary>
    internal bool EndedLately(JobId job, BootTime now) => RecentlyEnded.TryGetValue(job, out BootTime? at) && now <= at + s_remembered;
}
