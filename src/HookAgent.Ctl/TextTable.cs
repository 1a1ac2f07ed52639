namespace HookAgent.Ctl;

/// <summary>Rows whose columns stand below each other, two blanks apart. The last column is not padded.</summary>
internal static class TextTable
{
    public static void Write(TextWriter to, IEnumerable<string[]> rows, int indent = 0)
    {
        string[][] all = [.. rows];
        List<int> widths = [];
        foreach (string[] row in all)
        {
            for (int column = 0; column < row.Length; column++)
            {
                if (column == widths.Count)
                {
                    widths.Add(0);
                }

                widths[column] = Math.Max(widths[column], row[column].Length);
            }
        }

        foreach (string[] row in all)
        {
            string line = string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column])));
            to.WriteLine($"{new string(' ', indent)}{line.TrimEnd()}");
        }
    }
}
