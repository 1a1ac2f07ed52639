using System.Text.Json.Nodes;
using HookAgent.Ctl.Output;

namespace HookAgent.Ctl.Doctor;

/// <summary>The findings for people and for programs.</summary>
internal static class DoctorOutput
{
    private const int WordWidth = 7;

    /// <summary>For people: a line a check, the worst of its group first, and below it what fixes it.</summary>
    /// <param name="all">Also what is as it should be; otherwise only what is not.</param>
    /// <param name="legend">Whether to end with how many of each there are.</param>
    public static void Write(IReadOnlyList<CheckGroup> groups, Terminal terminal, bool all, bool legend)
    {
        const int indent = 2 + WordWidth + 2;
        CheckGroup[] shown =
        [
            .. groups.Select(group => group with { Findings = [.. group.Findings.Where(finding => all || group.IsAsked || finding.Verdict != Verdict.Ok).OrderByDescending(static finding => finding.Verdict)] })
                .Where(static group => group.Findings.Count > 0),
        ];
        int width = shown.SelectMany(static group => group.Findings).Select(static finding => finding.Check.Length).DefaultIfEmpty().Max();
        foreach (CheckGroup group in shown)
        {
            terminal.Out.WriteLine(group.Heading);
            foreach (Finding finding in group.Findings)
            {
                string word = terminal.Paint(Word(finding.Verdict).PadRight(WordWidth), ColourOf(finding.Verdict));
                terminal.Say($"  {word}  {finding.Check.PadRight(width)}  {finding.Text}", indent);
                if (finding.Fix is { } fix)
                {
                    string[] lines = fix.Split('\n');
                    terminal.Say($"{new string(' ', indent)}-> {lines[0]}", indent + 3);
                    foreach (string line in lines[1..])
                    {
                        // One that is to be written is not broken.
                        terminal.Out.WriteLine($"{new string(' ', indent + 3)}{line}");
                    }
                }
            }
        }

        if (legend)
        {
            terminal.Out.WriteLine(shown.Length > 0 ? "\n" + Summary(groups) : $"Nothing is wrong: {Summary(groups)}. 'hookctl doctor --all' lists them.");
        }
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

    /// <summary>How many of each, the worst first: "1 fault, 2 warnings, 30 ok".</summary>
    public static string Summary(IReadOnlyList<CheckGroup> groups)
    {
        List<string> parts = [];
        foreach (Verdict verdict in (Verdict[])[Verdict.Fault, Verdict.Warning, Verdict.Unseen, Verdict.Ok])
        {
            int count = groups.Sum(group => group.Findings.Count(finding => finding.Verdict == verdict));
            if (count > 0)
            {
                parts.Add(verdict is Verdict.Fault or Verdict.Warning ? Plural.Of(count, Word(verdict)) : $"{count} {Word(verdict)}");
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
