namespace HookAgent.Core;

/// <summary>Finds the name somebody most likely meant.</summary>
public static class NearestName
{
    /// <summary>
    /// The one of <paramref name="known"/> that takes the fewest edits to reach, letter case free of charge;
    /// of equals the first. Null where a third of the longer name and more would have to change.
    /// </summary>
    public static string? Of(string written, IEnumerable<string> known)
    {
        string? nearest = null;
        int fewest = int.MaxValue;
        foreach (string name in known)
        {
            // No known name is long; a long text is near none of them, and the table would grow with it.
            int edits = written.Length > 64 ? int.MaxValue : Edits(written, name);
            if (edits < fewest && edits * 3 <= Math.Max(written.Length, name.Length))
            {
                (nearest, fewest) = (name, edits);
            }
        }

        return nearest;
    }

    /// <summary>Levenshtein's distance, row by row, in which two neighbours in the wrong order are one edit.</summary>
    private static int Edits(string left, string right)
    {
        int[] beforePrevious = [];
        int[] previous = new int[right.Length + 1];
        for (int i = 0; i < previous.Length; i++)
        {
            previous[i] = i;
        }

        for (int at = 0; at < left.Length; at++)
        {
            int[] row = new int[right.Length + 1];
            row[0] = previous[0] + 1;
            for (int i = 0; i < right.Length; i++)
            {
                int change = Same(left[at], right[i]) ? 0 : 1;
                row[i + 1] = Math.Min(previous[i] + change, 1 + Math.Min(previous[i + 1], row[i]));
                if (at > 0 && i > 0 && Same(left[at], right[i - 1]) && Same(left[at - 1], right[i]))
                {
                    row[i + 1] = Math.Min(row[i + 1], 1 + beforePrevious[i - 1]);
                }
            }

            (beforePrevious, previous) = (previous, row);
        }

        return previous[^1];

        static bool Same(char one, char other) => char.ToLowerInvariant(one) == char.ToLowerInvariant(other);
    }
}
