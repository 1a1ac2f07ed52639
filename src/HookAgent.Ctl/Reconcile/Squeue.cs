using System.Collections.Immutable;
using HookAgent.Core.Jobs;
using HookAgent.Ctl.Slurm;

namespace HookAgent.Ctl.Reconcile;

/// <summary>The answer of squeue: the jobs on the node, or a sentence on why they are not known.</summary>
internal abstract record SqueueAnswer
{
    private SqueueAnswer()
    {
    }

    /// <param name="Jobs">All that hold the node.</param>
    /// <param name="Completing">Those of them whose end slurmctld has ordered.</param>
    public sealed record Listed(ImmutableSortedSet<JobId> Jobs, ImmutableSortedSet<JobId> Completing) : SqueueAnswer;

    public sealed record Failed(string Sentence) : SqueueAnswer;
}

/// <summary>Asks squeue which jobs are on a node, once and within a bound.</summary>
/// <param name="Program">squeue's path, or its name for a search along PATH.</param>
/// <param name="Nodes">Every NodeName that this host has; of a NodeHostname squeue takes the first node alone.</param>
/// <param name="ConfigFile">The slurm.conf to use; null for squeue's default.</param>
internal sealed record Squeue(string Program, IReadOnlyList<string> Nodes, string? ConfigFile)
{
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

    public SqueueAnswer Ask(TimeSpan bound) => SlurmProgram.Run(Program, Arguments, ConfigFile, bound) switch
    {
        ProgramResult.Printed printed => Understood(printed.Output),
        ProgramResult.Failed failed => new SqueueAnswer.Failed(failed.Sentence),
        _ => throw new InvalidOperationException("a result that is neither"),
    };

    private SqueueAnswer Understood(string output)
    {
        ImmutableSortedSet<JobId> jobs = SqueueOutput.Parse(output, out ImmutableSortedSet<JobId> completing, out string? strange);
        return strange is null
            ? new SqueueAnswer.Listed(jobs, completing)
            : new SqueueAnswer.Failed($"{Program} printed '{SlurmProgram.Shown(strange)}', which is not a job id and its state");
    }
}

/// <summary>Reads what squeue prints for <see cref="Format"/>.</summary>
internal static class SqueueOutput
{
    /// <summary>
    /// "%A" is the one id that slurmd knows a job by: each task of an array and each component of a
    /// heterogeneous job has its own. "%T" is the state's full name.
    /// </summary>
    public const string Format = "%A|%T";

    /// <summary>
    /// The states of jobs that wait or have left their nodes behind (squeue(1), "JOB STATE CODES", of 22.05 to
    /// 25.11). squeue shows a job by its most telling flag, COMPLETING before all others, so a job whose
    /// Epilog still runs is never among these. Every other state, also one this list does not know, holds
    /// the node.
    /// </summary>
    private static readonly string[] WithoutNode =
    [
        "PENDING", "REQUEUED", "REQUEUE_FED", "REQUEUE_HOLD", "RESV_DEL_HOLD", "REVOKED", "SPECIAL_EXIT", "STAGE_OUT",
    ];

    /// <summary>The jobs that hold the node, each once and in order.</summary>
    /// <param name="output">All that squeue wrote.</param>
    /// <param name="completing">Those of them whose end slurmctld has ordered: their Epilog runs, is to run, or has run here.</param>
    /// <param name="strange">A line that squeue would not print; null when the output was understood.</param>
    public static ImmutableSortedSet<JobId> Parse(string output, out ImmutableSortedSet<JobId> completing, out string? strange)
    {
        ImmutableSortedSet<JobId>.Builder jobs = ImmutableSortedSet.CreateBuilder<JobId>();
        completing = [];
        strange = null;
        foreach (ReadOnlySpan<char> line in output.AsSpan().EnumerateLines())
        {
            ReadOnlySpan<char> text = line.Trim();
            int bar = text.IndexOf('|');
            if (text.IsEmpty)
            {
                continue;
            }

            if (bar < 0 || !JobId.TryParse(text[..bar].Trim(), out JobId job) || !IsState(text[(bar + 1)..].Trim()))
            {
                strange = text.ToString();
                completing = [];
                return [];
            }

            string state = text[(bar + 1)..].Trim().ToString();
            if (!WithoutNode.Contains(state))
            {
                jobs.Add(job);
            }

            if (state == "COMPLETING")
            {
                completing = completing.Add(job);
            }
        }

        return jobs.ToImmutable();
    }

    private static bool IsState(ReadOnlySpan<char> text)
    {
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterUpper(c) && c != '_')
            {
                return false;
            }
        }

        return !text.IsEmpty;
    }
}
