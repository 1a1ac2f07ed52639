using System.Collections.Immutable;
using HookAgent.Core.Jobs;
using HookAgent.Core.Node;
using HookAgent.Core.Time;
using HookAgent.Daemon.Journal;
using Microsoft.Extensions.Logging;

namespace HookAgent.Daemon.Scan;

/// <summary>
/// Scans for slurmstepd processes, with the job directory read at the same moment. Those of jobs without a record are
/// watched to their end, which makes for another scan. Where one cannot be watched (a kernel before 5.3 has no pidfd_open,
/// the agent may be out of descriptors), time makes for it, or a step that has ended would keep the node for ever.
/// </summary>
internal sealed class StepScanner(
    DirectoryScanner directory, SlurmSteps steps, PidfdWatcher watch, Action<NodeEvent> dispatch, TimeProvider clock, ILogger logger)
{
    private static readonly TimeSpan s_rescanAfter = TimeSpan.FromSeconds(5);

    /// <summary>A process that ends while it is being watched makes for one more scan; more than this is no coincidence.</summary>
    private const int MostScans = 3;

    private ImmutableSortedSet<JobId> _told = [];

    /// <summary>When to scan again; null while the end of every step is seen.</summary>
    public BootTime? RescanAt { get; private set; }

    public void Scan()
    {
        DirectoryRead read = directory.Scan();
        List<SlurmStep> found;
        bool watched;
        int scans = 0;
        do
        {
            found = steps.Scan();
            if (Orphans(found, read).Count > 0)
            {
                // A job may have come since the directory was read.
                read = directory.Scan();
            }

            watched = watch.Follow(Orphans(found, read), steps);
        }
        while (!watched && ++scans < MostScans);

        RescanAt = watched ? null : BootTime.Now(clock) + s_rescanAfter;

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
