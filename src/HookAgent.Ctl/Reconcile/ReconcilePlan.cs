using System.Collections.Immutable;
using System.Text.Json.Nodes;
using HookAgent.Core.Jobs;
using HookAgent.Ctl.Output;

namespace HookAgent.Ctl.Reconcile;

/// <summary>What reconcile does, by squeue's list and the records before and after squeue was asked.</summary>
/// <param name="Listed">The jobs that Slurm has on this node.</param>
/// <param name="Forget">Jobs with a record that Slurm does not have here, and whose record did not change meanwhile.</param>
/// <param name="StartedAnew">
/// Jobs that are not listed and whose record has been replaced: requeued jobs, which squeue saw waiting.
/// </param>
/// <param name="Unrecorded">
/// Listed jobs without a record that run: not those that are completing, nor those whose record went while squeue was
/// asked. slurmctld orders a job's end before its Epilog takes the record, so a job that is neither has lost its record.
/// </param>
/// <param name="Foreign">Names in the directory that no job can have.</param>
internal sealed record ReconcilePlan(
    ImmutableSortedSet<JobId> Listed,
    ImmutableSortedSet<JobId> Forget,
    ImmutableSortedSet<JobId> StartedAnew,
    ImmutableSortedSet<JobId> Unrecorded,
    ImmutableArray<string> Foreign)
{
    /// <summary>The records as they were before squeue was asked.</summary>
    public required IReadOnlyDictionary<JobId, RecordIdentity> Identities { get; init; }

    /// <summary>Listed jobs that have ended on this node, or are about to: the agent is not told of them.</summary>
    public required ImmutableSortedSet<JobId> Ended { get; init; }

    /// <summary>What the agent is to take for the jobs of this node.</summary>
    public ImmutableSortedSet<JobId> HandedOver => Listed.Except(Ended);

    public static ReconcilePlan Of(SqueueAnswer.Listed answer, JobReading before, JobReading after)
    {
        ImmutableSortedSet<JobId>.Builder unchanged = ImmutableSortedSet.CreateBuilder<JobId>();
        ImmutableSortedSet<JobId>.Builder changed = ImmutableSortedSet.CreateBuilder<JobId>();
        foreach ((JobId job, RecordIdentity record) in before.Identities)
        {
            if (!answer.Jobs.Contains(job) && after.Identities.TryGetValue(job, out RecordIdentity now))
            {
                (record == now ? unchanged : changed).Add(job);
            }
        }

        ImmutableSortedSet<JobId> unrecorded = answer.Jobs.Except(after.Identities.Keys);
        ImmutableSortedSet<JobId> ended = unrecorded.Intersect(before.Identities.Keys.Concat(answer.Completing));
        return new ReconcilePlan(
            answer.Jobs,
            unchanged.ToImmutable(),
            changed.ToImmutable(),
            unrecorded.Except(ended),
            [.. after.Unreadable.Where(static entry => entry.Job is null).Select(static entry => entry.Name)])
        {
            Identities = before.Identities,
            Ended = ended,
        };
    }

    /// <summary>
    /// Whether the Epilog of a job without a record may have run meanwhile: its record came and went between the two readings
    /// of the directory, and squeue was asked between them.
    /// </summary>
    public bool MustAskAgain => Unrecorded.Count > 0;

    /// <summary>After squeue was asked again: a job that still runs has lost its record, and the others have ended.</summary>
    public ReconcilePlan Confirmed(SqueueAnswer.Listed again)
    {
        ImmutableSortedSet<JobId> lost = Unrecorded.Intersect(again.Jobs).Except(again.Completing);
        return this with { Unrecorded = lost, Ended = Ended.Union(Unrecorded.Except(lost)) };
    }

    /// <summary>The plan as it was carried out: a record that was made again at the last moment was not forgotten.</summary>
    public ReconcilePlan Without(JobReading left)
    {
        ImmutableSortedSet<JobId> kept = Forget.Intersect(left.Identities.Keys);
        return this with { Forget = Forget.Except(kept), StartedAnew = StartedAnew.Union(kept) };
    }

    /// <summary>Writes what was done, for people.</summary>
    public void Print(Terminal to)
    {
        string jobs = Listed.Count switch
        {
            0 => "No job on this node",
            1 => $"1 job on this node ({Listed[0]})",
            _ => $"{Listed.Count} jobs on this node ({JobRanges.Of(Listed)})",
        };
        string forgotten = Forget.Count switch
        {
            0 => "nothing had to be forgotten",
            1 => $"forgot 1 record (job {Forget[0]}: not in squeue)",
            _ => $"forgot {Forget.Count} records (jobs {JobRanges.Of(Forget)}: not in squeue)",
        };
        to.Say($"{jobs}; {forgotten}.");
        foreach (JobId job in Unrecorded)
        {
            to.Say($"Job {job} has no record: it began without the hook, or its record was removed. The provider stays off until it has ended; nothing is to be done.");
        }

        foreach (JobId job in StartedAnew)
        {
            to.Say($"Job {job} started again while squeue was asked, and keeps its record.");
        }

        foreach (string name in Foreign)
        {
            to.Say($"'{name}' in the record directory is no record; remove it by hand.");
        }
    }

    /// <summary>The same for programs, as hookctl(1) documents it.</summary>
    public JsonObject Json() => new()
    {
        ["listed"] = JsonLine.Jobs(Listed),
        ["forgotten"] = JsonLine.Jobs(Forget),
        ["unrecorded"] = JsonLine.Jobs(Unrecorded),
        ["started_anew"] = JsonLine.Jobs(StartedAnew),
        ["foreign"] = JsonLine.Strings(Foreign),
    };
}
