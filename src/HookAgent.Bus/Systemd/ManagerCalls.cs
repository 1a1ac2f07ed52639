using HookAgent.Bus.Wire;
using Tmds.DBus.Protocol;

namespace HookAgent.Bus.Systemd;

/// <summary>Calls of systemd's manager, also for those who wait for the answer.</summary>
public static class ManagerCalls
{
    /// <summary>Has systemd read all unit files anew. It answers when that is done.</summary>
    public static BusCall Reload { get; } = new(SystemdNames.BusName, SystemdNames.ManagerPath, SystemdNames.ManagerInterface, "Reload");

    /// <summary>
    /// The units that systemd has loaded and whose names match one of the patterns (fnmatch(3)), in any order; the answer is
    /// read by <see cref="UnitListEntry.TryReadAll"/>.
    /// </summary>
    public static BusCall ListMatchingUnits(params string[] patterns) =>
        new(SystemdNames.BusName, SystemdNames.ManagerPath, SystemdNames.ManagerInterface, "ListUnitsByPatterns", "asas", (ref MessageWriter body) =>
        {
            body.WriteArray(Array.Empty<string>());
            body.WriteArray(patterns);
        });

    /// <summary>Queues a stop, in place of whatever is queued for the unit.</summary>
    public static BusCall StopUnit(string unit) =>
        new(SystemdNames.BusName, SystemdNames.ManagerPath, SystemdNames.ManagerInterface, "StopUnit", "ss", (ref MessageWriter body) =>
        {
            body.WriteString(unit);
            body.WriteString("replace");
        });
}
