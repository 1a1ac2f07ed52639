using System.Globalization;
using HookAgent.Core.Settings;

namespace HookAgent.Ctl.Doctor;

/// <summary>What the running slurmd hands on to the hook: its limits, and its environment.</summary>
internal static class SlurmdProcessCheck
{
    /// <summary>Lines of /proc/PID/limits (proc_pid_limits(5)), the least that the hook needs, and systemd's word for the limit.</summary>
    private static readonly (string Line, long Least, string Setting)[] Floors =
    [
        ("Max address space", HookFloors.AddressSpaceBytes, "LimitAS"),
        ("Max data size", HookFloors.DataBytes, "LimitDATA"),
        ("Max stack size", HookFloors.StackBytes, "LimitSTACK"),
        ("Max open files", HookFloors.OpenFiles, "LimitNOFILE"),
        ("Max processes", HookFloors.Threads, "LimitNPROC"),
    ];

    public static IEnumerable<Finding> Of(NodeFacts facts)
    {
        if (facts.Slurmd.Process is not { } process)
        {
            yield break;
        }

        yield return OfLimits(facts, process);
        yield return OfEnvironment(facts, process);
    }

    private static Finding OfLimits(NodeFacts facts, int process)
    {
        const string check = "slurmd-limits";
        if (facts.Root.TryReadText($"/proc/{process}/limits", out string? problem) is not { } text)
        {
            return Finding.Unseen(check, $"/proc/{process}/limits cannot be read: {problem}");
        }

        foreach ((string name, long least, string setting) in Floors)
        {
            if (Soft(text, name) is { } limit && limit < least)
            {
                return Finding.Fault(
                    check,
                    $"slurmd has '{name}' of {limit.ToString(CultureInfo.InvariantCulture)}, and the hook needs {least.ToString(CultureInfo.InvariantCulture)}: it may fail before its first instruction, and slurmd then drains the node",
                    $"systemctl edit slurmd, with  [Service] {setting}=infinity");
            }
        }

        return Finding.Ok(check, "are above the hook's floors");
    }

    private static Finding OfEnvironment(NodeFacts facts, int process)
    {
        const string check = "slurmd-environment";
        if (facts.Root.TryReadText($"/proc/{process}/environ", out string? problem) is not { } text)
        {
            return Finding.Unseen(check, $"/proc/{process}/environ cannot be read: {problem}", "sudo hookctl doctor");
        }

        string? preload = text.Split('\0').FirstOrDefault(static entry =>
            entry.StartsWith("LD_PRELOAD=", StringComparison.Ordinal) || entry.StartsWith("LD_LIBRARY_PATH=", StringComparison.Ordinal));
        return preload is null
            ? Finding.Ok(check, "has nothing that hinders the hook")
            : Finding.Warning(check, $"slurmd runs with {Terminal.Plain(preload)}; a Slurm that hands it on puts that library into the hook", "take it out of slurmd's unit or /etc/default/slurmd");
    }

    /// <summary>The soft limit of a line; null for "unlimited", or where the line is not there.</summary>
    private static long? Soft(string limits, string name) =>
        limits.Split('\n').FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is { } line
        && long.TryParse(
            line[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out long limit)
            ? limit
            : null;
}
