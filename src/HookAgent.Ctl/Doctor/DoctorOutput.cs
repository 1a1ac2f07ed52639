using System.Text.Json.Nodes;
using HookAgent.Ctl.Output;

namespace HookAgent.Ctl.Doctor;

/// <summary>The findings for people and for programs.</summary>
internal static class DoctorOutput
{
    private const int WordWidth = 7;

    /// <summary>For people: a line a check, and below it what fixes it.</summary>
    public static void Write(IReadOnlyList<CheckGroup> groups, Terminal terminal)
    {
        int width = groups.SelectMany(static group => group.Findings).Max(static finding => finding.Check.Length);
        foreach (CheckGroup group in groups.Where(static group => group.Findings.Count > 0))
        {
            terminal.Out.WriteLine(group.Heading);
            foreach (Finding finding in group.Findings)
            {
                string word = terminal.Paint(Word(finding.Verdict).PadRight(WordWidth), ColourOf(finding.Verdict));
                terminal.Out.WriteLine($"  {word}  {finding.Check.PadRight(width)}  {finding.Text}");
                if (finding.Fix is { } fix)
                {
                    terminal.Out.WriteLine($"  {new string(' ', WordWidth)}  {new string(' ', width)}  -> {fix}");
                }
            }
        }

        terminal.Out.WriteLine();
        terminal.Out.WriteLine(Summary(groups));
    }

    /// <summary>For programs, as hookctl(1) documents it key by key.</summary>
    public static JsonObject Json(IReadOnlyList<CheckGroup> groups)
    {
        Finding[] all = [.. groups.SelectMany(static group => group.Findings)];
        return new JsonObject
        {
            ["faults"] = all.Count(static finding => finding.Verdict == Verdict.Fault),
            ["warnings"] = all.Count(static finding => finding.Verdict == Verdict.Warning),
            ["checks"] = new JsonArray([.. all.Select(static finding => new JsonObject
            {
                ["check"] = finding.Check,
                ["verdict"] = Word(finding.Verdict),
                ["text"] = finding.Text,
                ["fix"] = finding.Fix,
            })]),
        };
    }

    /// <summary>How many of each, the worst first: "1 fault, 30 ok".</summary>
    private static string Summary(IReadOnlyList<CheckGroup> groups)
    {
        List<string> parts = [];
        foreach (Verdict verdict in (Verdict[])[Verdict.Fault, Verdict.Warning, Verdict.Unseen, Verdict.Ok])
        {
            int count = groups.Sum(group => group.Findings.Count(finding => finding.Verdict == verdict));
            if (count > 0)
            {
                parts.Add($"{count} {Word(verdict)}");
            }
        }

        return string.Join(", ", parts);
    }

    private static string Word(Verdict verdict) => verdict switch
    {
        Verdict.Ok => "ok",
        Verdict.Unseen => "unseen",
        Verdict.Warning => "warning",
        Verdict.Fault => "fault",
    };

    private static Colour ColourOf(Verdict verdict) => verdict switch
    {
        Verdict.Ok => Colour.Green,
        Verdict.Unseen => Colour.Plain,
        Verdict.Warning => Colour.Yellow,
        Verdict.Fault => Colour.Red,
    };
}
