namespace HookAgent.Ctl.Doctor;

/// <summary>Whether the journal outlasts a boot: what hookagentd tells goes there, and report reads it there.</summary>
internal static class JournalCheck
{
    private const string OnDisk = "/var/log/journal";

    public static IEnumerable<Finding> Of(NodeFacts facts)
    {
        const string check = "journal";
        string machine = facts.Root.TryReadText("/etc/machine-id", out _)?.Trim() ?? "";
        bool isOnDisk = facts.Root.IsFolder($"{OnDisk}/{machine}");

        // Once it is on disk journald removes the one in memory (systemd-journald.service(8)).
        bool isInMemory = facts.Root.IsFolder($"/run/log/journal/{machine}");
        yield return (machine.Length, isOnDisk, isInMemory) switch
        {
            (0, _, _) => Finding.Unseen(check, "/etc/machine-id cannot be read"),
            (_, true, false) => Finding.Ok(check, $"is kept over a boot, in {OnDisk}"),
            (_, true, true) => Finding.Warning(check, $"{OnDisk} is there, but journald writes to memory", "journalctl --flush, and Storage=persistent in journald.conf"),
            (_, false, _) => Finding.Warning(
                check,
                "ends with each boot, and what happened before it is lost to 'hookctl report'",
                // Where the folder is there and unused, Storage=volatile keeps journald from it (journald.conf(5)).
                facts.Root.IsFolder(OnDisk)
                    ? "Storage=persistent in journald.conf, then systemctl restart systemd-journald && journalctl --flush"
                    : $"mkdir -p {OnDisk} && systemctl restart systemd-journald && journalctl --flush"),
        };
    }
}
