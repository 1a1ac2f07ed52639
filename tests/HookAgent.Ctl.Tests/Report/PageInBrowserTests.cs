using System.Globalization;
using System.Text.Json.Nodes;
using HookAgent.Ctl.Tests.Harness;
using HookAgent.Tests;
using Xunit.Abstractions;

namespace HookAgent.Ctl.Tests.Report;

/// <summary>The page of the report in a real browser: what it shows, tells and finds. With HOOKAGENT_SCREENSHOTS, a folder, pictures of it.</summary>
[Trait("Duration", "long")]
[Trait("Kind", "browser")]
public sealed class PageInBrowserTests(ITestOutputHelper output)
{
    private const string ArrowDown = "\uE015";
    private const string ArrowRight = "\uE014";
    private const string Escape = "\uE00C";
    private const string End = "\uE010";

    [Fact]
    public void Three_nodes_are_told_to_the_pointer_and_to_the_keys()
    {
        using TemporaryFolder folder = new();
        ClusterDay.Write(folder.Path, 3);
        using Browser browser = Open(folder);
        Keep(browser, "report-3");

        Assert.Equal(3, Count(browser, ".row"));
        Assert.Equal(["com0", "com1", "com2"], Texts(browser, ".row span"));
        Assert.Equal("3 nodes", (string?)browser.Run("return document.getElementById('count').textContent"));

        JsonNode canvas = browser.Run("const b = document.querySelectorAll('.row canvas')[1].getBoundingClientRect(); return [b.left + b.width / 2, b.top + b.height / 2]")!;
        browser.Point((double)canvas[0]!, (double)canvas[1]!);
        browser.Until("!document.getElementById('tip').hidden");
        Assert.Matches(@"\Acom1: (lending|busy) \([a-z-]+\), .+\n\w{3} \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC to \w{3} ", Tip(browser));
        Keep(browser, "report-3-pointer");

        browser.Run("document.getElementById('lanes').focus()");
        browser.Type(ArrowDown + ArrowRight + ArrowRight);
        string second = Tip(browser);
        browser.Type(ArrowDown);
        string below = Tip(browser);
        browser.Type(End);
        string last = Tip(browser);
        Assert.StartsWith("com0: ", second, StringComparison.Ordinal);
        Assert.StartsWith("com1: ", below, StringComparison.Ordinal);
        Assert.StartsWith("com1: ", last, StringComparison.Ordinal);
        browser.Type(Escape);
        Assert.True((bool?)browser.Run("return document.getElementById('tip').hidden"));
        Assert.Empty(browser.Log("browser"));
    }

    [Fact]
    public void A_busy_interval_tells_its_job_and_the_handover()
    {
        using TemporaryFolder folder = new();
        ClusterDay.Write(folder.Path, 3);
        using Browser browser = Open(folder);

        string told = (string)browser.Run("const i = nodes[0].intervals.findIndex(one => states[one[1]].word === 'busy'); choose(0, i); return document.getElementById('tip').textContent")!;
        Assert.Matches(@"\Acom0: busy \(jobs-recorded\), .+\n.+ to .+\nJob 1\n", told);
        Assert.Matches(@"\nHandover to job 1: provider gone after [0-9.]+ m?s, overlap [0-9.]+ m?s at most", told);
    }

    [Theory]
    [InlineData("com[0-9,171]", 11)]
    [InlineData("com29?", 10)]
    [InlineData("*", 300)]
    [InlineData("com5", 11)] // com5 and com50 to com59, as one types.
    [InlineData("gpu", 0)]
    public void A_filter_shows_nodes_by_name(string filter, int count)
    {
        using TemporaryFolder folder = new();
        ClusterDay.Write(folder.Path);
        using Browser browser = Open(folder);

        browser.Run("document.getElementById('filter').focus()");
        browser.Type(filter);
        Assert.Equal(count, (int)browser.Run("return shown.nodes.length")!);
        Assert.StartsWith(count == 300 ? "300 nodes" : $"{count} of 300 nodes", (string)browser.Run("return document.getElementById('count').textContent")!, StringComparison.Ordinal);
        Assert.Empty(browser.Log("browser"));
    }

