namespace HookAgent.Report.Timeline;

/// <summary>What the report counts, of one node or of all.</summary>
internal sealed class Figures
{
    private readonly long[] _usec = new long[LaneStates.Count];
    private readonly List<long> _handovers = [];
    private readonly List<long> _overlaps = [];

    /// <summary>Ids of the jobs seen; one that was requeued or runs on several nodes is there more than once.</summary>
    public List<uint> Jobs { get; } = [];

    public int Starts { get; set; }

    /// <summary>Lendings that ended before the provider had been up for as long as the report was told.</summary>
    public int Short { get; set; }

    public int FailedStarts { get; set; }

    public int Boots { get; set; }

    /// <summary>Boots that ended without a stop of the agent.</summary>
    public int Crashes { get; set; }

    /// <summary>Starts of the agent without a stop before it, in the same boot.</summary>
    public int Kills { get; set; }

    public int ClockSteps { get; set; }

    /// <summary>How often the agent told that it had to drop entries.</summary>
    public int EntriesLost { get; set; }

    /// <summary>Null where no provider's journal was read.</summary>
    public TaskFigures? Tasks { get; set; }

    public long TotalUsec
    {
        get
        {
            long total = 0;
            foreach (long usec in _usec)
            {
                total += usec;
            }

            return total;
        }
    }

    public long Usec(LaneState state) => _usec[(int)state];

    /// <summary>0 to 1; 0 where there was no time.</summary>
    public double Share(LaneState state) => TotalUsec == 0 ? 0 : (double)Usec(state) / TotalUsec;

    public int JobCount
    {
        get
        {
            Jobs.Sort();
            int count = 0;
            for (int i = 0; i < Jobs.Count; i++)
            {
                count += i == 0 || Jobs[i] != Jobs[i - 1] ? 1 : 0;
            }

            return count;
        }
    }

    public Distribution Handovers => Distribution.Of(_handovers);

    /// <summary>Of those handovers in which job and provider shared the node at all.</summary>
    public Distribution Overlaps => Distribution.Of(_overlaps);

    public void Add(LaneState state, long usec) => _usec[(int)state] += usec;

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
        for (int i = 0; i < _usec.Length; i++)
        {
            _usec[i] += other._usec[i];
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
