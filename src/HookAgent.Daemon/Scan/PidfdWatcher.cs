using HookAgent.Core.Jobs;
using HookAgent.Core.Linux;
using HookAgent.Daemon.Linux;

namespace HookAgent.Daemon.Scan;

/// <summary>
/// Watches processes to their end through pidfds, so that nothing has to be polled. A process that has ended
/// makes its descriptor readable (pidfd_open(2)).
/// </summary>
internal sealed class PidfdWatcher : IDisposable
{
    private readonly Dictionary<int, int> _descriptors = [];

    /// <summary>Adds what to poll.</summary>
    public void Poll(List<PollEntry> poll)
    {
        foreach (int descriptor in _descriptors.Values)
        {
            poll.Add(PollEntry.ForReading(descriptor));
        }
    }

    /// <summary>
    /// Watches these and no others. False when one of them has ended already, or cannot be watched: then one
    /// must scan again.
    /// </summary>
    public bool Follow(IReadOnlyCollection<SlurmStep> steps, SlurmSteps source)
    {
        HashSet<int> wanted = [];
        foreach (SlurmStep step in steps)
        {
            wanted.Add(step.Process);
        }

        foreach (int process in Watched())
        {
            if (!wanted.Contains(process))
            {
                Drop(process);
            }
        }

        bool all = true;
        foreach (SlurmStep step in steps)
        {
            if (_descriptors.ContainsKey(step.Process))
            {
                continue;
            }

            int descriptor = LinuxCalls.ProcessOpen(step.Process);
            if (descriptor < 0)
            {
                all = false;
                continue;
            }

            _descriptors.Add(step.Process, descriptor);

            // The process id may have been another's by the time it was opened.
            all &= source.JobOf(step.Process) == step.Job;
        }

        return all;
    }

    public void Dispose()
    {
        foreach (int process in Watched())
        {
            Drop(process);
        }
    }

    private List<int> Watched() => [.. _descriptors.Keys];

    private void Drop(int process)
    {
        _ = Libc.Close(_descriptors[process]);
        _descriptors.Remove(process);
    }
}
