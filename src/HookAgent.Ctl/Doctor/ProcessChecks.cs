using System.Globalization;
using HookAgent.Ctl.Host;

namespace HookAgent.Ctl.Doctor;

/// <summary>
/// Whether hookagentd sees the processes of a job, by which it finds one that no hook told of. With <c>hidepid=</c> (proc(5))
/// even root sees those of others only by CAP_SYS_PTRACE, which hookagentd does not have, or as a member of the group of <c>gid=</c>.
/// </summary>
internal static class ProcessChecks
{
    /// <summary>The number of CAP_SYS_PTRACE (linux/capability.h).</summary>
    private const int SysPtrace = 19;

    public static Finding Of(SystemRoot root)
    {
        const string check = "processes";
        IReadOnlyList<string> options = MountTable.FileSystemOptions(root, "/proc");
        string? hidden = Value(options, "hidepid");
        if (hidden is null or "0" or "off")
        {
            return Finding.Ok(check, "hookagentd sees every process");
        }

        if (StatusOfAgent(root) is not { } status)
        {
            return Finding.Unseen(check, $"/proc is mounted with hidepid={hidden}, and hookagentd does not run: whether it sees jobs cannot be told");
        }

        string group = Value(options, "gid") ?? "0";
        bool isPtraceableAlone = hidden is "4" or "ptraceable";
        return MayTrace(status) || (!isPtraceableAlone && Groups(status).Contains(group))
            ? Finding.Ok(check, $"hookagentd sees every process, also with hidepid={hidden} of /proc")
            : Finding.Warning(
                check,
                $"/proc is mounted with hidepid={hidden}{(isPtraceableAlone ? "" : $",gid={group}")}, and hookagentd does not see the processes of jobs: it does not find a job that no hook told of",
Fixes.Edit("hookagentd", "Service", [isPtraceableAlone ? "CapabilityBoundingSet=CAP_SYS_PTRACE" : $"SupplementaryGroups={group}"], ", then systemctl restart hookagentd"));
    }

    private static string? Value(IReadOnlyList<string> options, string key) =>
        options.FirstOrDefault(option => option.StartsWith($"{key}=", StringComparison.Ordinal))?[(key.Length + 1)..];

    /// <summary>proc_pid_status(5) of hookagentd; null where it does not run.</summary>
    private static string[]? StatusOfAgent(SystemRoot root) =>
        root.Glob("/proc/[0-9]*/comm").Where(comm => root.TryReadText(comm, out _) == "hookagentd\n")
            .Select(comm => root.TryReadText($"{Path.GetDirectoryName(comm)}/status", out _)?.Split('\n'))
            .FirstOrDefault(static status => status is not null && Words(status, "Uid:") is ["0", ..]);

    private static string[] Groups(string[] status) => [.. Words(status, "Gid:").Skip(3), .. Words(status, "Groups:")];

    private static bool MayTrace(string[] status) =>
        Words(status, "CapEff:") is [var set] && ulong.TryParse(set, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong bits) && (bits >> SysPtrace & 1) == 1;

    private static string[] Words(string[] status, string key) =>
        status.FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal))?[key.Length..].Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries) ?? [];
}
