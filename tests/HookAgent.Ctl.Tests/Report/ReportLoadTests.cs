using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using HookAgent.Ctl.Tests.Harness;
using HookAgent.Tests;
using Xunit.Abstractions;

namespace HookAgent.Ctl.Tests.Report;

/// <summary>The published program with the journals of a cluster.</summary>
public sealed class ReportLoadTests(ITestOutputHelper output)
{
    private const int Nodes = 300;
    private const int Megabyte = 1024;

    [Theory]
    [InlineData("export")]
    [InlineData("json")]
    public void A_hundred_thousand_events_of_300_nodes_take_little_memory(string format) => Report(format, 100_000);

    [Theory]
    [Trait("Duration", "long")]
    [InlineData("export")]
    [InlineData("json")]
    public void A_million_events_of_300_nodes_take_less_than_300_MB(string format) => Report(format, 1_000_000);

    private void Report(string format, int least)
    {
        using TemporaryFolder folder = new();
        int events = MadeCluster.Write(folder.Path, format == "json", Nodes, least, seed: 7);
        Assert.True(events >= least);

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
        Assert.Equal(Nodes, Regex.Count(File.ReadAllText(folder["all.svg"]), "class=\"lane\""));
        string[] figures = File.ReadAllText(folder["time"]).Split((char[])[' ', '\n']);
        int peak = int.Parse(figures[1], CultureInfo.InvariantCulture) / Megabyte;
        output.WriteLine($"figure: hookctl report, {events} events of {Nodes} nodes as {format}: {figures[0]} s, {peak} MB");
        Assert.InRange(peak, 1, 300);
    }
}
