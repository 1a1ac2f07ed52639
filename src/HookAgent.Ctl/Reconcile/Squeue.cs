using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using HookAgent.Core.Jobs;
using HookAgent.Core.Settings;

namespace HookAgent.Ctl.Reconcile;

/// <summary>What came of asking squeue: the jobs on the node, or a sentence on why they are not known.</summary>
internal abstract record SqueueAnswer
{
    private SqueueAnswer()
    {
    }

    public sealed record Listed(ImmutableSortedSet<JobId> Jobs) : SqueueAnswer;

    public sealed record Failed(string Sentence) : SqueueAnswer;
}

/// <summary>Asks squeue which jobs are on a node, once and within a bound.</summary>
/// <param name="Program">squeue's path, or its name for a search along PATH.</param>
/// <param name="Nodes">The node's names, by NodeName or NodeHostname as squeue takes them.</param>
/// <param name="ConfigFile">The slurm.conf to use; null for squeue's own idea.</param>
internal sealed record Squeue(string Program, IReadOnlyList<string> Nodes, string? ConfigFile)
{
    /// <summary>More output than this is not squeue's: 1 Mi characters, some 50,000 jobs.</summary>
    private const int MostOutput = 1 << 20;

    /// <summary>
    /// No --states: what squeue then shows (pending, running, suspended and completing jobs, whatever flag
    /// they carry besides) holds every job that can be on a node. A list would be compared with the whole
    /// state, so that a running job with a flag is missed, and a name that an older Slurm does not know is
    /// an error. --all and --local keep hidden partitions in and other clusters' jobs out.
    /// </summary>
    public IReadOnlyList<string> Arguments =>
    [
        "--noheader", "--all", "--local", "--array", $"--nodelist={string.Join(',', Nodes)}",
        $"--format={SqueueOutput.Format}",
    ];

    public SqueueAnswer Ask(TimeSpan bound)
    {
        try
        {
            using Process process = Start();
            process.StandardInput.Close();
            Task<string> output = Read(process.StandardOutput);
            Task<string> errors = Read(process.StandardError);
            long began = Stopwatch.GetTimestamp();
            if (!Task.WaitAll([output, errors], bound) || !process.WaitForExit(bound - Stopwatch.GetElapsedTime(began)))
            {
                process.Kill();
                process.WaitForExit(TimeSpan.FromSeconds(1));
                return new SqueueAnswer.Failed($"{Program} did not answer within {TimeSpanText.Format(bound)} and was killed; is slurmctld up? Try 'scontrol ping'");
            }

            return process.ExitCode == 0 ? Understood(output.Result) : Refused(process.ExitCode, errors.Result);
        }
        catch (Win32Exception failure)
        {
            return new SqueueAnswer.Failed($"{Program} cannot be run ({Marshal.GetPInvokeErrorMessage(failure.NativeErrorCode)}); install Slurm's client programs on this node (Debian: slurm-client)");
        }
    }

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
            if (name.StartsWith("SQUEUE_", StringComparison.Ordinal) || name.StartsWith("SLURM_", StringComparison.Ordinal))
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

    private SqueueAnswer Understood(string output)
    {
        if (output.Length > MostOutput)
        {
            return new SqueueAnswer.Failed($"{Program} printed far more than the jobs of one node");
        }

        ImmutableSortedSet<JobId> jobs = SqueueOutput.Parse(output, out string? strange);
        return strange is null
            ? new SqueueAnswer.Listed(jobs)
            : new SqueueAnswer.Failed($"{Program} printed '{Shown(strange)}', which is not a job id and its state");
    }

    private SqueueAnswer.Failed Refused(int exitCode, string errors)
    {
        string first = errors.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() ?? "no message";
        string advice = errors.Contains("node name", StringComparison.OrdinalIgnoreCase)
            ? "give the node's name in slurm.conf with --node"
            : "is slurmctld up? Try 'scontrol ping'";
        return new SqueueAnswer.Failed($"{Program} failed with exit code {exitCode} ({Shown(first)}); {advice}");
    }

    /// <summary>Another program's words, short and without what would confuse a terminal.</summary>
    private static string Shown(string text) => Terminal.Plain(text.Length > 200 ? text[..200] : text);
}
