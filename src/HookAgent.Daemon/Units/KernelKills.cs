using HookAgent.Core.Linux;
using HookAgent.Daemon.Linux;

namespace HookAgent.Daemon.Units;

/// <summary>
/// Hears of each process that the kernel kills in the unit's control group to get memory: the job that has come may want what
/// it still has. The kernel may refuse one more watch, and version 1 of control groups tells nothing: then only what the agent
/// kills ends at once.
/// </summary>
/// <param name="killed">Is told the group.</param>
internal sealed unsafe class KernelKills(ControlGroups groups, Action<string> killed) : IDisposable
{
    private const uint Modified = 0x2;

    private readonly int _inotify = LinuxCalls.WatchCreate(LinuxCalls.NonBlockingCloseOnExec);
    private string? _watched;
    private string _kills = "";
    private int _watch = -1;

    /// <summary>Whether the agent is woken for it: while the unit stops. One that lives at its limit makes a hundred events a second.</summary>
    public bool Heeded { get; set; }

    /// <summary>Has something to read when the kernel may have killed; -1, which poll(2) passes over, where nobody heeds that.</summary>
    public int Descriptor => Heeded ? _inotify : -1;

    /// <summary>
    /// Watches a group until <see cref="Forget"/>, also one that was made anew by the same name. What happens before it is heeded
    /// is one event: the kernel keeps one of equal ones (inotify(7)).
    /// </summary>
    public void Watch(string group)
    {
        int watch = LinuxCalls.WatchAdd(_inotify, groups.MemoryEventsOf(group), Modified);
        if (watch != _watch || group != _watched)
        {
            _watch = watch;
            _watched = watch < 0 ? null : group;
            _kills = groups.KillsIn(group);
        }
    }

    public void Forget()
    {
        if (_watched is not null)
        {
            // The group may be gone, and its watch with it.
            _ = LinuxCalls.WatchRemove(_inotify, _watch);
            _watched = null;
            _watch = -1;
            Drain();
        }
    }

    /// <summary>Something was there to read.</summary>
    public void Heard()
    {
        Drain();
        if (_watched is { } group && groups.KillsIn(group) is var kills && kills != _kills)
        {
            _kills = kills;
            killed(group);
        }
    }

    public void Dispose() => _ = Libc.Close(_inotify);

    private void Drain()
    {
        byte* events = stackalloc byte[4096];
        while (Libc.Read(_inotify, events, 4096) > 0)
        {
            // Only that something happened counts.
        }
    }
}
