using System.Text;
using System.Text.Json.Nodes;
using HookAgent.Ctl.Tests.Harness;
using HookAgent.Tests;

namespace HookAgent.Ctl.Tests.Report;

/// <summary>One run of hookctl report on files, and what came of it.</summary>
internal sealed record Reported(Hookctl Run, string[] Intervals)
{
    public JsonNode Json => JsonNode.Parse(Run.Output)!;

    public JsonNode All => Json["all"]!;

    public static Reported Of(MadeJournal journal, params string[] options) => Of([journal.Export()], options);

    public static Reported Of(byte[] file, params string[] options) => Of([file], options);

    /// <summary>As JSON, with the intervals: "com0 lending running 60 17", the seconds and the jobs last.</summary>
    public static Reported Of(byte[][] files, params string[] options)
    {
        using TemporaryFolder folder = new();
        string[] names = [.. files.Select((bytes, i) => (Path: folder[$"file{i}"], Bytes: bytes)).Select(static file =>
        {
            File.WriteAllBytes(file.Path, file.Bytes);
            return file.Path;
        })];
        Hookctl run = Hookctl.Run(["report", "--json", "--csv", folder["csv"], .. options, .. names]);
        return new Reported(
            run with { Errors = run.Errors.Replace(folder.Path, "", StringComparison.Ordinal) },
            File.Exists(folder["csv"]) ? [.. File.ReadAllLines(folder["csv"])[1..].Select(Short)] : []);
    }

    private static string Short(string row)
    {
        string[] cells = row.Split(',');
        return $"{cells[0]} {cells[2]} {cells[3]} {double.Parse(cells[6], System.Globalization.CultureInfo.InvariantCulture):0.###} {cells[7]}".TrimEnd();
    }
}
