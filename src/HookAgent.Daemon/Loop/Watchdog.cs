using HookAgent.Bus.Sd;
using HookAgent.Core.Time;

namespace HookAgent.Daemon.Loop;

/// <summary>Tells systemd that the loop goes round, twice as often as it wants to hear it (sd_watchdog_enabled(3)).</summary>
internal sealed class Watchdog
{
    private readonly TimeSpan? _interval = ServiceNotify.WatchdogInterval / 2;

    public Watchdog(BootTime now) => Next = now + _interval;

    /// <summary>When it is due; null where systemd does not ask for it.</summary>
    public BootTime? Next { get; private set; }

    public void Feed(BootTime now)
    {
        if (Next <= now)
        {
            ServiceNotify.Watchdog();
            Next = now + _interval;
        }
    }
}
