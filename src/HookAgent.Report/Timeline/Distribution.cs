namespace HookAgent.Report.Timeline;

/// <summary>
/// How measured times lie, in µs. A percentile is the smallest measured value that as many percent of all do not
/// exceed (the nearest rank), so it is one that was measured, and the 99th of less than 100 values is the largest.
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
        long total = 0;
        foreach (long value in values)
        {
            total = ReportTime.Sum(total, value);
        }

        return new Distribution(values.Count, Rank(50), Rank(95), Rank(99), values[^1], total);

        long Rank(int percent) => values[(int)((((long)values.Count * percent) + 99) / 100) - 1];
    }
}
