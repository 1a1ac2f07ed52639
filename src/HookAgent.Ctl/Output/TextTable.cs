namespace HookAgent.Ctl.Output;

/// <summary>Rows whose columns stand below each other, two blanks apart.</summary>
internal static class TextTable
{
    /// <param name="areNumbers">All columns but the first are aligned to the right.</param>
    /// <param name="width">Of the terminal. The last column is wrapped into it; of numbers, a first cell that is too long has a line of its own.</param>
    public static void Write(TextWriter to, IEnumerable<string[]> rows, int indent = 0, bool areNumbers = false, int width = int.MaxValue)
    {
        string[][] all = [.. rows];
        int[] widths = [.. Enumerable.Range(0, all.Max(static row => row.Length)).Select(column => all.Max(row => row.ElementAtOrDefault(column)?.Length ?? 0))];
        int others = widths.Sum(static column => column + 2) - widths[0] - 2;
        if (areNumbers)
        {
            widths[0] = Math.Min(widths[0], Math.Max(0, width - indent - others));
        }

        int last = indent + widths[0] + others - widths[^1];
        foreach (string[] row in all)
        {
            if (row[0].Length > widths[0])
            {
                to.WriteLine($"{new string(' ', indent)}{row[0]}");
            }

            string line = string.Join("  ", row.Select((cell, column) =>
                areNumbers && column > 0 ? cell.PadLeft(widths[column]) : (cell.Length > widths[column] ? "" : cell).PadRight(widths[column])));
            to.WriteLine(WordWrap.Of($"{new string(' ', indent)}{line.TrimEnd()}", width, last));
        }
    }
}
