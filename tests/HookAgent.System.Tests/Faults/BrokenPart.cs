namespace HookAgent.SystemTests.Faults;

/// <summary>A part of the node that is broken while jobs come and go, and how it is put right again.</summary>
/// <param name="JobSeconds">How long a job must run to see the provider go under this fault.</param>
internal sealed record BrokenPart(string Name, double JobSeconds, string Break, string Mend)
{
    public const string HungDaemon = "SIGSTOP of the daemon";

    /// <summary>No message more fits into its socket, so that whoever waits for it waits long.</summary>
    private const string FillJournal =
        """perl -MSocket -e 'socket S, PF_UNIX, SOCK_DGRAM, 0 and connect S, sockaddr_un("/run/systemd/journal/socket") or die; $full = 0; for (1..100_000) { $full ||= !send S, "MESSAGE=x\n", 0x40 } $full or die "not full"'""";

    /// <summary>By name, for tests that take it as their argument.</summary>
    public static IReadOnlyDictionary<string, BrokenPart> All { get; } = new BrokenPart[]
    {
        new("daemon stopped", 0.5, "systemctl stop hookagentd", "systemctl start hookagentd"),
        new("SIGKILL of the daemon", 1, Signal("KILL", "hookagentd"), "true"),
        new(HungDaemon, 14, Signal("STOP", "hookagentd"), Signal("CONT", "hookagentd")),
        new("bus stopped", 4, "systemctl stop dbus.socket dbus.service", "systemctl start dbus.socket dbus.service"),
        new("SIGKILL of the bus", 4, Signal("KILL", "dbus"), "systemctl start dbus"),
        new("SIGSTOP of the bus", 14, Signal("STOP", "dbus"), Signal("CONT", "dbus")),
        new("SIGKILL of journald", 1, Signal("KILL", "systemd-journald"), "systemctl start systemd-journald"),
        new("SIGSTOP of journald, its socket full", 2, $"{Signal("STOP", "systemd-journald")} && {FillJournal}", Signal("CONT", "systemd-journald")),
        new("/run/hookagent deleted", 1,
            "rm -r /run/hookagent",
            "systemd-tmpfiles --create hookagent.conf && systemctl restart hookagentd && hookctl reconcile"),

        // The tmpfs is made small before it is filled: its memory is the machine's.
        new("/run full", 1,
            "mount -o remount,size=$(($(df --output=used -k /run | tail -n 1) + 1024))k /run; dd if=/dev/zero of=/run/fill bs=4k count=4096 status=none; test \"$(df --output=avail /run | tail -n 1)\" -eq 0",
            "rm /run/fill; mount -o remount,size=512m /run"),
    }.ToDictionary(part => part.Name);

    private static string Signal(string signal, string unit) => $"systemctl kill --kill-who=main --signal={signal} {unit}";
}
