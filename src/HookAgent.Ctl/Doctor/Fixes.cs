using HookAgent.Ctl.Output;
using HookAgent.Ctl.Slurm;

namespace HookAgent.Ctl.Doctor;

/// <summary>
/// What mends a slurm.conf or a unit, each way in one wording: tests/doctor/fix and DoctorFixTests take them at their word. What
/// is to be written into slurm.conf follows two blanks, and where several lines are, two blanks stand between them.
/// </summary>
internal static class Fixes
{
    /// <summary>Where a job shares the node with the provider because no hook tells of it.</summary>
    public const string HoldMeanwhile = "hookctl hold --persistent, until Slurm runs the hook for every job";

    private const string Then = ", then 'scontrol reconfigure'";

    public static string Add(string line) => $"add to slurm.conf{Then}:  {line}";

    /// <summary>In the place of a line.</summary>
    public static string Write(SlurmLine line, params string[] lines) => Write(line.Place, lines);

    public static string Write(string place, params string[] lines) => $"write in place of {place}{Then}:  {string.Join("  ", lines)}";

    public static string Insert(SlurmLine beside, string line, bool isBefore) => $"add {(isBefore ? "before" : "after")} {beside.Place}{Then}:  {line}";

    public static string Move(SlurmLine line, SlurmLine beside, bool isBefore) => $"move {line.Place} to {(isBefore ? "before" : "after")} {beside.Place}{Then}";

    public static string TakeOut(string place) => $"take out {place}{Then}";

    /// <summary>For "systemctl edit": lines of a unit file, each on a line of its own, so that they can be pasted into its editor.</summary>
    /// <param name="remark">What else is to be said or done, from its comma on.</param>
    public static string Edit(string unit, string section, IReadOnlyList<string> lines, string remark = "") =>
        $"systemctl edit {unit}, with these lines{remark}:\n[{section}]\n{string.Join('\n', lines)}";

    /// <summary>What is no program stands a folder higher, where no pattern fits it.</summary>
    public static string MoveOut(string path) => $"mv --no-clobber {Terminal.Printable(path)} {Path.GetDirectoryName(Path.GetDirectoryName(path)) ?? "/"}/";
}
