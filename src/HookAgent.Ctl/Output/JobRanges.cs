using System.Globalization;
using HookAgent.Core.Jobs;
using HookAgent.Core.Text;

namespace HookAgent.Ctl.Output;

/// <summary>Job ids as Slurm writes lists of numbers: "17,100231-100270".</summary>
internal static class JobRanges
{
    public static string Of(IEnumerable<JobId> jobs) => Of(jobs.Select(static job => job.ToString()));

    /// <summary>What is no job id stands at the end as it is.</summary>
    public static string Of(IEnumerable<string> jobs)
    {
        SortedSet<long> ids = [];
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

        return string.Join(", ", [.. NumberRanges.Of([.. ids], static id => id.ToString(CultureInfo.InvariantCulture)), .. others]);
    }
}
