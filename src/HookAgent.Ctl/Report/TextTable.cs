namespace HookAgent.Ctl.Report;

/// <summary>A table for people: the first column to the left, the others, numbers, to the right.</summary>
internal sealed class TextTable(params string[] heads)
{
    private readonly List<string[]> _rows = [heads];

    public void Add(params string[] cells) => _rows.Add(cells);

    public void Write(TextWriter to)
    {
        int[] widths = new int[heads.Length];
        foreach (string[] row in _rows)
        {
            for (int column = 0; column < widths.Length; column++)
            {
                widths[column] = Math.Max(widths[column], row[column].Length);
            }
        }

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
