using System.Collections.Immutable;
using HookAgent.Core.Jobs;

namespace HookAgent.Ctl.Reconcile;

/// <summary>What follows from squeue's list and the records before and after it was asked.</summary>
/// <param name="Listed">The jobs that Slurm has on this node.</param>
/// <param name="Forget">Jobs with a record that Slurm does not have here, and whose record did not change meanwhile.</param>
/// <param name="StartedAnew">
/// Jobs not listed whose record is another one by now: a requeued job, which squeue saw waiting.
/// </param>
/// <param name="Unrecorded">Listed jobs without a record.</param>
/// <param name="Foreign">Names in the directory that no job can have.</param>
internal sealed record Plan(
    ImmutableSortedSet<JobId> Listed,
    ImmutableSortedSet<JobId> Forget,
    ImmutableSortedSet<JobId> StartedAnew,
    ImmutableSortedSet<JobId> Unrecorded,
    ImmutableArray<string> Foreign)
{
    public static Plan Of(ImmutableSortedSet<JobId> listed, JobReading before, JobReading after)
    {
        Dictionary<JobId, object> earlier = Records(before);
        Dictionary<JobId, object> later = Records(after);
        ImmutableSortedSet<JobId>.Builder unchanged = ImmutableSortedSet.CreateBuilder<JobId>();
        ImmutableSortedSet<JobId>.Builder changed = ImmutableSortedSet.CreateBuilder<JobId>();
        foreach ((JobId job, object record) in earlier)
        {
            if (!listed.Contains(job) && later.TryGetValue(job, out object? now))
            {
                (record.Equals(now) ? unchanged : changed).Add(job);
            }
        }

        return new Plan(
            listed,
            unchanged.ToImmutable(),
            changed.ToImmutable(),
            listed.Except(later.Keys),
            [.. after.Unreadable.Where(static entry => entry.Job is null).Select(static entry => entry.Name)]);
    }

    /// <summary>Says in words what was done.</summary>
    public void Tell(TextWriter to)
    {
        string jobs = Listed.Count switch
        {
            0 => "No job on this node",
            1 => $"1 job on this node ({Listed[0]})",
            _ => $"{Listed.Count} jobs on this node ({string.Join(", ", Listed)})",
        };
        string forgotten = Forget.Count switch
        {
            0 => "nothing had to be forgotten",
            1 => $"forgot 1 record (job {Forget[0]}: not in squeue)",
            _ => $"forgot {Forget.Count} records (jobs {string.Join(", ", Forget)}: not in squeue)",
        };
        to.WriteLine($"{jobs}; {forgotten}.");
        foreach (JobId job in Unrecorded)
        {
            to.WriteLine($"Job {job} has no record; it counts as running until its Epilog.");
        }

        foreach (JobId job in StartedAnew)
        {
            to.WriteLine($"Job {job} started anew while squeue was asked and keeps its record.");
        }

        foreach (string name in Foreign)
        {
            to.WriteLine($"'{name}' among the records is none; remove it by hand.");
        }
    }

    /// <summary>Writes the same for programs, as hookctl(1) documents it.</summary>
    public void WriteJson(TextWriter to) => JsonLine.Write(to, json =>
    {
        json.WriteJobs("listed", Listed);
        json.WriteJobs("forgotten", Forget);
        json.WriteJobs("unrecorded", Unrecorded);
        json.WriteJobs("started_anew", StartedAnew);
        json.WriteStrings("foreign", Foreign);
    });

    /// <summary>Each job that is named there, with what tells its record from a later one of the same job.</summary>
    private static Dictionary<JobId, object> Records(JobReading reading)
    {
        Dictionary<JobId, object> records = [];
        foreach (JobRecord record in reading.Records)
        {
            records[record.Job] = record;
        }

        foreach (UnreadableEntry entry in reading.Unreadable)
        {
            if (entry.Job is { } job)
            {
                records[job] = entry;
            }
        }

        return records;
    }
}
