using System.Text.Json.Nodes;
using HookAgent.Ctl.Tests.Harness;
using HookAgent.Tests;

namespace HookAgent.Ctl.Tests.Status;

/// <summary>The published program, which gets the signals: each line it writes is waited for.</summary>
public sealed class StatusWatchTests : IDisposable
{
    private readonly FakeNode _node = new();

    public StatusWatchTests() => _node.StartDaemon();

    public void Dispose() => _node.Dispose();

    [Fact]
    public void Writes_a_line_a_change_and_ends_well_when_interrupted()
    {
        using Child watch = Watch();
        Assert.EndsWith(" lending (running), no job, wasimoff-provider.service active", watch.ReadLine(), StringComparison.Ordinal);

        _node.Change("State", "reclaiming");
        Assert.EndsWith(" reclaiming (running), no job, wasimoff-provider.service active", watch.ReadLine(), StringComparison.Ordinal);
        _node.Change("UnitState", "inactive");
        Assert.EndsWith(" reclaiming (running), no job, wasimoff-provider.service inactive", watch.ReadLine(), StringComparison.Ordinal);

        watch.Interrupt();
        watch.ExpectExit();
    }

    [Fact]
    public void Writes_an_object_a_change_for_programs()
    {
        using Child watch = Watch("--json");
        Assert.Equal("lending", State(watch.ReadLine()));

        _node.Change("State", "busy");
        Assert.Equal("busy", State(watch.ReadLine()));
    }

    [Fact]
    public void Outlasts_the_daemon_and_tells_that_it_is_gone_and_back()
    {
        using Child watch = Watch("--json");
        Assert.Equal("lending", State(watch.ReadLine()));

        _node.EndDaemon();
        JsonNode gone = JsonNode.Parse(watch.ReadLine())!;
        Assert.Null(gone["state"]);
        Assert.Contains("systemctl start hookagentd", gone["why"]!.GetValue<string>(), StringComparison.Ordinal);

        _node.StartDaemon();
        Assert.Equal("lending", State(watch.ReadLine()));
    }

    [Fact]
    public void What_is_told_twice_is_shown_once()
    {
        using Child watch = Watch();
        watch.ReadLine();

        // The line shows neither; so a change of these alone is none.
        _node.Change("Version", "0.2.0");
        _node.Change("HoldReason", "x");
        _node.Change("State", "busy");
        Assert.EndsWith(" busy (running), no job, wasimoff-provider.service active", watch.ReadLine(), StringComparison.Ordinal);
    }

    [Fact]
    public void Ends_when_nobody_reads_any_more()
    {
        string command = $"{Hookctl.Binary} status --watch {string.Join(' ', _node.Options)} | head -n 1";
        using Child shell = new("bash", "-o", "pipefail", "-c", command);
        shell.ReadLine();
        shell.ExpectExit();
    }

    [Fact]
    public void Draws_over_itself_on_a_terminal()
    {
        string command = $"TERM=xterm NO_COLOR=1 {Hookctl.Binary} status --watch {string.Join(' ', _node.Options)}";
        using Child watch = new("script", "--quiet", "--flush", "--command", command, "/dev/null");
        Assert.Matches("^\u001b\\[H\u001b\\[2J[^ ]+, [A-Z][a-z]{2} [0-9: -]{19} .+[.] Ctrl-C ends[.]$", watch.ReadLine());
        Assert.Equal("", watch.ReadLine());
        Assert.StartsWith("    Node: ", watch.ReadLine(), StringComparison.Ordinal);
        Assert.StartsWith("   State: lending (running)", watch.ReadLine(), StringComparison.Ordinal);

        _node.Change("State", "busy");
        while (!watch.ReadLine().StartsWith("\u001b[H\u001b[2J", StringComparison.Ordinal))
        {
        }

        Assert.Equal("", watch.ReadLine());
        Assert.StartsWith("    Node: ", watch.ReadLine(), StringComparison.Ordinal);
        Assert.StartsWith("   State: busy (running)", watch.ReadLine(), StringComparison.Ordinal);
    }

    [Fact]
    public void Does_not_wake_up_while_nothing_changes()
    {
        using Child watch = Watch();
        watch.ReadLine();
        _node.Change("State", "busy");
        watch.ReadLine();

        // In the second after its last line it is scheduled at most for what it still had to finish.
        long before = Switches(watch.Id);
        using CancellationTokenSource second = new(TimeSpan.FromSeconds(1));
        second.Token.WaitHandle.WaitOne();

        Assert.InRange(Switches(watch.Id) - before, 0, 5);
    }

    private Child Watch(params string[] more) => new(Hookctl.Binary, ["status", "--watch", .. more, .. _node.Options]);

    private static string State(string line) => JsonNode.Parse(line)!["state"]!.GetValue<string>();

    private static long Switches(int process) => long.Parse(
        File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("voluntary_ctxt_switches:", StringComparison.Ordinal)).Split('\t')[1],
        System.Globalization.CultureInfo.InvariantCulture);
}
