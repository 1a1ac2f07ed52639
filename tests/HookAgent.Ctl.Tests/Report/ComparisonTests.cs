using System.Text.Json.Nodes;
using HookAgent.Ctl.Output;
using HookAgent.Ctl.Tests.Harness;
using HookAgent.Tests;

namespace HookAgent.Ctl.Tests.Report;

/// <summary>Two sets of journals side by side.</summary>
public sealed class ComparisonTests
{
    [Fact]
    public void People_see_both_the_difference_and_the_ratio()
    {
        using TemporaryFolder folder = Sets();

        Hookctl run = Hookctl.Run("report", "--compare", folder["before"], folder["after"]);
        Assert.Equal("", run.Errors);
        Assert.Equal(0, run.ExitCode);
        string[] lines = run.Output.Split('\n');
        Assert.StartsWith("before  ", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("after   ", lines[1], StringComparison.Ordinal);
        string[] rows = [.. lines.Skip(3).TakeWhile(static line => line.Length > 0).Select(static line => string.Join('|', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))];
        Assert.Equal("FIGURE|BEFORE|AFTER|DIFFERENCE|RATIO", rows[0]);
        Assert.Contains("nodes|2|1|-1|0.50", rows);
        Assert.Contains("states.lending.share|40.0|%|80.0|%|+40.0|pp|2.00", rows);
        Assert.Contains("handovers.max_usec|500|ms|250|ms|-250|ms|0.50", rows);
        Assert.Contains("tasks.aborted|4|1|-3|0.25", rows);
        Assert.Contains("tasks.lost_usec|24|s|2|s|-22|s|0.08", rows);
        Assert.Contains("provider.starts|2|1|-1|0.50", rows);
        Assert.DoesNotContain(rows, static row => row.StartsWith("crashes|", StringComparison.Ordinal));
        Assert.Contains("The two differ in node time: compare shares and percentiles rather than counts and sums.", lines);
    }

    [Fact]
    public void Programs_get_both_reports_and_every_figure()
    {
        using TemporaryFolder folder = Sets();

        JsonNode json = JsonNode.Parse(Hookctl.Run("report", "--json", "--compare", folder["before"], folder["after"]).Output)!;
        Assert.Equal(["before", "after", "figures"], json.AsObject().Select(static pair => pair.Key));
        Assert.Equal(JsonNode.Parse(Hookctl.Run("report", "--json", folder["before"]).Output)!.ToJsonString(), json["before"]!.ToJsonString());
        Assert.Equal(JsonNode.Parse(Hookctl.Run("report", "--json", folder["after"]).Output)!.ToJsonString(), json["after"]!.ToJsonString());
        Assert.Equal("""{"before":24000000,"after":2000000,"difference":-22000000,"ratio":0.083333}""", json["figures"]!["tasks.lost_usec"]!.ToJsonString());
        Assert.Equal(Leaves("", json["before"]!["all"]!), json["figures"]!.AsObject().Select(static pair => pair.Key).Skip(3));
    }

    [Fact]
    public void What_is_unknown_in_one_of_them_is_not_compared()
    {
        using TemporaryFolder folder = Sets();
        File.WriteAllBytes(folder["agent"], new MadeJournal().Started(1).State(2, "unknown", "lending", "starting").Add(60).Export());

        foreach ((string one, string other, string row) in (ValueTuple<string, string, string>[])[("before", "agent", "tasks.aborted 4 ? ?"), ("agent", "before", "tasks.aborted ? 4 ?")])
        {
            Hookctl run = Hookctl.Run("report", "--compare", folder[one], folder[other]);
            Assert.Contains(row, run.Output.Split('\n').Select(static line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))));
            JsonNode figure = JsonNode.Parse(Hookctl.Run("report", "--json", "--compare", folder[one], folder[other]).Output)!["figures"]!["tasks.aborted"]!;
            Assert.Null(figure["difference"]);
            Assert.Null(figure["ratio"]);
        }
    }

    [Theory]
    [InlineData("--compare needs two files, or folders of files: before and after", "a")]
    [InlineData("--compare needs two files, or folders of files: before and after", "a", "b", "c")]
    [InlineData("--compare takes each of the two whole, so neither --since nor --until", "a", "b", "--since", "today")]
    [InlineData("--compare goes with neither --csv, --lendings, --svg nor --html, which are of one report", "a", "b", "--svg", "c")]
    public void A_wrong_command_line_says_what_is_wrong(string complaint, params string[] arguments) =>
        Assert.Equal(new Hookctl(ExitCode.Usage, "", $"hookctl: {complaint}\n"), Hookctl.Run(["report", "--compare", .. arguments]));

    [Fact]
    public void One_that_cannot_be_read_is_named()
    {
        using TemporaryFolder folder = Sets();
        Directory.CreateDirectory(folder["empty"]);

        Hookctl run = Hookctl.Run("report", "--compare", folder["before"], folder["empty"]);
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith($"hookctl: there is no file in the folder {folder["empty"]}; write one a node into it, with 'journalctl -o export'.\n", run.Errors, StringComparison.Ordinal);
    }

    /// <summary>Two nodes that lose two tasks each of 6 s, in a folder; one node, lent for longer, that loses one of 2 s, as JSON.</summary>
    private static TemporaryFolder Sets()
    {
        TemporaryFolder folder = new();
        Directory.CreateDirectory(folder["before"]);
        foreach (string host in (string[])["com0", "com1"])
        {
            File.WriteAllBytes(Path.Combine(folder["before"], host), Node(host, lentUntil: 60, handover: 0.5, "6", "6").Export());
        }

        File.WriteAllBytes(folder["after"], Node("com0", lentUntil: 100, handover: 0.25, "2").Json());
        return folder;
    }

    /// <summary>Lent from 20 s on, of 100 s.</summary>
    private static MadeJournal Node(string host, double lentUntil, double handover, params string[] ages) => new MadeJournal { Host = host }
        .Started(0).State(0, "unknown", "settling", "idle-delay").State(20, "settling", "lending", "starting", 20)
        .ProviderStarts(20.2).ProviderConnects(20.4).TaskStarts(20.6, "1")
        .State(lentUntil, "lending", "reclaiming", "stop-asked", lentUntil - 20)
        .ProviderAborts(lentUntil, [.. ages.Select(static (age, i) => ($"\"{i}\"", age))])
        .ProviderStopped(lentUntil, lentUntil - 20.3, "second-signal").State(lentUntil, "reclaiming", "busy", "jobs-recorded")
        .HandedOver(lentUntil, 5, handover).Add(100);

    private static IEnumerable<string> Leaves(string prefix, JsonNode node) => node.AsObject().SelectMany(pair =>
        pair.Value is JsonObject inner ? Leaves($"{prefix}{pair.Key}.", inner) : [$"{prefix}{pair.Key}"]);
}
