using System.Collections.Immutable;
using HookAgent.Core.Time;

namespace HookAgent.Core.Node;

/// <summary>
/// The failures since the provider was last healthy, counted for each cause: a crash after seven failures for a missing
/// broker is the first of its kind. Causes that take turns still have pauses that grow, each its own.
/// </summary>
/// <param name="Since">The first of them all.</param>
/// <param name="Latest">The cause of the latest.</param>
/// <param name="Until">A failure after this moment is of another stretch.</param>
/// <param name="Counts">One a cause. An array: there are few causes, and a dictionary whose keys are structs is much native code.</param>
public sealed record FailureStretch(
    BootTime Since, FailureCause Latest, BootTime Until, ImmutableArray<CauseCount> Counts) : Unprinted
{
    /// <summary>
    /// How long after a try was due its failure belongs to the stretch: longer than a start that times out takes
    /// (90 s by default), and short enough that hours of jobs end a stretch though nobody has seen the provider healthy.
    /// </summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromMinutes(5);

    /// <summary>Of the latest cause.</summary>
    public CauseCount Count => Counts[IndexOf(Latest)];

    /// <summary>Of all causes.</summary>
    public int InAll
    {
        get
        {
            int all = 0;
            foreach (CauseCount count in Counts)
            {
                all += count.Times;
            }

            return all;
        }
    }

    /// <summary>With one failure more; in a new stretch where <paramref name="before"/> is null or over.</summary>
    /// <param name="pause">The pause after the n-th failure of one cause.</param>
    public static FailureStretch With(FailureStretch? before, FailureCause cause, BootTime now, Func<int, TimeSpan> pause)
    {
        FailureStretch stretch = before is null || now > before.Until
            ? new FailureStretch(now, cause, now, [])
            : before;
        int index = stretch.IndexOf(cause);
        CauseCount count = index < 0 ? new CauseCount(cause, 1, now) : stretch.Counts[index] with { Times = stretch.Counts[index].Times + 1 };
        return stretch with
        {
            Latest = cause,
            Until = now + pause(count.Times) + Quiet,
            Counts = index < 0 ? stretch.Counts.Add(count) : stretch.Counts.SetItem(index, count),
        };
    }

    private int IndexOf(FailureCause cause)
    {
        for (int i = 0; i < Counts.Length; i++)
        {
            if (Counts[i].Cause == cause)
            {
                return i;
            }
        }

        return -1;
    }
}

/// <summary>What failures have in common that count as the same one again.</summary>
/// <param name="Ending">
/// How the provider ended, exit status or signal, where it did: EX_CONFIG (78) is another cause than a crash. Empty for
/// what systemd refused.
/// </param>
public readonly record struct FailureCause(Reason Reason, string Ending);

/// <summary>How often in a stretch, and since when.</summary>
public sealed record CauseCount(FailureCause Cause, int Times, BootTime Since) : Unprinted;
