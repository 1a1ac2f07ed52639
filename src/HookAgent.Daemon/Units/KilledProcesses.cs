using System.Globalization;
using HookAgent.Core.Linux;
using HookAgent.Core.Node;
using HookAgent.Daemon.Linux;

namespace HookAgent.Daemon.Units;

/// <summary>
/// Lets killed processes end at once. A process that dies frees its memory and closes its files itself, for which it needs the
/// processor, and with CPUWeight=idle it gets next to none beside a job that computes: it is there for up to a minute longer.
/// The kernel, short of memory, passes over what is dying already, and kills the job. So the dying get a class that no weight
/// holds back (SCHED_RR of sched(7)). They do nothing any more but end: a thread that is not dying is let be.
/// <para>
/// It takes CAP_SYS_NICE. Where that is missing, or the kernel gives groups no real time (CONFIG_RT_GROUP_SCHED), they end as
/// slowly as before.
/// </para>
/// </summary>
/// <param name="controlGroups">Where the control groups are mounted.</param>
/// <param name="proc">Where procfs is mounted.</param>
internal sealed unsafe class KilledProcesses(string controlGroups, string proc) : IDisposable
{
    private const uint Modified = 0x2;

    /// <summary>What was started in the moment of the signal is seen at the next look.</summary>
    private static readonly TimeSpan s_lookAgainAfter = TimeSpan.FromMilliseconds(10);

    private readonly int _inotify = LinuxCalls.WatchCreate(LinuxCalls.NonBlockingCloseOnExec);
    private string? _watched;
    private string _kills = "";
    private int _watch = -1;
    private bool _heeds;

    /// <summary>
    /// Has something to read when the kernel may have killed in the watched group. -1, which poll(2) passes over, until
    /// <see cref="Heed"/>, and where the kernel gave none.
    /// </summary>
    public int Descriptor => _heeds ? _inotify : -1;

    /// <summary>
    /// Watches for each process that the kernel kills in a group to get memory (memory.events of cgroups(7)'s version 2), until
    /// <see cref="Forget"/>. The kernel may refuse one more watch, and version 1 has no such file: then only what the agent kills
    /// ends at once.
    /// </summary>
    /// <param name="group">As systemd tells it, "/hookagent.slice/wasimoff-provider.service".</param>
    public void Watch(string group)
    {
        if (_watched is null)
        {
            _kills = KillsIn(group);
            _watch = LinuxCalls.WatchAdd(_inotify, EventsOf(group), Modified);
            _watched = _watch < 0 ? null : group;
        }
    }

    /// <summary>
    /// From now until <see cref="Forget"/> the agent is woken for it. What happened before is one event: the kernel keeps one of
    /// equal ones (inotify(7)).
    /// </summary>
    public void Heed() => _heeds = true;

    public void Forget()
    {
        _heeds = false;
        if (_watched is not null)
        {
            // The group may be gone, and its watch with it.
            _ = LinuxCalls.WatchRemove(_inotify, _watch);
            _watched = null;
        }
    }

    /// <summary>Something was there to read.</summary>
    public void Heard()
    {
        byte* events = stackalloc byte[4096];
        while (Libc.Read(_inotify, events, 4096) > 0)
        {
            // Only that something happened counts.
        }

        // A group at its limit makes for a hundred events a second that are no kill.
        if (_watched is { } group && KillsIn(group) is var kills && kills != _kills)
        {
            _kills = kills;
            Hasten(group);
        }
    }

    /// <summary>Hastens the end of the processes of a group, which have just got a SIGKILL, until none is left. Returns at once.</summary>
    public void Hasten(string group)
    {
        // Not on the loop: a node may have thousands of threads, and be short of all that reading them needs.
        new Thread(Run, 256 * 1024) { IsBackground = true, Name = "killed" }.Start();

        void Run()
        {
            for (TimeSpan past = TimeSpan.Zero; HastenThose(group) && past < StopEscalation.StageTime; past += s_lookAgainAfter)
            {
                Thread.Sleep(s_lookAgainAfter);
            }
        }
    }

    public void Dispose() => _ = Libc.Close(_inotify);

    /// <returns>Whether the group has any process.</returns>
    private bool HastenThose(string group)
    {
        List<string> processes = [];
        Read(() => processes.AddRange(
            Directory.EnumerateFiles(FolderOf(group), "cgroup.procs", SearchOption.AllDirectories).SelectMany(File.ReadLines)));
        foreach (string process in processes)
        {
            List<string> threads = [];
            Read(() => threads.AddRange(Directory.EnumerateDirectories(Path.Combine(proc, process, "task"))));
            threads.ForEach(static thread => Read(() => HastenIfDying(thread)));
        }

        return processes.Count > 0;
    }

    private static void HastenIfDying(string thread)
    {
        const int roundRobin = 2;
        if (IsDying(thread) && int.TryParse(Path.GetFileName(thread), NumberStyles.None, CultureInfo.InvariantCulture, out int id))
        {
            int priority = 1;
            _ = LinuxCalls.SetScheduler(id, roundRobin, &priority);
        }
    }

    /// <summary>
    /// It ends, or has taken the signal that it ends by (PF_EXITING and PF_SIGNALED of linux/sched.h), or has a SIGKILL that it
    /// has not taken yet (proc_pid_status(5)).
    /// </summary>
    private static bool IsDying(string thread)
    {
        const int flagsField = 9;
        const uint exiting = 0x4;
        const uint signaled = 0x400;
        string flags = ProcessStat.Field(File.ReadAllText(Path.Combine(thread, "stat")), flagsField);
        if ((uint.Parse(flags, CultureInfo.InvariantCulture) & (exiting | signaled)) != 0)
        {
            return true;
        }

        const ulong sigkill = 1 << 8;
        const string pending = "SigPnd:\t";
        string signals = File.ReadLines(Path.Combine(thread, "status")).First(static line => line.StartsWith(pending, StringComparison.Ordinal));
        return (ulong.Parse(signals.AsSpan(pending.Length), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & sigkill) != 0;
    }

    /// <summary>A group goes with its last process, and those when they like.</summary>
    private static void Read(Action read)
    {
        try
        {
            read();
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // There is nothing left to hasten.
        }
    }

    /// <summary>The line of memory.events that counts them; empty where there is none.</summary>
    private string KillsIn(string group)
    {
        string line = "";
        Read(() => line = File.ReadLines(EventsOf(group)).FirstOrDefault(static line => line.StartsWith("oom_kill ", StringComparison.Ordinal), ""));
        return line;
    }

    private string EventsOf(string group) => Path.Combine(FolderOf(group), "memory.events");

    /// <summary>systemd has its groups at the root of the mount, or, with those of version 1, in a hierarchy of its own.</summary>
    private string FolderOf(string group) =>
        Path.Combine(controlGroups, File.Exists(Path.Combine(controlGroups, "cgroup.controllers")) ? "." : "systemd", group.TrimStart('/'));
}
