using System.Globalization;

namespace HookAgent.Bus.Sd;

/// <summary>
/// What a service tells systemd about itself (sd_notify(3)). Does nothing where no service manager asked for
/// it ($NOTIFY_SOCKET). Errors are ignored: the manager draws its own conclusions from what it does not hear.
/// </summary>
public static unsafe class ServiceNotify
{
    /// <summary>
    /// How often <see cref="Watchdog"/> must be called at the least (twice as often is advised); null where
    /// the unit has no WatchdogSec= (sd_watchdog_enabled(3)).
    /// </summary>
    public static TimeSpan? WatchdogInterval
    {
        get
        {
            ulong usec;
            return LibSystemd.sd_watchdog_enabled(0, &usec) > 0 ? TimeSpan.FromMicroseconds(usec) : null;
        }
    }

    public static void Ready(string status) => Send($"READY=1\nSTATUS={OneLine(status)}");

    /// <summary>A reload begins; <see cref="Ready"/> ends it.</summary>
    public static void Reloading() =>
        Send(string.Create(CultureInfo.InvariantCulture, $"RELOADING=1\nMONOTONIC_USEC={MonotonicClock.NowUsec()}"));

    public static void Stopping(string status) => Send($"STOPPING=1\nSTATUS={OneLine(status)}");

    /// <summary>One line for "systemctl status".</summary>
    public static void Status(string status) => Send($"STATUS={OneLine(status)}");

    public static void Watchdog() => Send("WATCHDOG=1");

    /// <summary>A line break would begin another assignment.</summary>
    private static string OneLine(string text) => text.ReplaceLineEndings(" ");

    private static void Send(string state) => _ = LibSystemd.sd_notify(0, state);
}
