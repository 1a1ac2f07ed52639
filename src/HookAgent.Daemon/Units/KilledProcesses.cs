using HookAgent.Core.Node;

namespace HookAgent.Daemon.Units;

/// <summary>
/// Lets killed processes end at once. A process that dies frees its memory and closes its files itself, for which it needs the
/// processor, and with CPUWeight=idle it gets next to none beside a job that computes: it is there for up to a minute longer.
/// The kernel, short of memory, passes over what is dying already, and kills the job. So the dying get a class that no weight
/// holds back (<see cref="DyingThread"/>).
/// <para>
/// It takes CAP_SYS_NICE. Where that is missing, or the kernel gives groups no real time (CONFIG_RT_GROUP_SCHED), they end as
/// slowly as before.
/// </para>
/// <para>
/// A thread of its own looks: a node may have thousands of threads, and be short of all that reading them needs. It is there from
/// the beginning, since a node that is short of memory may give no thread.
/// </para>
/// </summary>
internal sealed class KilledProcesses : IDisposable
{
    private static readonly TimeSpan s_lookAgainAfter = TimeSpan.FromMilliseconds(10);

    private readonly ControlGroups _groups;
    private readonly string _proc;
    private readonly TimeProvider _clock;

    /// <summary>By control group; the lock of all that both threads see.</summary>
    private readonly Dictionary<string, Known> _known = [];

    private bool _ended;

    /// <param name="proc">Where procfs is mounted.</param>
    public KilledProcesses(ControlGroups groups, string proc, TimeProvider clock)
    {
        _groups = groups;
        _proc = proc;
        _clock = clock;
        new Thread(Work, 256 * 1024) { IsBackground = true, Name = "killed" }.Start();
    }

    /// <summary>
    /// Takes down the processes of a group before they are killed: one that ends may not be found in it any more, and still have
    /// all its memory.
    /// </summary>
    public void Remember(string group)
    {
        HashSet<string> processes = _groups.ProcessesOf(group);
        lock (_known)
        {
            Of(group).Processes.UnionWith(processes);
        }
    }

    /// <summary>Hastens the end of the processes of a group, which get a SIGKILL about now, until none is left. Returns at once.</summary>
    public void Hasten(string group)
    {
        lock (_known)
        {
            Known known = Of(group);
            known.Asked = _clock.GetTimestamp();
            known.Awaits = true;
            Monitor.Pulse(_known);
        }
    }

    /// <summary>The group is gone.</summary>
    public void Forget(string group)
    {
        lock (_known)
        {
            _known.Remove(group);
        }
    }

    public void Dispose()
    {
        lock (_known)
        {
            _ended = true;
            Monitor.Pulse(_known);
        }
    }

    private void Work()
    {
        while (Due() is { Count: > 0 } groups)
        {
            long begun = _clock.GetTimestamp();
            foreach (string group in groups)
            {
                Look(group);
            }

            // At most half of the time: there is a job.
            TimeSpan took = _clock.GetElapsedTime(begun);
            Thread.Sleep(took > s_lookAgainAfter ? took : s_lookAgainAfter);
        }
    }

    /// <summary>The groups to look at now, waited for; empty at the end.</summary>
    private List<string> Due()
    {
        lock (_known)
        {
            List<string> due = [];
            while (true)
            {
                foreach ((string group, Known known) in _known)
                {
                    if (known.Awaits || (known.Asked is { } asked && _clock.GetElapsedTime(asked) < StopEscalation.StageTime))
                    {
                        due.Add(group);
                    }
                }

                if (_ended || due.Count > 0)
                {
                    return _ended ? [] : due;
                }

                Monitor.Wait(_known);
            }
        }
    }

    /// <summary>Once, and for no longer than the agent waits for the end of what it has killed.</summary>
    internal void Look(string group)
    {
        long begun = _clock.GetTimestamp();
        HashSet<string> processes = _groups.ProcessesOf(group);
        HashSet<string> gone = [];
        lock (_known)
        {
            if (_known.TryGetValue(group, out Known? known))
            {
                gone.UnionWith(known.Processes);
                known.Awaits = false;
            }
        }

        gone.ExceptWith(processes);
        gone.RemoveWhere(process => IsIn(group, process) && processes.Add(process));
        foreach (string process in processes)
        {
            if (_clock.GetElapsedTime(begun) < StopEscalation.StageTime)
            {
                HastenDyingOf(process);
            }
        }

        lock (_known)
        {
            if (_known.TryGetValue(group, out Known? known))
            {
                known.Processes.ExceptWith(gone);
                known.Processes.UnionWith(processes);
                if (known.Processes.Count == 0 && !known.Awaits)
                {
                    _known.Remove(group);
                }
            }
        }
    }

    private void HastenDyingOf(string process)
    {
        try
        {
            foreach (string thread in Directory.EnumerateDirectories(Path.Combine(_proc, process, "task")))
            {
                DyingThread.Hasten(thread);
            }
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // Nothing is left to hasten.
        }
    }

    /// <summary>Also one that ends is in its group (/proc/ID/cgroup of cgroups(7)). Its id may be another's by now.</summary>
    private bool IsIn(string group, string process)
    {
        try
        {
            return File.ReadLines(Path.Combine(_proc, process, "cgroup")).Any(line =>
                line.EndsWith($":{group}", StringComparison.Ordinal) || line.Contains($":{group}/", StringComparison.Ordinal));
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (Exception untold) when (untold is IOException or UnauthorizedAccessException)
        {
            // Short of memory for one. It is asked again with the next look.
            return true;
        }
    }

    private Known Of(string group)
    {
        if (!_known.TryGetValue(group, out Known? known))
        {
            _known.Add(group, known = new Known());
        }

        return known;
    }

    private sealed class Known
    {
        public HashSet<string> Processes { get; } = [];

        /// <summary>When their end was to be hastened last; null while nobody asks for that.</summary>
        public long? Asked { get; set; }

        /// <summary>It was not looked at since.</summary>
        public bool Awaits { get; set; }
    }
}
