using System.Globalization;

namespace HookAgent.Daemon.Tests.Harness;

/// <summary>A process that looks like root's slurmstepd to whoever reads it in a folder in /proc's place.</summary>
internal static class FakeStep
{
    /// <param name="title">Such as "slurmstepd: [17.0]".</param>
    /// <returns>Its folder; the process has ended when it is gone.</returns>
    public static string Begin(string proc, int process, string title)
    {
        string folder = Directory.CreateDirectory(Path.Combine(proc, process.ToString(CultureInfo.InvariantCulture))).FullName;
        File.WriteAllText($"{folder}/comm", "slurmstepd\n");
        File.WriteAllText($"{folder}/cmdline", title);
        File.WriteAllText($"{folder}/status", "Name:\tslurmstepd\nUid:\t0\t0\t0\t0\n");
        return folder;
    }
}
