using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using HookAgent.Core.Settings;
using HookAgent.Ctl.Output;

namespace HookAgent.Ctl.Slurm;

/// <summary>What came of running a program: its output, or a sentence on why there is none.</summary>
internal abstract record ProgramResult
{
    private ProgramResult()
    {
    }

    /// <summary>It ended with exit code 0.</summary>
    /// <param name="Output">No more than <see cref="SlurmProgram.MostOutput"/> characters.</param>
    public sealed record Printed(string Output) : ProgramResult;

    public sealed record Failed(string Sentence) : ProgramResult;
}

/// <summary>
/// Runs one of Slurm's client programs, or one of the system's that tells about Slurm, once, within a bound, and with
/// nothing of the operator's environment that filters.
/// </summary>
internal static class SlurmProgram
{
    /// <summary>More output than this, in characters, is none of Slurm's: some 16,000 nodes or a million jobs.</summary>
    public const int MostOutput = 1 << 24;

    /// <param name="program">Its path, or its name for a search along PATH.</param>
    /// <param name="arguments">Its command line.</param>
    /// <param name="configFile">The slurm.conf to use; null for its own idea.</param>
    /// <param name="bound">It is killed when it has not answered by then.</param>
    public static ProgramResult Run(string program, IReadOnlyList<string> arguments, string? configFile, TimeSpan bound)
    {
        try
        {
            using Process process = Start(program, arguments, configFile);
            process.StandardInput.Close();
            Task<string> output = Read(process.StandardOutput);
            Task<string> errors = Read(process.StandardError);
            long began = Stopwatch.GetTimestamp();
            if (!Task.WaitAll([output, errors], bound) || !process.WaitForExit(Left(bound, began)))
            {
                // Its children too: a wrapper that waits for the real program would leave that behind.
                process.Kill(entireProcessTree: true);
                process.WaitForExit(TimeSpan.FromSeconds(1));
                return new ProgramResult.Failed($"{program} did not answer within {TimeSpanText.Format(bound)} and was killed; is slurmctld up? Try 'scontrol ping'");
            }

            return process.ExitCode != 0
                ? new ProgramResult.Failed($"{program} failed with exit code {process.ExitCode} ({FirstLine(errors.Result)}); is slurmctld up? Try 'scontrol ping'")
                : output.Result.Length <= MostOutput
                    ? new ProgramResult.Printed(output.Result)
                    : new ProgramResult.Failed($"{program} printed far more than Slurm does");
        }
        catch (Win32Exception failure)
        {
            return new ProgramResult.Failed($"{program} cannot be run ({Marshal.GetPInvokeErrorMessage(failure.NativeErrorCode)}); install Slurm's client programs on this node (Debian: slurm-client)");
        }
    }

    /// <summary>Another program's words, short and without what would confuse a terminal.</summary>
    public static string Shown(string text) => Terminal.Printable(text.Length > 200 ? text[..200] : text);

    /// <summary>The first line of what a program complained of, to be shown.</summary>
    private static string FirstLine(string errors) =>
        Shown(errors.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() ?? "no message");

    private static TimeSpan Left(TimeSpan bound, long began)
    {
        TimeSpan left = bound - Stopwatch.GetElapsedTime(began);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private static Process Start(string program, IReadOnlyList<string> arguments, string? configFile)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };

        // A filter left in the operator's environment (SQUEUE_STATES, SQUEUE_PARTITION, SLURM_CLUSTERS, …)
        // would hide jobs, and a hidden job is a forgotten one.
        configFile ??= Environment.GetEnvironmentVariable("SLURM_CONF");
        foreach (string name in start.Environment.Keys.ToArray())
        {
            if (name.StartsWith("SQUEUE_", StringComparison.Ordinal) || name.StartsWith("SCONTROL_", StringComparison.Ordinal)
                || name.StartsWith("SLURM_", StringComparison.Ordinal))
            {
                start.Environment.Remove(name);
            }
        }

        start.Environment["LC_ALL"] = "C";
        if (!string.IsNullOrEmpty(configFile))
        {
            start.Environment["SLURM_CONF"] = configFile;
        }

        return Process.Start(start)!;
    }

    /// <summary>Reads to the end, but keeps no more than <see cref="MostOutput"/> and one character.</summary>
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
