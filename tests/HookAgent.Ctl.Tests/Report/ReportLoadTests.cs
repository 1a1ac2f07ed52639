using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using HookAgent.Ctl.Output;
using HookAgent.Ctl.Tests.Harness;
using HookAgent.Tests;
using Xunit.Abstractions;

namespace HookAgent.Ctl.Tests.Report;

/// <summary>The published program with the journals of a cluster.</summary>
public sealed class ReportLoadTests(ITestOutputHelper output)
{
    private const int Nodes = 300;
    private const int Megabyte = 1024;
    private const int TasksPerLending = 40;

    [Theory]
    [InlineData("export")]
    [InlineData("json")]
    public void A_hundred_thousand_events_of_300_nodes_take_little_memory(string format) => Report(format, 100_000);

    [Theory]
    [Trait("Duration", "long")]
    [InlineData("export")]
    [InlineData("json")]
    public void A_million_events_of_300_nodes_take_less_than_300_MB(string format) => Report(format, 1_000_000);

    [Fact]
    public void A_hundred_thousand_entries_of_which_most_are_the_providers_take_little_memory() => Report("export", 100_000, TasksPerLending);

    [Theory]
    [Trait("Duration", "long")]
    [InlineData("export")]
    [InlineData("json")]
    public void A_million_entries_of_which_most_are_the_providers_take_less_than_300_MB(string format) => Report(format, 1_000_000, TasksPerLending);

    [Fact]
    [Trait("Duration", "long")]
    public void A_day_of_ten_thousand_nodes_takes_less_than_a_gigabyte()
    {
        const int nodes = 10_000;
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder["day"]);
        ClusterDay.Write(folder["day"], nodes);
        Hookctl run = Hookctl.RunProgram("/usr/bin/time", ["--format=%e %M", $"--output={folder["time"]}", Hookctl.Binary, "report", "--json", "--html", folder["all.html"], "--svg", folder["all.svg"], folder["day"]]);

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        JsonNode told = JsonNode.Parse(run.Output)!;
        Assert.Equal(nodes, told["nodes"]!.AsArray().Count);
        string[] figures = File.ReadAllText(folder["time"]).Split((char[])[' ', '\n']);
        int peak = int.Parse(figures[1], CultureInfo.InvariantCulture) / Megabyte;
        output.WriteLine($"figure: hookctl report, a day of {nodes} nodes, {(int)told["read"]!["entries"]!} entries, with page ({new FileInfo(folder["all.html"]).Length >> 20} MB) and picture: {figures[0]} s, {peak} MB");
        Assert.InRange(peak, 1, 1000);
    }

    private void Report(string format, int least, int tasks = 0)
    {
        using TemporaryFolder folder = new();
        int events = MadeCluster.Write(folder.Path, format == "json", Nodes, least, seed: 7, tasks);
        Assert.True(events >= least || tasks > 0);

        // "%e %M": seconds, and the peak of the resident memory in KB.
        string[] report = ["--format=%e %M", $"--output={folder["time"]}", Hookctl.Binary, "report", "--json", "--csv", folder["all.csv"], "--svg", folder["all.svg"]];
        Hookctl run = Hookctl.RunProgram("/usr/bin/time", [.. report, .. Directory.GetFiles(folder.Path, $"*.{format}")]);

        Assert.Equal("", run.Errors);
        Assert.Equal(0, run.ExitCode);
        JsonNode told = JsonNode.Parse(run.Output)!;
        Assert.Equal(events, (int)told["read"]!["events"]!);
        Assert.Equal(0, (int)told["read"]!["damaged_entries"]!);
        Assert.Equal(Nodes, told["nodes"]!.AsArray().Count);
        int jobs = (events / Nodes - 2) / 9;
        Assert.Equal(Nodes * jobs, (int)told["all"]!["jobs"]!);
        Assert.Equal(Nodes * jobs, (int)told["all"]!["handovers"]!["count"]!);
        Assert.True((int)told["read"]!["entries"]! >= least);
        if (tasks > 0)
        {
            Assert.Equal(
                $$"""{"started":{{Nodes * jobs * tasks}},"aborted":{{Nodes * jobs}},"lost_usec":{{Nodes * jobs * 1_500_000L}},"aborted_untimed":0,"lendings":{{Nodes * jobs}},"lendings_without_task":0,"ends_untold":0,"lines_dropped":0,"nodes":{{Nodes}}}""",
                told["all"]!["tasks"]!.ToJsonString());
        }

        Assert.Equal(Nodes, Regex.Count(File.ReadAllText(folder["all.svg"]), "class=\"lane\""));
        string[] figures = File.ReadAllText(folder["time"]).Split((char[])[' ', '\n']);
        int peak = int.Parse(figures[1], CultureInfo.InvariantCulture) / Megabyte;
        output.WriteLine($"figure: hookctl report, {(int)told["read"]!["entries"]!} entries of {Nodes} nodes as {format}: {figures[0]} s, {peak} MB");
        Assert.InRange(peak, 1, 300);
    }
}
