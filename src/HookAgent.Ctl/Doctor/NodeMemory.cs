using System.Globalization;
using HookAgent.Bus.Systemd;
using HookAgent.Ctl.Host;

namespace HookAgent.Ctl.Doctor;

/// <summary>How much memory the node has, and how much of it an idle node has available (proc_meminfo(5)); in bytes.</summary>
internal static class NodeMemory
{
    public const ulong Mebibyte = 1024 * 1024;

    public static ulong? Total(SystemRoot root) => Kibibytes(root, "MemTotal:") * 1024;

    /// <summary>
    /// MemAvailable as it is without the lent unit; null while a job is on the node, and where nobody tells how much of it
    /// the running unit has.
    /// </summary>
    public static ulong? Idle(NodeFacts facts, UnitSettings unit)
    {
        ulong? has = unit.ActiveState is "inactive" or "failed" ? 0
            : unit.MemoryCurrent == UnitSettings.NoLimit ? null : unit.MemoryCurrent;
        return facts.HasRecords ? null : (Kibibytes(facts.Root, "MemAvailable:") * 1024) + has;
    }

    private static ulong? Kibibytes(SystemRoot root, string name)
    {
        string? line = root.TryReadText("/proc/meminfo", out _)?.Split('\n').FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
        return ulong.TryParse(
            line?.Split(' ', StringSplitOptions.RemoveEmptyEntries).ElementAtOrDefault(1), NumberStyles.None, CultureInfo.InvariantCulture, out ulong kibibytes)
            ? kibibytes
            : null;
    }
}
