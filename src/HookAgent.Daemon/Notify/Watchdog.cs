using System.Globalization;
using HookAgent.Core.Time;
using Microsoft.Extensions.Hosting.Systemd;

namespace HookAgent.Daemon.Notify;

/// <summary>
/// Tells systemd that the loop goes round, twice as often as it wants to hear it (sd_watchdog_enabled(3)). From the loop
/// itself, so that one that hangs is not well.
/// </summary>
/// <param name="interval">How often systemd wants to hear it; null where it does not.</param>
internal sealed class Watchdog(ISystemdNotifier notifier, TimeSpan? interval, TimeProvider clock)
{
    /// <summary>When it is due; null where systemd does not ask for it.</summary>
    public BootTime? Next { get; private set; } = BootTime.Now(clock) + (interval / 2);

    /// <summary>What systemd asked of this process in its environment; null for nothing.</summary>
    public static TimeSpan? Interval =>
        ulong.TryParse(Environment.GetEnvironmentVariable("WATCHDOG_USEC"), CultureInfo.InvariantCulture, out ulong usec)
        && usec is > 0 and < long.MaxValue
        && (Environment.GetEnvironmentVariable("WATCHDOG_PID") is not { Length: > 0 } asked
            || asked == Environment.ProcessId.ToString(CultureInfo.InvariantCulture))
            ? TimeSpan.FromMicroseconds(usec)
            : null;

    /// <summary>Tells it, and is due again later.</summary>
    public void Feed()
    {
        notifier.Notify(ServiceStates.Watchdog);
        Next = BootTime.Now(clock) + (interval / 2);
    }
}
