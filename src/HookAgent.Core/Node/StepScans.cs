using System.Collections.Immutable;
using HookAgent.Core.Jobs;
using HookAgent.Core.Time;

namespace HookAgent.Core.Node;

/// <summary>
/// What slurmstepd processes have told, or are still to tell, of jobs without a record. A job runs on whose record
/// disappeared without its JobEnded and that has one. It then counts until its JobEnded, or until the last slurmstepd of
/// it ends if one that lasts as long as the job was among them: between the steps of an allocation there is none.
/// </summary>
public sealed record StepScans : Unprinted
{
    /// <summary>
    /// How long an Epilog's nudge may come after its record is gone: some milliseconds, or never. And the first scan for
    /// the slurmstepd of a job whose Prolog could not write its record.
    /// </summary>
    private static readonly TimeSpan s_first = TimeSpan.FromSeconds(1);

    /// <summary>Each scan for a slurmstepd that lasts as long as its job comes twice as late as the one before, up to this.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How long the provider may run beside a job that no hook told of, at most: slurm.conf may not name the hook yet, or no
    /// longer, and the package cannot know. A scan of a thousand processes takes some milliseconds.
    /// </summary>
    private static readonly TimeSpan s_whileLent = TimeSpan.FromMinutes(1);

    public static StepScans None { get; } = new();

    /// <summary>Jobs whose record disappeared without their JobEnded, and for a slurmstepd of which nobody has scanned yet.</summary>
    public ImmutableSortedSet<JobId> Vanished { get; init; } = [];

    /// <summary>Jobs without a record of which a slurmstepd has been seen that lasts as long as they do.</summary>
    public ImmutableSortedSet<JobId> Witnessed { get; init; } = [];

    /// <summary>When to scan next; null while there is nothing to scan for, or while a scan is under way.</summary>
    public BootTime? At { get; init; }

    private TimeSpan Wait { get; init; } = s_first;

    /// <summary>A scan soon: there is a job of which nothing is known but that it began, or that its record is gone.</summary>
    internal StepScans Soon(BootTime now) => this with { At = At < now + s_first ? At : now + s_first, Wait = s_first };

    /// <summary>The Epilog of a job has spoken.</summary>
    internal StepScans Without(JobId job) => this with { Vanished = Vanished.Remove(job) };

    /// <summary>The scan is done; the jobs without a record that were not seen for their whole life are scanned for again.</summary>
    internal StepScans Scanned(ImmutableSortedSet<JobId> witnessed, ImmutableSortedSet<JobId> unrecorded, BootTime now) =>
        unrecorded.Except(witnessed).IsEmpty
            ? None with { Witnessed = witnessed }
            : new StepScans { Witnessed = witnessed, At = now + Wait, Wait = Wait * 2 < s_longest ? Wait * 2 : s_longest };

    /// <summary>Asks for a scan that is due: for the jobs that nobody knows enough of, and for any while the node is lent.</summary>
    internal static NodeModel Ask(NodeModel model, BootTime now, List<NodeEffect> effects)
    {
        StepScans scans = model.Jobs.Scans;
        ImmutableSortedSet<JobId> unrecorded = model.Jobs.Unrecorded;
        ImmutableSortedSet<JobId> witnessed = scans.Witnessed.Intersect(unrecorded);
        if (witnessed.Count != scans.Witnessed.Count)
        {
            scans = scans with { Witnessed = witnessed };
        }

        if (scans.Vanished.IsEmpty && unrecorded.IsEmpty)
        {
            scans = scans with { At = model.Provider is Up { Lent: not null } ? scans.At ?? now + s_whileLent : null };
        }

        if (scans.At <= now)
        {
            effects.Add(new ScanSteps());
            scans = scans with { At = null };
        }

        return scans == model.Jobs.Scans ? model : model with { Jobs = model.Jobs with { Scans = scans } };
    }
}
