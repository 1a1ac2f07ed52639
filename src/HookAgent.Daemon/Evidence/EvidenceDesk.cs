using System.Collections.Immutable;
using HookAgent.Core.Jobs;
using HookAgent.Core.Node;
using HookAgent.Daemon.Journal;
using Microsoft.Extensions.Logging;

namespace HookAgent.Daemon.Evidence;

/// <summary>
/// Gathers what speaks for a job on this node: the job directory, and slurmstepd processes. Those of jobs
/// without a record are watched to their end, and then one looks again.
/// </summary>
internal sealed class EvidenceDesk(JobLook jobs, SlurmSteps steps, StepWatch watch, Action<NodeEvent> dispatch, ILogger logger)
{
    /// <summary>A process that ends while it is being watched makes for one more look; more than this is no coincidence.</summary>
    private const int MostLooks = 3;

    private ImmutableSortedSet<JobId> _told = [];

    public void Gather()
    {
        DirectoryRead directory = jobs.Look();
        List<SlurmStep> found = steps.Look();
        for (int look = 1; look < MostLooks && !watch.Follow(Orphans(found, directory), steps); look++)
        {
            found = steps.Look();
        }

        ImmutableSortedSet<JobId>.Builder orphans = ImmutableSortedSet.CreateBuilder<JobId>();
        ImmutableSortedSet<JobId>.Builder spanned = ImmutableSortedSet.CreateBuilder<JobId>();
        foreach (SlurmStep step in Orphans(found, directory))
        {
            orphans.Add(step.Job);
            if (step.SpansJob)
            {
                spanned.Add(step.Job);
            }
        }

        foreach (JobId job in orphans)
        {
            if (!_told.Contains(job))
            {
                logger.StepWithoutRecord(job);
            }
        }

        _told = orphans.ToImmutable();
        dispatch(directory);
        dispatch(new StepsScanned(_told, spanned.ToImmutable()));
    }

    private static List<SlurmStep> Orphans(List<SlurmStep> found, DirectoryRead directory) =>
        found.FindAll(step => !directory.Recorded.ContainsKey(step.Job));
}
