using HookAgent.Core.Jobs;

namespace HookAgent.Ctl.Output;

/// <summary>Job ids as Slurm writes lists of numbers: "17,100231-100270".</summary>
internal static class JobRanges
{
    public static string Of(IEnumerable<JobId> jobs) => Of(jobs.Select(static job => job.ToString()));

    /// <summary>What is no job id stands at the end as it is.</summary>
    public static string Of(IEnumerable<string> jobs)
    {
        List<string> parts = [];
        SortedSet<uint> ids = [];
        List<string> others = [];
        foreach (string job in jobs)
        {
            if (JobId.TryParse(job, out JobId id))
            {
                ids.Add(id.Value);
            }
            else
            {
                others.Add(Terminal.Printable(job));
            }
        }

        (uint First, uint Last)? run = null;
        foreach (uint id in ids)
        {
            if (run is { } open && id == open.Last + 1)
            {
                run = (open.First, id);
                continue;
            }

            Close(run);
            run = (id, id);
        }

        Close(run);
        return string.Join(", ", [.. parts, .. others]);

        void Close((uint First, uint Last)? ended)
        {
            if (ended is { } range)
            {
                parts.Add(range.First == range.Last ? $"{range.First}" : $"{range.First}-{range.Last}");
            }
        }
    }
}
