namespace HookAgent.Core.Text;

/// <summary>Numbers as Slurm writes lists of them: 1, 2, 3 and 7 as "1-3" and "7".</summary>
public static class NumberRanges
{
    /// <param name="sorted">The smallest first, none twice.</param>
    /// <param name="digits">How one number is written.</param>
    public static IEnumerable<string> Of(IReadOnlyList<long> sorted, Func<long, string> digits)
    {
        for (int first = 0; first < sorted.Count;)
        {
            int last = first;
            while (last + 1 < sorted.Count && sorted[last + 1] == sorted[last] + 1)
            {
                last++;
            }

            yield return first == last ? digits(sorted[first]) : $"{digits(sorted[first])}-{digits(sorted[last])}";
            first = last + 1;
        }
    }
}
