using System.Collections.Immutable;
using HookAgent.Core.Jobs;
using HookAgent.Core.Time;

namespace HookAgent.Core.Node;

/// <summary>
/// What slurmstepd processes have told, or are still to tell, of jobs without a record. A job runs on whose record
/// disappeared without its JobEnded and that has one. It then counts until its JobEnded, or until the last slurmstepd of
/// it ends if one that lasts as long as the job was among them: between the steps of an allocation there is none.
/// </summary>
public sealed record StepLooks
{
    /// <summary>
    /// How long an Epilog's nudge may come after its record is gone: some milliseconds, or never. And the first look for
    /// the slurmstepd of a job whose Prolog could not write its record.
    /// </summary>
    private static readonly TimeSpan s_first = TimeSpan.FromSeconds(1);

    /// <summary>Each look for a slurmstepd that lasts as long as its job comes twice as late as the one before, up to this.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(10);

    public static StepLooks None { get; } = new();

    /// <summary>Jobs whose record disappeared without their JobEnded, and of which no slurmstepd has been looked for yet.</summary>
    public ImmutableSortedSet<JobId> Vanished { get; init; } = [];

    /// <summary>Jobs without a record of which a slurmstepd has been seen that lasts as long as they do.</summary>
    public ImmutableSortedSet<JobId> Witnessed { get; init; } = [];

    /// <summary>When to look next; null while nothing is to be seen, or while a look is under way.</summary>
    public BootTime? At { get; init; }

    private TimeSpan Wait { get; init; } = s_first;

    /// <summary>A look soon: there is a job of which nothing is known but that it began, or that its record is gone.</summary>
    internal StepLooks Soon(BootTime now) => this with { At = At < now + s_first ? At : now + s_first, Wait = s_first };

    /// <summary>The Epilog of a job has spoken.</summary>
    internal StepLooks Without(JobId job) => this with { Vanished = Vanished.Remove(job) };

    /// <summary>All has been looked at; the jobs without a record that were not seen for their whole life are looked for again.</summary>
    internal StepLooks Looked(ImmutableSortedSet<JobId> witnessed, ImmutableSortedSet<JobId> unrecorded, BootTime now) =>
        unrecorded.Except(witnessed).IsEmpty
            ? None with { Witnessed = witnessed }
            : new StepLooks { Witnessed = witnessed, At = now + Wait, Wait = Wait * 2 < s_longest ? Wait * 2 : s_longest };

    /// <summary>Asks for a look that is due.</summary>
    internal static NodeModel Ask(NodeModel model, BootTime now, List<NodeEffect> effects)
    {
        StepLooks looks = model.StepLooks;
        ImmutableSortedSet<JobId> witnessed = looks.Witnessed.Intersect(model.Unrecorded);
        if (witnessed.Count != looks.Witnessed.Count)
        {
            looks = looks with { Witnessed = witnessed };
        }

        if (looks.At is not null && looks.Vanished.IsEmpty && model.Unrecorded.IsEmpty)
        {
            looks = looks with { At = null };
        }

        if (looks.At <= now)
        {
            effects.Add(new GatherEvidence());
            looks = looks with { At = null };
        }

        return looks == model.StepLooks ? model : model with { StepLooks = looks };
    }
}
