using System.Diagnostics;
using System.Runtime.InteropServices;
using HookAgent.Core.Text;
using HookAgent.Ctl.Host;
using HookAgent.Ctl.Output;

namespace HookAgent.Ctl.Slurm;

/// <summary>The result of a program of Slurm: its output, or a sentence on why there is none.</summary>
internal abstract record ProgramResult
{
    private ProgramResult()
    {
    }

    /// <summary>It ended with exit code 0.</summary>
    /// <param name="Output">No more than <see cref="BoundedProgram.MostOutput"/> characters: some 16,000 nodes or a million jobs.</param>
    public sealed record Printed(string Output) : ProgramResult;

    public sealed record Failed(string Sentence) : ProgramResult;
}

/// <summary>Runs one of Slurm's client programs, or one of the system's that tells about Slurm, without filters of the operator's environment.</summary>
internal static class SlurmProgram
{
    /// <param name="program">Its path, or its name for a search along PATH.</param>
    /// <param name="arguments">Its command line.</param>
    /// <param name="configFile">The slurm.conf to use; null for its default.</param>
    /// <param name="bound">It is killed when it has not answered by then.</param>
    public static ProgramResult Run(string program, IReadOnlyList<string> arguments, string? configFile, TimeSpan bound) =>
        Result(program, BoundedProgram.Run(Start(program, arguments, configFile), bound), bound);

    /// <summary>The output of a program that ended well, or the sentence.</summary>
    public static ProgramResult Result(string program, ProgramOutcome outcome, TimeSpan bound) =>
        outcome switch
        {
            ProgramOutcome.Ended { ExitCode: 0, Output: { Length: <= BoundedProgram.MostOutput } output } => new ProgramResult.Printed(output),
            ProgramOutcome.Ended { ExitCode: 0 } => new ProgramResult.Failed($"{program} printed far more than Slurm does"),
            ProgramOutcome.Ended { ExitCode: var code, Errors: var errors } => new ProgramResult.Failed(
                $"{program} failed with exit code {code} ({FirstLine(errors)}); is slurmctld up? Try 'scontrol ping'"),
            ProgramOutcome.TimedOut => new ProgramResult.Failed(
                $"{program} did not answer within {SpanText.Of(bound)} and was killed; is slurmctld up? Try 'scontrol ping'"),
            ProgramOutcome.NotStarted { Errno: var errno } => new ProgramResult.Failed(
                $"{program} cannot be run ({Marshal.GetPInvokeErrorMessage(errno)}); install Slurm's client programs on this node (Debian: slurm-client)"),
            _ => throw new UnreachableException(),
        };

    /// <summary>A text of another program, shortened and without control characters.</summary>
    public static string Shown(string text) => Terminal.Printable(text.Length > 200 ? text[..200] : text);

    private static string FirstLine(string errors) =>
        Shown(errors.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() ?? "no message");

    private static ProcessStartInfo Start(string program, IReadOnlyList<string> arguments, string? configFile)
    {
        ProcessStartInfo start = new(program, arguments);

        // A filter left in the operator's environment (SQUEUE_STATES, SQUEUE_PARTITION, SLURM_CLUSTERS, …) would hide jobs, and
        // a hidden job is a forgotten one.
        configFile ??= Environment.GetEnvironmentVariable("SLURM_CONF");
        string[] filters = ["SQUEUE_", "SCONTROL_", "SLURM_"];
        foreach (string name in start.Environment.Keys.Where(name => filters.Any(filter => name.StartsWith(filter, StringComparison.Ordinal))).ToArray())
        {
            start.Environment.Remove(name);
        }

        if (!string.IsNullOrEmpty(configFile))
        {
            start.Environment["SLURM_CONF"] = configFile;
        }

        return start;
    }
}
