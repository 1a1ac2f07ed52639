using System.Collections.Immutable;
using HookAgent.Core.Jobs;
using HookAgent.Core.Node;
using HookAgent.Daemon.Journal;
using Microsoft.Extensions.Logging;

namespace HookAgent.Daemon.Scan;

/// <summary>
/// Scans for slurmstepd processes, with the job directory read at the same moment. Those of jobs without a record are
/// watched to their end, which makes for another scan.
/// </summary>
internal sealed class StepScanner(DirectoryScanner directory, SlurmSteps steps, PidfdWatcher watch, Action<NodeEvent> dispatch, ILogger logger)
{
    /// <summary>A process that ends while it is being watched makes for one more scan; more than this is no coincidence.</summary>
    private const int MostScans = 3;

    private ImmutableSortedSet<JobId> _told = [];

    public void Scan()
    {
        DirectoryRead read = directory.Scan();
        List<SlurmStep> found = steps.Scan();
        for (int scan = 1; scan < MostScans && !watch.Follow(Orphans(found, read), steps); scan++)
        {
            found = steps.Scan();
        }

        ImmutableSortedSet<JobId>.Builder orphans = ImmutableSortedSet.CreateBuilder<JobId>();
        ImmutableSortedSet<JobId>.Builder spanned = ImmutableSortedSet.CreateBuilder<JobId>();
        foreach (SlurmStep step in Orphans(found, read))
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
        dispatch(read);
        dispatch(new StepsScanned(_told, spanned.ToImmutable()));
    }

    private static List<SlurmStep> Orphans(List<SlurmStep> found, DirectoryRead read) =>
        found.FindAll(step => !read.Recorded.ContainsKey(step.Job));
}
