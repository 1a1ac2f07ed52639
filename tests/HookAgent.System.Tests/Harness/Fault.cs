namespace HookAgent.SystemTests.Harness;

/// <summary>Something that goes wrong on a node, and how it is put right again.</summary>
/// <param name="JobSeconds">How long a job must run to see the provider go under this fault.</param>
internal sealed record Fault(string Name, double JobSeconds, string Break, string Mend)
{
    /// <summary>By name, for tests that take it as their argument.</summary>
    public static IReadOnlyDictionary<string, Fault> All { get; } = new Fault[]
    {
        new("daemon stopped", 0.5, "systemctl stop hookagentd", "systemctl start hookagentd"),
        new("daemon under SIGSTOP", 14,
            "systemctl kill --kill-whom=main --signal=STOP hookagentd",
            "systemctl kill --kill-whom=main --signal=CONT hookagentd"),
        new("bus stopped", 4, "systemctl stop dbus.socket dbus.service", "systemctl start dbus.socket dbus.service"),
        new("bus under SIGSTOP", 14,
            "systemctl kill --kill-whom=main --signal=STOP dbus",
            "systemctl kill --kill-whom=main --signal=CONT dbus"),
        new("/run/hookagent deleted", 1,
            "rm -r /run/hookagent",
            "systemd-tmpfiles --create hookagent.conf && systemctl restart hookagentd && hookctl reconcile"),

        // The tmpfs is made small before it is filled: its memory is the machine's.
        new("/run full", 1,
            "mount -o remount,size=$(($(df --output=used -k /run | tail -n 1) + 1024))k /run; dd if=/dev/zero of=/run/fill bs=4k count=4096 status=none; test \"$(df --output=avail /run | tail -n 1)\" -eq 0",
            "rm /run/fill; mount -o remount,size=512m /run"),
    }.ToDictionary(fault => fault.Name);
}
