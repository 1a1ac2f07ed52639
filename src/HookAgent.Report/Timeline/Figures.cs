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
    private readonly List<long> _delays = [];
    private readonly Dictionary<string, long> _outOfAction = [];

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

    /// <summary>
    /// Of each handover, for how long it kept the job: from the Prolog's start until the provider was gone, or the Prolog
    /// waited no longer and the two shared the node.
    /// </summary>
    public Distribution Delays => Distribution.Of(_delays);

    /// <summary>
    /// The time that could be lent: no job was there. Whether one was there is not known while the node was unknown or off,
    /// and while the provider was being stopped a job waited, or an operator.
    /// </summary>
    public long IdleUsec => Usec(ReportedState.Lending) + Usec(ReportedState.Settling) + Usec(ReportedState.Held) + Usec(ReportedState.Failed);

    /// <summary>The share of <see cref="IdleUsec"/> that was lent, 0 to 1; null where there was none.</summary>
    public double? Harvested => IdleUsec == 0 ? null : (double)Usec(ReportedState.Lending) / IdleUsec;

    /// <summary>How long, in µs, and why ("failed ended-by-itself") the node was lent to nobody although no job is known to have been there.</summary>
    public IReadOnlyDictionary<string, long> OutOfAction => _outOfAction;

    public long OutOfActionUsec => _outOfAction.Values.Sum();

    /// <summary>The key of <see cref="OutOfAction"/> for the time, in µs, of which the journal has nothing.</summary>
    public static string NoData { get; } = $"{ReportedState.Off.Word()} {ReportedReason.NoData}";

    public long Usec(ReportedState state) => _usec[(int)state];

    /// <summary>0 to 1; 0 where there was no time.</summary>
    public double Share(ReportedState state) => TotalUsec == 0 ? 0 : (double)Usec(state) / TotalUsec;

    public void Add(ReportedState state, string reason, long usec)
    {
        _usec[(int)state] += usec;
        if (state is ReportedState.Held or ReportedState.Failed or ReportedState.Unknown or ReportedState.Off)
        {
            AddOutOfAction($"{state.Word()} {(reason.Length > 0 ? reason : "not-logged")}", usec);
        }
    }

    private void AddOutOfAction(string why, long usec) => _outOfAction[why] = _outOfAction.GetValueOrDefault(why) + usec;

    public void AddHandover(long handoverUsec, long overlapUsec)
    {
        _handovers.Add(handoverUsec);
        _delays.Add(Math.Max(0, handoverUsec - overlapUsec));
        if (overlapUsec > 0)
        {
            _overlaps.Add(overlapUsec);
        }
    }

    public void Add(Figures other)
    {
        foreach (ReportedState state in ReportedStates.All)
        {
            _usec[(int)state] += other.Usec(state);
        }

        foreach ((string why, long usec) in other._outOfAction)
        {
            AddOutOfAction(why, usec);
        }

        _handovers.AddRange(other._handovers);
        _overlaps.AddRange(other._overlaps);
        _delays.AddRange(other._delays);
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
