using System.Globalization;
using HookAgent.Bus.Wire;
using Microsoft.Extensions.Hosting.Systemd;

namespace HookAgent.Daemon.Notify;

/// <summary>What there is to tell systemd beside READY and STOPPING (sd_notify(3)).</summary>
internal static class ServiceStates
{
    public static ServiceState Watchdog { get; } = new("WATCHDOG=1");

    /// <summary>A reload begins; <see cref="ServiceState.Ready"/> ends it.</summary>
    public static ServiceState Reloading() =>
        new(string.Create(CultureInfo.InvariantCulture, $"RELOADING=1\nMONOTONIC_USEC={MonotonicClock.NowUsec()}"));

    /// <summary>One line for "systemctl status"; a line break would begin another assignment.</summary>
    public static ServiceState Status(string line) => new($"STATUS={line.ReplaceLineEndings(" ")}");
}
