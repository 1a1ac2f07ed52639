using System.Diagnostics;
using HookAgent.Bus;
using HookAgent.Ctl.Agent;
using HookAgent.Ctl.Host;
using HookAgent.Ctl.Slurm;

namespace HookAgent.Ctl.Doctor;

/// <summary>What came of one short job on this node.</summary>
/// <param name="Job">Its number; null where it did not run.</param>
/// <param name="Problem">Why not; null where it ran.</param>
/// <param name="Took">Of srun, from its start to its end.</param>
internal sealed record Probe(string? Job, string? Problem, TimeSpan Took)
{
    /// <summary>srun gives up when the node is not free by then; in seconds.</summary>
    private const int Patience = 10;

    /// <summary>For the job as a whole: a Prolog may take its time beside a provider that drains.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    /// <summary>From the step's end to the Epilog's call. slurmctld orders the Epilog within a second.</summary>
    private static readonly TimeSpan EpilogBound = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>From the start of srun to the hook's call as Prolog; null where it made none.</summary>
    public TimeSpan? Prolog { get; init; }

    /// <summary>From the end of srun to the hook's call as Epilog; null where it made none in time.</summary>
    public TimeSpan? Epilog { get; init; }

    /// <summary>Whether the provider ran before the job came.</summary>
    public bool WasLent { get; init; }

    /// <summary>Null where the node was not lent, or nobody told the agent of the job.</summary>
    public NodeHandover? Handover { get; init; }

    /// <summary>
    /// Runs a job of one task as the user that asks, who may choose partition and account by srun's own variables
    /// (SLURM_PARTITION, SLURM_ACCOUNT), and waits for its Epilog.
    /// </summary>
    /// <param name="srun">Its path, or its name for a search along PATH.</param>
    /// <param name="node">This node's name.</param>
    /// <param name="slurmConf">The slurm.conf to use; null for srun's default.</param>
    public static Probe Run(AgentConnection agent, string srun, string node, string? slurmConf)
    {
        ProcessStartInfo start = new(srun,
            [$"--nodelist={node}", "--ntasks=1", "--time=1", $"--immediate={Patience}", "--chdir=/", "--job-name=hookctl-probe", "--quiet", "printenv", "SLURM_JOB_ID"]);
        if (slurmConf is not null)
        {
            start.Environment["SLURM_CONF"] = slurmConf;
        }

        if (!agent.Node.GetStatus(out NodeStatus? before).IsOk || before is null)
        {
            return new Probe(null, "hookagentd does not answer, and nobody else sees whether the hook ran; no job was run", TimeSpan.Zero);
        }

        DateTimeOffset began = TimeProvider.System.GetUtcNow();
        ProgramOutcome outcome = BoundedProgram.Run(start, Bound);
        DateTimeOffset ended = TimeProvider.System.GetUtcNow();
        if (SlurmProgram.Result(srun, outcome, Bound) is ProgramResult.Failed failed)
        {
            // srun has been answered, so nobody has to ask whether slurmctld is up.
            return new Probe(null, outcome is ProgramOutcome.Ended { Errors: { Length: > 0 } said } ? SlurmProgram.Shown(said.Trim()) : failed.Sentence, ended - began);
        }

        string job = ((ProgramOutcome.Ended)outcome).Output.Trim();
        return Seen(agent, job, began, ended) with { WasLent = before is { State: "lending", Reason: "running" } };
    }

    /// <summary>What the agent has seen of the job, up to its Epilog.</summary>
    private static Probe Seen(AgentConnection agent, string job, DateTimeOffset began, DateTimeOffset ended)
    {
        Probe probe = new(job, null, ended - began);
        long asked = Stopwatch.GetTimestamp();
        while (agent.Node.GetStatus(out NodeStatus? status).IsOk && status is not null)
        {
            probe = probe with
            {
                Prolog = status.LastPrologJob == job ? Moment(status.LastProlog) - began : probe.Prolog,
                Epilog = status.LastEpilogJob == job ? Moment(status.LastEpilog) - ended : null,
                Handover = status.Handovers.FirstOrDefault(handover => handover.JobId == job),
            };
            if (probe.Epilog is not null || Stopwatch.GetElapsedTime(asked) > EpilogBound)
            {
                break;
            }

            Thread.Sleep(Pause);
        }

        return probe;
    }

    private static DateTimeOffset Moment(ulong usec) => DateTimeOffset.UnixEpoch.AddMicroseconds(usec);
}
