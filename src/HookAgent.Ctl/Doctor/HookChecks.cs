using System.Globalization;
using System.Runtime.InteropServices;
using HookAgent.Core.Settings;
using HookAgent.Ctl.Output;
using HookAgent.Ctl.Slurm;

namespace HookAgent.Ctl.Doctor;

/// <summary>Whether the hook can run: its file, what the running slurmd hands on to it, and the directory of the job records.</summary>
internal static class HookChecks
{
    /// <summary>Lines of /proc/PID/limits (proc_pid_limits(5)), the least that the hook needs, and systemd's word for the limit.</summary>
    private static readonly (string Line, long Least, string Setting)[] Floors =
    [
        ("Max address space", RuntimeInformation.ProcessArchitecture is Architecture.Arm64 ? HookFloors.AddressSpaceBytesOnArm64 : HookFloors.AddressSpaceBytes, "LimitAS"),
        ("Max data size", HookFloors.DataBytes, "LimitDATA"),
        ("Max stack size", HookFloors.StackBytes, "LimitSTACK"),
        ("Max open files", HookFloors.OpenFiles, "LimitNOFILE"),
        ("Max processes", HookFloors.Threads, "LimitNPROC"),
    ];

    public static IEnumerable<Finding> Of(NodeFacts facts) => facts.Slurmd.Process is { } process
        ? [OfFile(facts), OfLimits(facts, process), OfEnvironment(facts, process), OfRecords(facts)]
        : [OfFile(facts), OfRecords(facts)];

    private static Finding OfFile(NodeFacts facts)
    {
        const string check = "hook";
        return facts.Root.IsExecutable(HookScripts.HookPath) switch
        {
            null => Finding.Fault(check, $"{HookScripts.HookPath} is not there: where slurm.conf names it, slurmd drains the node at the next job", PackageTool.Reinstall(facts.Root)),
            false => Finding.Fault(check, $"{HookScripts.HookPath} is not executable: slurmd drains the node at the next job", $"chmod 0755 {HookScripts.HookPath}"),
            true when facts.Root.IsWritableByOthers(HookScripts.HookPath) =>
                Finding.Warning(check, $"others than root may write {HookScripts.HookPath}, which slurmd runs as root", $"chmod 0755 {HookScripts.HookPath}"),
            true => Finding.Ok(check, HookScripts.HookPath),
        };
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
                    Fixes.Edit("slurmd", "Service", [$"{setting}=infinity"], ", then systemctl restart slurmd"));
            }
        }

        return Finding.Ok(check, "are above the hook's minimum");
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
            : Finding.Warning(check, $"slurmd runs with {Terminal.Printable(preload)}; a Slurm that hands it on puts that library into the hook", "take it out of slurmd's unit or /etc/default/slurmd, then systemctl restart slurmd");
    }

    /// <summary>The soft limit of a line; null for "unlimited", or where the line is not there.</summary>
    private static long? Soft(string limits, string name) =>
        limits.Split('\n').FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is { } line
        && long.TryParse(
            line[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out long limit)
            ? limit
            : null;

    private static Finding OfRecords(NodeFacts facts)
    {
        const string check = "records";
        const string path = $"{NodeFacts.RunDirectory}/jobs";
        return facts.Root.IsFolder(path)
            ? facts.Root.IsWritableByOthers(path)
                ? Finding.Fault(check, $"others than root may write {path}, and so keep the node from being lent", $"chmod 0755 {path}")
                : Finding.Ok(check, path)
            : Finding.Fault(check, $"there is no folder {path}: no job can be recorded, and nothing is lent", "systemd-tmpfiles --create hookagent.conf && hookctl reconcile");
    }
}