    [Fact]
    public void A_state_shows_the_nodes_that_were_in_it()
    {
        using TemporaryFolder folder = new();
        ClusterDay.Write(folder.Path);
        using Browser browser = Open(folder);

        JsonNode failed = browser.Run("const b = [...document.querySelectorAll('#states button')].find(b => b.textContent.startsWith('failed')).getBoundingClientRect(); return [b.left + 5, b.top + 5]")!;
        browser.Point((double)failed[0]!, (double)failed[1]!, click: true);
        Assert.Equal(["com40", "com41", "com42", "com43", "com44", "com45"], Texts(browser, ".row span"));
        Keep(browser, "report-300-failed");
    }

    [Fact]
    public void A_day_of_300_nodes_asks_for_nothing_and_scrolls_without_a_stall()
    {
        using TemporaryFolder folder = new();
        ClusterDay.Write(folder.Path);
        using Browser browser = Open(folder);
        Keep(browser, "report-300");

        string address = new Uri(folder["report.html"]).AbsoluteUri;
        Assert.Equal([address], browser.Requests(address));
        Assert.InRange(Count(browser, ".row"), 20, 120);

        // A screen's height at a time down to the end and up again, each frame as it comes; a stall is a frame that takes long.
        double[] frames = [.. browser.RunAsync("""
            const done = arguments[0], lanes = document.getElementById('lanes'), frames = [];
            let last = performance.now(), step = 60;
            requestAnimationFrame(function frame(now) {
                frames.push(now - last);
                last = now;
                lanes.scrollTop += step;
                if (lanes.scrollTop + lanes.clientHeight >= lanes.scrollHeight) step = -60;
                if (lanes.scrollTop > 0) requestAnimationFrame(frame); else done(frames);
            });
            """)!.AsArray().Select(static frame => (double)frame!)];
        Array.Sort(frames);
        double draw = (double)browser.Run("const from = performance.now(); for (let i = 0; i < 10; i++) drawAll(); return (performance.now() - from) / 10")!;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"figure: page of 300 nodes: {new FileInfo(folder["report.html"]).Length / 1024} KiB, {frames.Length} frames, median {frames[frames.Length / 2]:0} ms, p99 {frames[frames.Length * 99 / 100]:0} ms, longest {frames[^1]:0} ms; all drawn anew in {draw:0} ms"));
        Assert.True(frames.Length > 50);
        browser.Run("lanes.scrollTop = lanes.scrollHeight");
        browser.Until("[...document.querySelectorAll('.row span')].some(label => label.textContent === 'com299')");
        Assert.Empty(browser.Log("browser"));
    }

    [Fact]
    public void Zoom_keeps_the_chosen_interval_in_sight()
    {
        using TemporaryFolder folder = new();
        ClusterDay.Write(folder.Path, 3);
        using Browser browser = Open(folder);

        browser.Run("choose(1, 5); lanes.focus()");
        string before = Tip(browser);
        browser.Type("++++");
        Assert.Equal(before, Tip(browser));
        Assert.Equal(1.0 / 16, (double)browser.Run("return (shown.to - shown.from) / span")!, 3);
        Assert.True((bool?)browser.Run("const [from] = nodes[1].intervals[5]; return from < shown.to && nodes[1].intervals[6][0] > shown.from"));
        Keep(browser, "report-3-closer");
        browser.Type("0");
        Assert.Equal(1.0, (double)browser.Run("return (shown.to - shown.from) / span")!);
    }

    private static Browser Open(TemporaryFolder folder)
    {
        Hookctl run = Hookctl.RunProgram("env", ["TZ=UTC", Hookctl.Binary, "report", "--summary", "--html", folder["report.html"], .. Directory.GetFiles(folder.Path, "*.export")]);
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Browser browser = new();
        browser.Open(new Uri(folder["report.html"]).AbsoluteUri);
        browser.Until("document.querySelector('.row')");
        return browser;
    }

    private static int Count(Browser browser, string selector) => (int)browser.Run($"return document.querySelectorAll('{selector}').length")!;

    private static string[] Texts(Browser browser, string selector) =>
        [.. browser.Run($"return [...document.querySelectorAll('{selector}')].map(one => one.textContent)")!.AsArray().Select(static text => (string)text!)];

    private static string Tip(Browser browser) => (string)browser.Run("return document.getElementById('tip').textContent")!;

    private static void Keep(Browser browser, string name)
    {
        if (Environment.GetEnvironmentVariable("HOOKAGENT_SCREENSHOTS") is { Length: > 0 } folder)
        {
            File.WriteAllBytes(Path.Combine(folder, $"{name}.png"), browser.Screenshot());
        }
    }
}
