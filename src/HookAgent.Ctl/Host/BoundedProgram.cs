using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace HookAgent.Ctl.Host;

/// <summary>The result of a program.</summary>
internal abstract record ProgramOutcome
{
    private ProgramOutcome()
    {
    }

    public sealed record Ended(int ExitCode, string Output, string Errors) : ProgramOutcome;

    /// <summary>It cannot be run.</summary>
    public sealed record NotStarted(int Errno) : ProgramOutcome;

    /// <summary>It was killed at the end of its time.</summary>
    public sealed record TimedOut : ProgramOutcome;
}

/// <summary>Runs a program once for what it prints, within a bound, with no input and in the locale C.</summary>
internal static class BoundedProgram
{
    /// <summary>In characters; what a program prints beyond this and one character more is dropped.</summary>
    public const int MostOutput = 1 << 24;

    /// <summary>What it printed, whatever its exit code; null where it cannot be run, or was killed at the end of its time.</summary>
    public static string? TryRun(string program, TimeSpan bound, params string[] arguments) =>
        (Run(new ProcessStartInfo(program, arguments), bound) as ProgramOutcome.Ended)?.Output;

    public static ProgramOutcome Run(ProcessStartInfo start, TimeSpan bound)
    {
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
        start.WorkingDirectory = "/";
        start.Environment["LC_ALL"] = "C";
        try
        {
            using Process process = Process.Start(start)!;
            process.StandardInput.Close();
            Task<string> output = Read(process.StandardOutput);
            Task<string> errors = Read(process.StandardError);
            long began = Stopwatch.GetTimestamp();
            if (Task.WaitAll([output, errors], bound) && process.WaitForExit(Left(bound, began)))
            {
                return new ProgramOutcome.Ended(process.ExitCode, output.Result, errors.Result);
            }

            // Its children too: a wrapper that waits for the real program would leave that behind.
            process.Kill(entireProcessTree: true);
            process.WaitForExit(TimeSpan.FromSeconds(1));
            return new ProgramOutcome.TimedOut();
        }
        catch (Win32Exception failure)
        {
            return new ProgramOutcome.NotStarted(failure.NativeErrorCode);
        }
    }

    private static TimeSpan Left(TimeSpan bound, long began) =>
        bound - Stopwatch.GetElapsedTime(began) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    private static async Task<string> Read(StreamReader reader)
    {
        char[] buffer = new char[4096];
        StringBuilder text = new();
        int count;
        while ((count = await reader.ReadAsync(buffer).ConfigureAwait(false)) > 0)
        {
            text.Append(buffer, 0, Math.Min(count, MostOutput + 1 - text.Length));
        }

        return text.ToString();
    }
}
