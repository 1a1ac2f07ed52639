using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using HookAgent.Ctl.Tests.Harness;
using HookAgent.Tests;

namespace HookAgent.Ctl.Tests.Report;

/// <summary>The page of the report as a file; <see cref="PageInBrowserTests"/> has what a browser makes of it.</summary>
public sealed partial class PageTests
{
    [Fact]
    public void It_has_every_interval_with_its_jobs_and_handovers()
    {
        JsonNode report = Report(Page(new MadeJournal { Host = "com0" }.Started(0).State(1, "unknown", "settling", "idle-delay", 1)
            .State(6, "settling", "lending", "starting", 5).State(7, "lending", "lending", "running", 1)
            .Came(20, 17).State(20, "lending", "reclaiming", "stop-asked", 13).ProviderStopped(20.25, 13).State(20.25, "reclaiming", "busy", "jobs-recorded", 0.25)
            .HandedOver(20.25, 17, 0.252, 0.25).Left(30, 17).State(30, "busy", "settling", "idle-delay", 9.75).Add(40)));

        Assert.Equal(
            """[[0,"unknown","directory-unread"],[1000,"settling","idle-delay"],[6000,"lending","starting"],[7000,"lending","running"],[20000,"reclaiming","stop-asked","17"],[20250,"busy","jobs-recorded","17"],[30000,"settling","idle-delay"]]""",
            new JsonArray([.. Node(report)["intervals"]!.AsArray().Select(interval => (JsonNode)new JsonArray(
                [(int)interval![0]!, (string)report["states"]![(int)interval[1]!]!["word"]!, (string)report["reasons"]![(int)interval[2]!]!, .. interval.AsArray().Count > 3 ? (JsonNode[])[(string)interval[3]!] : []]))]).ToJsonString());
        Assert.Equal("[[20250,17,252,250]]", Node(report)["handovers"]!.ToJsonString());
        Assert.Equal(40000, (int)report["span"]!);
    }

    [Fact]
    public void It_names_no_address_and_forbids_every_request()
    {
        string page = Page(Idle("com0"));
        Assert.Contains("content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'\"", page, StringComparison.Ordinal);
        Assert.DoesNotMatch(Address(), page);
        Assert.DoesNotContain('@', page.Split("<script>")[0].Replace("@media", "", StringComparison.Ordinal));
    }

    [Fact]
    public void A_host_name_ends_neither_the_report_nor_the_title()
    {
        const string hostile = "</script><script>alert(1)//";
        string page = Page(Idle(hostile));
        Assert.Equal(hostile, (string)Node(Report(page))["name"]!);
        Assert.Equal(2, Regex.Count(page, "</script"));
        Assert.Contains("<title>&lt;/script&gt;&lt;script&gt;alert(1)//, ", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UTC", """[{"at":0,"offset":0,"name":"UTC"}]""")]
    [InlineData("Asia/Kolkata", """[{"at":0,"offset":19800000,"name":"IST"}]""")]
    // From the morning of 22 November 2026 until one o'clock UTC on 28 March 2027.
    [InlineData("Europe/Berlin", """[{"at":0,"offset":3600000,"name":"CET"},{"at":10861200000,"offset":7200000,"name":"CEST"}]""")]
    public void It_has_the_zone_and_what_the_zone_changes_to(string zone, string zones) =>
        Assert.Equal(zones, Report(Page(Idle("com0").Add(140 * 86400), zone))["zones"]!.ToJsonString());

    [Fact]
    public void Nodes_are_in_the_order_that_was_asked_for()
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder["a"], Idle("com0").Export());
        File.WriteAllBytes(folder["b"], new MadeJournal { Host = "com1" }.Started(0).State(1, "unknown", "settling", "idle-delay", 1).State(6, "settling", "lending", "running", 5).Add(40).Export());
        Assert.Equal((0, ""), Outcome(Hookctl.Run("report", "--sort", "lent", "--html", folder["page"], folder["a"], folder["b"])));
        Assert.Equal(["com1", "com0"], Report(File.ReadAllText(folder["page"]))["nodes"]!.AsArray().Select(static node => (string)node!["name"]!));
    }

    private static MadeJournal Idle(string host) => new MadeJournal { Host = host }.Started(0).State(1, "unknown", "settling", "idle-delay", 1).Add(40);

    private static string Page(MadeJournal journal, string zone = "UTC")
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder["journal"], journal.Export());
        Hookctl run = Hookctl.RunProgram("env", [$"TZ={zone}", Hookctl.Binary, "report", "--html", folder["page"], folder["journal"]]);
        Assert.Equal((0, ""), Outcome(run));
        return File.ReadAllText(folder["page"]);
    }

    private static (int ExitCode, string Errors) Outcome(Hookctl run) => (run.ExitCode, run.Errors);

    private static JsonNode Report(string page) => JsonNode.Parse(ReportElement().Match(page).Groups[1].Value)!;

    private static JsonNode Node(JsonNode report) => report["nodes"]![0]!;

    [GeneratedRegex("<script type=\"application/json\" id=\"report\">(.*)</script>")]
    private static partial Regex ReportElement();

    [GeneratedRegex("""https?:|src=|href=|url\(|@import|fetch\(|XMLHttpRequest""")]
    private static partial Regex Address();
}
