using System.ComponentModel;
using System.Diagnostics;

namespace HookAgent.Ctl.Host;

/// <summary>Runs a program of systemd's for what it prints, within a bound.</summary>
internal static class BoundedProgram
{
    private static readonly TimeSpan s_itsEnd = TimeSpan.FromSeconds(1);

    /// <summary>What it printed, whatever it ended with; null where it cannot be run, or was killed at the end of its time.</summary>
    public static string? TryRun(string program, TimeSpan bound, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LC_ALL"] = "C";
        try
        {
            using Process process = Process.Start(start)!;
            process.StandardInput.Close();
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            Task<string> errors = process.StandardError.ReadToEndAsync();
            if (Task.WaitAll([output, errors], bound) && process.WaitForExit(s_itsEnd))
            {
                return output.Result;
            }

            process.Kill();
            return null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
