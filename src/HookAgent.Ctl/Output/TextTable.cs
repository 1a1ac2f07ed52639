namespace HookAgent.Ctl.Output;

/// <summary>Rows whose columns stand below each other, two blanks apart.</summary>
internal static class TextTable
{
    /// <param name="areNumbers">All columns but the first are aligned to the right.</param>
    /// <param name="width">Of the terminal: the last column is wrapped into it.</param>
    public static void Write(TextWriter to, IEnumerable<string[]> rows, int indent = 0, bool areNumbers = false, int width = int.MaxValue)
    {
        string[][] all = [.. rows];
        int[] widths = [.. Enumerable.Range(0, all.Max(static row => row.Length)).Select(column => all.Max(row => row.ElementAtOrDefault(column)?.Length ?? 0))];
        int last = indent + widths[..^1].Sum(static column => column + 2);
        foreach (string[] row in all)
        {
            string line = string.Join("  ", row.Select((cell, column) => areNumbers && column > 0 ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column])));
            to.WriteLine(WordWrap.Of($"{new string(' ', indent)}{line.TrimEnd()}", width, last));
        }
    }
}
