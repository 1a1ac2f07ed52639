using System.Diagnostics;
using System.Globalization;

namespace HookAgent.Core.Tests.Settings;

/// <summary>systemd's own opinion, from the installed systemd-analyze: an oracle that shares no code with ours.</summary>
internal static class SystemdAnalyze
{
    /// <summary>The normal form of a time span; null where systemd refuses it.</summary>
    public static string? TimeSpan(string text, out ulong microseconds)
    {
        microseconds = 0;
        if (!Run(["timespan", "--", text], out string output))
        {
            return null;
        }

        string? human = null;
        foreach (string line in output.Split('\n'))
        {
            string[] parts = line.Split(": ", 2);
            if (parts[0].EndsWith("Human", StringComparison.Ordinal))
            {
                human = parts[1];
            }
            else if (parts[0].EndsWith('s'))
            {
                microseconds = ulong.Parse(parts[1], CultureInfo.InvariantCulture);
            }
        }

        return human;
    }

    /// <summary>The content of all files of a configuration, in the order in which they apply.</summary>
    public static string CatConfig(string root)
    {
        Assert.True(Run([$"--root={root}", "--no-pager", "cat-config", "hookagent/hookagent.conf"], out string output), output);
        return output;
    }

    private static bool Run(string[] arguments, out string output)
    {
        ProcessStartInfo start = new("systemd-analyze", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["LC_ALL"] = "C.UTF-8", ["SYSTEMD_COLORS"] = "0" },
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        output += errors.Result;
        return process.ExitCode == 0;
    }
}
