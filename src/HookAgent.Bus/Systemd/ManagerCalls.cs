using HookAgent.Bus.Wire;
using Tmds.DBus.Protocol;

namespace HookAgent.Bus.Systemd;

/// <summary>Calls of systemd's manager for those who wait for the answer.</summary>
public static class ManagerCalls
{
    /// <summary>Has systemd read all unit files anew. It answers when that is done.</summary>
    public static BusCall Reload { get; } = new(SystemdNames.BusName, SystemdNames.ManagerPath, SystemdNames.ManagerInterface, "Reload");

    /// <summary>Queues a stop, in place of whatever is queued for the unit.</summary>
    public static BusCall StopUnit(string unit) =>
        new(SystemdNames.BusName, SystemdNames.ManagerPath, SystemdNames.ManagerInterface, "StopUnit", "ss", (ref MessageWriter body) =>
        {
            body.WriteString(unit);
            body.WriteString("replace");
        });
}
