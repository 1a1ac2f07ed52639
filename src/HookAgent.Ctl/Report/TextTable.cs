namespace HookAgent.Ctl.Report;

/// <summary>A table for people: the first column to the left, the others, numbers, to the right.</summary>
internal sealed class TextTable(params string[] heads)
{
    private readonly List<string[]> _rows = [heads];

    public void Add(params string[] cells) => _rows.Add(cells);

    public void Write(TextWriter to)
    {
        int[] widths = [.. heads.Select((_, column) => _rows.Max(row => row[column].Length))];
        foreach (string[] row in _rows)
        {
            to.Write(row[0].PadRight(widths[0]));
            for (int column = 1; column < row.Length; column++)
            {
                to.Write("  ");
                to.Write(row[column].PadLeft(widths[column]));
            }

            to.WriteLine();
        }
    }
}
