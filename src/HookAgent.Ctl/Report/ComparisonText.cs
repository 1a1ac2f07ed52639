using System.Globalization;
using HookAgent.Report;

namespace HookAgent.Ctl.Report;

/// <summary>Two reports side by side for people: a line a figure, named as in the JSON. Figures that are 0 or unknown in both are left out.</summary>
internal static class ComparisonText
{
    /// <summary>Beyond this ratio of the node time, counts and sums say more of the time than of what was changed.</summary>
    private const double MostUnlike = 1.1;

    public static void Write(Comparison comparison, TimeZoneInfo zone, TextWriter to)
    {
        foreach ((string which, ReportResult result) in ((string, ReportResult)[])[("before", comparison.Before), ("after ", comparison.After)])
        {
            to.WriteLine($"{which}  {ReportTime.Local(result.Span.From, zone)} to {ReportTime.Local(result.Span.To, zone)}");
        }

        to.WriteLine();
        TextTable table = new("FIGURE", "BEFORE", "AFTER", "DIFFERENCE", "RATIO");
        foreach (ComparedFigure figure in comparison.Figures())
        {
            if (figure is not { Before: null or 0, After: null or 0 })
            {
                table.Add(
                    figure.Name, Value(figure.Name, figure.Before), Value(figure.Name, figure.After), Difference(figure),
                    figure.Ratio is { } ratio ? ratio.ToString("0.00", CultureInfo.InvariantCulture) : "");
            }
        }

        table.Write(to);
        double unlike = (double)comparison.After.All.TotalUsec / Math.Max(1, comparison.Before.All.TotalUsec);
        if (unlike is > MostUnlike or < 1 / MostUnlike)
        {
            to.WriteLine();
            to.WriteLine("The two are of unlike node time: compare shares and percentiles rather than counts and sums.");
        }

        foreach ((string which, ReportResult result) in ((string, ReportResult)[])[("Before", comparison.Before), ("After", comparison.After)])
        {
            foreach (string note in ReportNotes.Of(result))
            {
                to.WriteLine();
                to.WriteLine($"{which}: {note}");
            }
        }
    }

    private static string Value(string name, double? known) => known switch
    {
        null => "?",
        { } value when IsTime(name) => ReportTime.Short((long)value),
        { } value when IsShare(name) => ReportTime.Percent(value),
        { } value => value.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>Of shares in percentage points.</summary>
    private static string Difference(ComparedFigure figure) => figure.Difference switch
    {
        null => "?",
        0 => "-",
        { } value => (value < 0 ? "-" : "+") + (IsShare(figure.Name)
            ? (Math.Abs(value) * 100).ToString("0.0", CultureInfo.InvariantCulture)
            : Value(figure.Name, Math.Abs(value))),
    };

    private static bool IsTime(string name) => name.EndsWith("usec", StringComparison.Ordinal);

    private static bool IsShare(string name) => name.EndsWith(".share", StringComparison.Ordinal);
}
