using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using HookAgent.Core.Settings;

namespace HookAgent.Ctl.Reconcile;

/// <summary>What came of running a command of Slurm's: its output, or a sentence on why there is none.</summary>
internal abstract record CommandOutput
{
    private CommandOutput()
    {
    }

    public sealed record Text(string Output) : CommandOutput;

    public sealed record Failed(string Sentence) : CommandOutput;
}

/// <summary>Runs a command of Slurm's once, within a bound, and with nothing of the operator's environment that filters.</summary>
/// <param name="Program">Its path, or its name for a search along PATH.</param>
/// <param name="ConfigFile">The slurm.conf to use; null for the command's own idea.</param>
internal sealed record SlurmCommand(string Program, IReadOnlyList<string> Arguments, string? ConfigFile)
{
    /// <summary>More output than this, in characters, is none of Slurm's: some 16,000 nodes or a million jobs.</summary>
    public const int MostOutput = 1 << 24;

    public CommandOutput Run(TimeSpan bound)
    {
        try
        {
            using Process process = Start();
            process.StandardInput.Close();
            Task<string> output = Read(process.StandardOutput);
            Task<string> errors = Read(process.StandardError);
            long began = Stopwatch.GetTimestamp();
            if (!Task.WaitAll([output, errors], bound) || !process.WaitForExit(Left(bound, began)))
            {
                // Its children too: a wrapper that waits for the real command would leave that behind.
                process.Kill(entireProcessTree: true);
                process.WaitForExit(TimeSpan.FromSeconds(1));
                return new CommandOutput.Failed($"{Program} did not answer within {TimeSpanText.Format(bound)} and was killed; is slurmctld up? Try 'scontrol ping'");
            }

            return process.ExitCode == 0
                ? output.Result.Length <= MostOutput
                    ? new CommandOutput.Text(output.Result)
                    : new CommandOutput.Failed($"{Program} printed far more than Slurm does")
                : Refused(process.ExitCode, errors.Result);
        }
        catch (Win32Exception failure)
        {
            return new CommandOutput.Failed($"{Program} cannot be run ({Marshal.GetPInvokeErrorMessage(failure.NativeErrorCode)}); install Slurm's client programs on this node (Debian: slurm-client)");
        }
    }

    /// <summary>Another program's words, short and without what would confuse a terminal.</summary>
    public static string Shown(string text) => Terminal.Plain(text.Length > 200 ? text[..200] : text);

    private static TimeSpan Left(TimeSpan bound, long began) =>
        bound - Stopwatch.GetElapsedTime(began) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    private Process Start()
    {
        ProcessStartInfo start = new(Program, Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };

        // A filter left in the operator's environment (SQUEUE_STATES, SQUEUE_PARTITION, SLURM_CLUSTERS, …)
        // would hide jobs, and a hidden job is a forgotten one.
        string? configFile = ConfigFile ?? Environment.GetEnvironmentVariable("SLURM_CONF");
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
        System.Text.StringBuilder text = new();
        int count;
        while ((count = await reader.ReadAsync(buffer).ConfigureAwait(false)) > 0)
        {
            text.Append(buffer, 0, Math.Min(count, MostOutput + 1 - text.Length));
        }

        return text.ToString();
    }

    private CommandOutput.Failed Refused(int exitCode, string errors)
    {
        string first = errors.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() ?? "no message";
        return new CommandOutput.Failed($"{Program} failed with exit code {exitCode} ({Shown(first)}); is slurmctld up? Try 'scontrol ping'");
    }
}
