namespace HookAgent.Ctl;

/// <summary>Rows whose columns stand below each other, two blanks apart. The last column is not padded.</summary>
internal static class TextTable
{
    public static void Write(TextWriter to, IEnumerable<string[]> rows, int indent = 0)
    {
        string[][] all = [.. rows];
        int[] widths = [.. Enumerable.Range(0, all.Max(static row => row.Length)).Select(column => all.Max(row => row.Length > column ? row[column].Length : 0))];
        foreach (string[] row in all)
        {
            string line = string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column])));
            to.WriteLine($"{new string(' ', indent)}{line.TrimEnd()}");
        }
    }
}
