using System.Globalization;
using HookAgent.Ctl.Host;

namespace HookAgent.Ctl.Doctor;

/// <summary>
/// Whether hookagentd sees the processes of a job, by which it finds one that no hook told of. With <c>hidepid=</c> (proc(5))
/// even root sees those of others only by CAP_SYS_PTRACE, which hookagentd does not have, or as a member of the group of
/// <c>gid=</c>. From Linux 5.8 on the /proc that systemd mounts for hookagentd has options of its own, and hides nothing.
/// </summary>
internal static class ProcessChecks
{
    /// <summary>The number of CAP_SYS_PTRACE (linux/capability.h).</summary>
    private const int SysPtrace = 19;

    public static Finding Of(SystemRoot root)
    {
        const string check = "processes";
        if (Agent(root) is not var (process, status))
        {
            return Finding.Unseen(check, "hookagentd is not among the processes that you see: only root sees whether it sees those of jobs");
        }

        if (MountTable.FileSystemOptions(root, process, "/proc") is not { } options)
        {
            return Finding.Unseen(check, "only root sees whether hookagentd sees the processes of jobs");
        }

        string? hidden = Hidden(root, process);
        string group = Value(options, "gid") ?? "0";
        bool isPtraceableAlone = hidden is "4" or "ptraceable";
        if (hidden is null || MayTrace(status) || (!isPtraceableAlone && Groups(status).Contains(group)))
        {
            return Finding.Ok(check, "hookagentd sees those of jobs");
        }

        // systemd takes no number of a group that has no name.
        string line = !isPtraceableAlone && HasName(root, group) ? $"SupplementaryGroups={group}" : "CapabilityBoundingSet=CAP_SYS_PTRACE";
        return Finding.Warning(
            check,
            $"/proc is mounted with hidepid={hidden}{(isPtraceableAlone ? "" : $",gid={group}")}, and hookagentd does not see the processes of jobs: it does not find a job that no hook told of",
            Fixes.Edit("hookagentd", "Service", [line], ", then systemctl restart hookagentd"));
    }

    /// <summary>The value of hidepid= by which the /proc that a process sees hides others; null where it hides none, or its table cannot be read.</summary>
    /// <param name="process">Its id; null for hookctl's.</param>
    public static string? Hidden(SystemRoot root, int? process) =>
        MountTable.FileSystemOptions(root, process, "/proc") is { } options && Value(options, "hidepid") is { } hidden and not ("0" or "off") ? hidden : null;

    private static string? Value(IReadOnlyList<string> options, string key) =>
        options.FirstOrDefault(option => option.StartsWith($"{key}=", StringComparison.Ordinal))?[(key.Length + 1)..];

    /// <summary>hookagentd's process, and its proc_pid_status(5); null where it does not run, or is hidden from us.</summary>
    private static (int Process, string[] Status)? Agent(SystemRoot root)
    {
        foreach (string comm in root.Glob("/proc/[0-9]*/comm"))
        {
            string folder = Path.GetDirectoryName(comm)!;
            if (root.TryReadText(comm, out _) == "hookagentd\n"
                && root.TryReadText($"{folder}/status", out _)?.Split('\n') is { } status && Words(status, "Uid:") is ["0", ..]
                && int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out int process))
            {
                return (process, status);
            }
        }

        return null;
    }

    private static string[] Groups(string[] status) => [.. Words(status, "Gid:").Skip(3), .. Words(status, "Groups:")];

    private static bool MayTrace(string[] status) =>
        Words(status, "CapEff:") is [var set] && ulong.TryParse(set, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong bits) && (bits >> SysPtrace & 1) == 1;

    private static bool HasName(SystemRoot root, string group) =>
        root.TryReadText("/etc/group", out _)?.Split('\n').Any(line => line.Split(':') is [_, _, var number, ..] && number == group) == true;

    private static string[] Words(string[] status, string key) =>
        status.FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal))?[key.Length..].Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries) ?? [];
}
