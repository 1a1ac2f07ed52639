using HookAgent.Core.Settings;

namespace HookAgent.Ctl.Doctor;

/// <summary>The records of what happened: whether the journal outlasts a boot, and whether the metrics file can be written.</summary>
internal static class JournalChecks
{
    private const string OnDisk = "/var/log/journal";
    private const string InMemory = "/run/log/journal";

    /// <summary>The file that is written to (systemd-journald.service(8)).</summary>
    private const string Current = "system.journal";

    private const string Keep = "Storage=persistent in journald.conf, then systemctl restart systemd-journald && journalctl --flush";

    public static IEnumerable<Finding> Of(NodeFacts facts) => [OfJournal(facts), OfMetrics(facts)];

    private static Finding OfJournal(NodeFacts facts)
    {
        const string check = "journal";
        string machine = facts.Root.TryReadText("/etc/machine-id", out _)?.Trim() ?? "";
        bool isOnDisk = facts.Root.IsFolder($"{OnDisk}/{machine}");

        // Once it is on disk journald removes the one in memory, but not one of before its restart: the newer counts.
        bool isInMemory = facts.Root.IsFolder($"{InMemory}/{machine}")
            && !(facts.Root.Changed($"{OnDisk}/{machine}/{Current}") > facts.Root.Changed($"{InMemory}/{machine}/{Current}"));
        return (machine.Length, isOnDisk, isInMemory) switch
        {
            (0, _, _) => Finding.Unseen(check, "/etc/machine-id cannot be read"),
            (_, true, false) => Finding.Ok(check, $"is kept across boots, in {OnDisk}"),
            (_, true, true) => Finding.Warning(check, $"{OnDisk} is there, but journald writes to memory", Keep),
            (_, false, false) => Finding.Warning(
                check,
                "is not kept at all (Storage=none, or journald does not run): 'hookctl report' sees nothing",
                Keep),
            (_, false, true) => Finding.Warning(
                check,
                "is lost at each boot: 'hookctl report' sees the current boot alone",
                // Where the folder is there and unused, Storage=volatile keeps journald from it (journald.conf(5)).
                facts.Root.IsFolder(OnDisk)
                    ? Keep
                    : $"mkdir -p {OnDisk} && systemctl restart systemd-journald && journalctl --flush"),
        };
    }

    private static Finding OfMetrics(NodeFacts facts)
    {
        const string check = "metrics";
        if (facts.Set.MetricsTextFile is not { } file)
        {
            return Finding.Ok(check, "are off (TextFile= is empty)");
        }

        string folder = Path.GetDirectoryName(file) ?? "/";
        if (!facts.Root.IsFolder(folder))
        {
            return file == AgentSettings.Defaults.MetricsTextFile
                ? Finding.Ok(check, $"are not written: there is no {folder}, which Debian's prometheus-node-exporter brings")
                : Finding.Warning(check, $"are not written: there is no {folder} (TextFile=)", $"mkdir -p {folder}, or empty TextFile= in hookagent.conf");
        }

        return facts.Agent is { } agent && !agent.ReadWritePaths.Any(path => IsWithin(folder, path.TrimStart('-', '+')))
            ? Finding.Warning(check, $"hookagentd.service may not write {folder} (TextFile=)", Fixes.Edit("hookagentd", "Service", [$"ReadWritePaths={folder}"], ", then systemctl restart hookagentd"))
            : Finding.Ok(check, $"are written where the node exporter reads them ({file})");
    }

    private static bool IsWithin(string folder, string path) =>
        folder == path || folder.StartsWith($"{path.TrimEnd('/')}/", StringComparison.Ordinal);
}
