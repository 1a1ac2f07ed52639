using System.Collections.Immutable;
using HookAgent.Core.Jobs;
using HookAgent.Ctl.Slurm;

namespace HookAgent.Ctl.Reconcile;

/// <summary>What came of asking squeue: the jobs on the node, or a sentence on why they are not known.</summary>
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
/// <param name="ConfigFile">The slurm.conf to use; null for squeue's own idea.</param>
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
