using HookAgent.Report.Events;

namespace HookAgent.Report.Timeline;

/// <summary>
/// How measured times are distributed, in µs. A percentile is the smallest measured value that as many percent of all do
/// not exceed (nearest rank): it is one that was measured, and the 99th of less than 100 values is the largest.
/// </summary>
internal readonly record struct Distribution(int Count, long P50, long P95, long P99, long Max, long Total)
{
    /// <summary>Sorts <paramref name="values"/>.</summary>
    public static Distribution Of(List<long> values)
    {
        if (values.Count == 0)
        {
            return default;
        }

        values.Sort();
        return new Distribution(values.Count, Rank(50), Rank(95), Rank(99), values[^1], values.Aggregate(0L, TimeText.Sum));

        long Rank(int percent) => values[(int)((((long)values.Count * percent) + 99) / 100) - 1];
    }
}

/// <summary>What the report counts, of one node or of all.</summary>
internal sealed class Figures
{
    private readonly long[] _usec = new long[ReportedStates.All.Length];
    private readonly List<long> _handovers = [];
    private readonly List<long> _overlaps = [];

    /// <summary>Ids of the jobs seen; one that was requeued or runs on several nodes is there more than once.</summary>
    public List<uint> Jobs { get; } = [];

    public int Starts { get; set; }

    /// <summary>Lendings that ended before the provider had been up for the time given by --short.</summary>
    public int Short { get; set; }

    public int FailedStarts { get; set; }

    public int Boots { get; set; }

    /// <summary>Boots that ended without a stop of the agent.</summary>
    public int Crashes { get; set; }

    /// <summary>Starts of the agent without a stop before it, in the same boot.</summary>
    public int Kills { get; set; }

    public int ClockSteps { get; set; }

    /// <summary>How often entries of the agent were lost.</summary>
    public int EntriesLost { get; set; }

    /// <summary>Null where no provider's journal was read.</summary>
    public TaskFigures? Tasks { get; set; }

    public long TotalUsec => _usec.Sum();

    public int JobCount => Jobs.Distinct().Count();

    public Distribution Handovers => Distribution.Of(_handovers);

    /// <summary>Of those handovers in which job and provider shared the node at all.</summary>
    public Distribution Overlaps => Distribution.Of(_overlaps);

    public long Usec(ReportedState state) => _usec[(int)state];

    /// <summary>0 to 1; 0 where there was no time.</summary>
    public double Share(ReportedState state) => TotalUsec == 0 ? 0 : (double)Usec(state) / TotalUsec;

    public void Add(ReportedState state, long usec) => _usec[(int)state] += usec;

    public void AddHandover(long handoverUsec, long overlapUsec)
    {
        _handovers.Add(handoverUsec);
        if (overlapUsec > 0)
        {
            _overlaps.Add(overlapUsec);
        }
    }

    public void Add(Figures other)
    {
        foreach (ReportedState state in ReportedStates.All)
        {
            Add(state, other.Usec(state));
        }

        _handovers.AddRange(other._handovers);
        _overlaps.AddRange(other._overlaps);
        Jobs.AddRange(other.Jobs);
        Starts += other.Starts;
        Short += other.Short;
        FailedStarts += other.FailedStarts;
        Boots += other.Boots;
        Crashes += other.Crashes;
        Kills += other.Kills;
        ClockSteps += other.ClockSteps;
        EntriesLost += other.EntriesLost;
        if (other.Tasks is { } tasks)
        {
            Tasks ??= new TaskFigures();
            Tasks.Add(tasks);
        }
    }
}
