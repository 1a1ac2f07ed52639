using System.Text.Json.Nodes;
using HookAgent.Ctl.Output;
using HookAgent.Ctl.Tests.Harness;

namespace HookAgent.Ctl.Tests.Hold;

public sealed class HoldCommandTests : IDisposable
{
    private readonly FakeNode _node = new();

    public void Dispose() => _node.Dispose();

    [Theory]
    [InlineData(new string[0], "", 0L, false)]
    [InlineData(new[] { "--for", "1h 30min", "--reason", "new memory", "--persistent" }, "new memory", 5_400_000_000, true)]
    [InlineData(new[] { "--for", "90" }, "", 90_000_000L, false)]
    [InlineData(new[] { "--for", "infinity" }, "", 0L, false)]
    public void Hands_the_daemon_what_was_asked(string[] options, string reason, long usec, bool persistent)
    {
        _node.StartDaemon();

        Hookctl run = Hookctl.Run(["hold", .. options, .. _node.Options]);

        Assert.Equal("", run.Errors);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal("The node is lending: The node is idle and lent to the provider.\n", run.Output);
        Assert.Equal([$"Hold {reason} {usec} {(persistent ? 1 : 0)}"], _node.Calls);
    }

    [Theory]
    [InlineData("--for", "soon")]
    [InlineData("--for", "0")]
    [InlineData("--for", "999ms")]
    [InlineData("--for", "2 jobs")]
    [InlineData("--reason", "two\nlines")]
    public void Asks_nothing_of_the_daemon_when_it_does_not_understand(string option, string value)
    {
        _node.StartDaemon();

        Hookctl run = Hookctl.Run(["hold", option, value, .. _node.Options]);

        Assert.Equal(64, run.ExitCode);
        Assert.StartsWith("hookctl: ", run.Errors, StringComparison.Ordinal);
        Assert.Empty(_node.Calls);
    }

    [Fact]
    public void A_reason_may_have_200_characters_and_no_more()
    {
        _node.StartDaemon();

        Assert.Equal(0, Hookctl.Run(["hold", "--reason", new string('x', 200), .. _node.Options]).ExitCode);
        Assert.Equal(64, Hookctl.Run(["hold", "--reason", new string('x', 201), .. _node.Options]).ExitCode);
        Assert.Single(_node.Calls);
    }

    [Fact]
    public void Answers_programs_with_the_status()
    {
        _node.StartDaemon();

        Hookctl run = Hookctl.Run(["hold", "--json", .. _node.Options]);

        Assert.Equal(Hookctl.Run(["status", "--json", .. _node.Options]), run);
    }

    /// <summary>Whoever takes a node offline must not take an operator's hold for his own afterwards.</summary>
    [Theory]
    [InlineData("", "", "Hold health check 0 0")]
    [InlineData("operator", "new memory", "")]
    [InlineData("hand-stopped", "", "")]
    public void Unless_it_is_held_already(string by, string reason, string call)
    {
        _node.StartDaemon(properties: new JsonObject { ["HeldBy"] = by, ["HoldReason"] = reason });

        Hookctl run = Hookctl.Run(["hold", "--unless-held", "--reason", "health check", .. _node.Options]);

        Assert.Equal(("", 0), (run.Errors, run.ExitCode));
        Assert.Equal(call.Length > 0 ? [call] : [], _node.Calls);
    }

    [Theory]
    [InlineData("operator", "health check", true)]
    [InlineData("operator", "health check of the disk", false)]
    [InlineData("operator", "", false)]
    [InlineData("hand-stopped", "health check", false)]
    [InlineData("", "", false)]
    public void Release_by_its_reason_ends_no_other_hold(string by, string reason, bool ended)
    {
        _node.StartDaemon(properties: new JsonObject { ["HeldBy"] = by, ["HoldReason"] = reason });

        Hookctl run = Hookctl.Run(["release", "--reason", "health check", .. _node.Options]);

        Assert.Equal(("", 0), (run.Errors, run.ExitCode));
        Assert.Equal(ended ? ["Release"] : [], _node.Calls);
    }

    [Fact]
    public void Release_ends_it()
    {
        _node.StartDaemon();

        Assert.Equal(0, Hookctl.Run(["release", .. _node.Options]).ExitCode);
        Assert.Equal(["Release"], _node.Calls);
    }

    [Theory]
    [InlineData("hold")]
    [InlineData("hold", "--unless-held")]
    [InlineData("release")]
    [InlineData("release", "--reason=health check")]
    public void Without_a_daemon_they_say_how_to_start_it(params string[] words)
    {
        Hookctl run = Hookctl.Run([.. words, .. _node.Options]);

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("hookctl: hookagentd does not run on this node; start it with 'systemctl start hookagentd'\n", run.Errors);
    }
}
