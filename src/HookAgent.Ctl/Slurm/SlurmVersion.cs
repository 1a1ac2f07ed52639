using System.Globalization;
using HookAgent.Ctl.Host;

namespace HookAgent.Ctl.Slurm;

/// <summary>A release of Slurm: year and month.</summary>
internal readonly record struct SlurmVersion(int Year, int Month)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    /// <summary>"slurm 22.05.8", "slurm-wlm 24.11.5", "24.11.5"; null where there is none in it.</summary>
    public static SlurmVersion? Parse(string? text)
    {
        string[] parts = (text ?? "").Trim().Split(' ')[^1].Split('.');
        return parts.Length > 1
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int year)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int month)
            ? new SlurmVersion(year, month)
            : null;
    }

    /// <summary>
    /// Of the slurmd that runs, also where its file has been replaced since (slurmd -V); of what is installed where none
    /// runs or only root may ask; null where that cannot be told.
    /// </summary>
    public static SlurmVersion? Of(LocalSlurmd slurmd) =>
        (slurmd.Process is { } process ? Parse(BoundedProgram.TryRun($"/proc/{process}/exe", Timeout, "-V")) : null)
        ?? Parse(BoundedProgram.TryRun("slurmd", Timeout, "-V"))
        ?? Parse(BoundedProgram.TryRun("scontrol", Timeout, "--version"));

    /// <summary>Whether it is this release or a later one.</summary>
    public bool IsAtLeast(int year, int month) => (Year, Month).CompareTo((year, month)) >= 0;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Year}.{Month:00}");
}
