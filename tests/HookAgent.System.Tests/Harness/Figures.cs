namespace HookAgent.SystemTests.Harness;

/// <summary>Words for figures.</summary>
internal static class Figures
{
    public static string Ms(this TimeSpan span) => FormattableString.Invariant($"{span.TotalMilliseconds:0.0} ms");

    public static TimeSpan Median(this IEnumerable<TimeSpan> spans)
    {
        TimeSpan[] sorted = [.. spans.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
