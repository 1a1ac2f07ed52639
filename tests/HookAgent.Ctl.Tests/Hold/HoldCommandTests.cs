using System.Text.Json.Nodes;
using HookAgent.Core.Text;
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
        Assert.Equal([$"Hold {reason} {usec} {(persistent ? 1 : 0)}"], _node.Calls);
    }

    /// <summary>The fake daemon says of itself what it is told to: here, what the agent says once it is held.</summary>
    [Theory]
    [InlineData(new[] { "--for", "2h", "--persistent" }, "", "", "Held until ", " (2 h, also after a reboot), by root (sudo: alice): \"swap DIMM 3\". Replaces the hold by root (sudo: alice): \"swap DIMM 3\".\n")]
    [InlineData(new string[0], "7", "busy", "Held until ", "by root (sudo: alice): \"swap DIMM 3\". Replaces the hold by root (sudo: alice): \"swap DIMM 3\". Job 7 is not affected.\n")]
    [InlineData(new string[0], "7 8 9", "busy", "Held until ", " Jobs 7-9 are not affected.\n")]
    [InlineData(new string[0], "", "reclaiming", "Held until ", " wasimoff-provider.service is being stopped.\n")]
    [InlineData(new[] { "--unless-held" }, "", "", "Held already, until ", "by root (sudo: alice): \"swap DIMM 3\". Nothing was changed.\n")]
    public void Says_what_it_did(string[] options, string jobs, string state, string begin, string end)
    {
        DateTimeOffset until = new(2025, 11, 22, 15, 0, 0, TimeSpan.Zero);
        _node.StartDaemon(properties: new JsonObject
        {
            ["State"] = state.Length > 0 ? state : "held",
            ["Jobs"] = new JsonArray([.. jobs.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static job => JsonValue.Create(job))]),
            ["HeldBy"] = "operator",
            ["HoldReason"] = "swap DIMM 3",
            ["HoldUser"] = "root (sudo: alice)",
            ["HoldUntil"] = until.ToUnixTimeMilliseconds() * 1000,
            ["HoldPersistent"] = options.Contains("--persistent"),
        });

        Hookctl run = Hookctl.Run(["hold", .. options, .. _node.Options]);

        Assert.StartsWith(begin + MomentText.Of(until, TimeZoneInfo.Local), run.Output, StringComparison.Ordinal);
        Assert.EndsWith(end, run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("operator", "swap DIMM 3", "Released the hold by root: \"swap DIMM 3\".\nNo hook has called hookagentd since it was started, ")]
    [InlineData("hand-stopped", "", "Released the hold that came of stopping wasimoff-provider.service by hand.\n")]
    [InlineData("", "", "No operator held the node.\nThe node is lending: ")]
    public void Release_says_what_it_released(string by, string reason, string said)
    {
        _node.StartDaemon(properties: new JsonObject { ["HeldBy"] = by, ["HoldReason"] = reason, ["HoldUser"] = by == "operator" ? "root" : "" });
        Assert.StartsWith(said, Hookctl.Run(["release", .. _node.Options]).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Release_by_another_reason_names_the_hold_that_stays()
    {
        _node.StartDaemon(properties: new JsonObject { ["HeldBy"] = "operator", ["HoldReason"] = "swap DIMM 3", ["HoldUser"] = "root" });
        Assert.StartsWith(
            "Nothing was released: the hold by root: \"swap DIMM 3\" has another reason.\n", Hookctl.Run(["release", "--reason", "x", .. _node.Options]).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_became_root_by_sudo_is_told_to_the_daemon()
    {
        _node.StartDaemon();
        foreach (string verb in (string[])["hold", "release"])
        {
            Hookctl.RunProgram("env", ["SUDO_USER=alice", Hookctl.Binary, verb, .. _node.Options]);
            Hookctl.RunProgram("env", ["SUDO_USER=no name", Hookctl.Binary, verb, .. _node.Options]);
        }

        Assert.Equal(["Hold  0 0 alice", "Hold  0 0", "Release alice", "Release"], _node.Calls);
    }

    [Theory]
    [InlineData("--for", "soon")]
    [InlineData("--for", "0")]
    [InlineData("--for", "999ms")]
    [InlineData("--for", "2 jobs")]
    [InlineData("--for", "2h30")]
    [InlineData("--for", "1h 30min 5")]
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
        Assert.Equal("hookctl: hookagentd does not run on this node; start it with 'systemctl start hookagentd'; where it does not stay, 'hookctl doctor' says why\n", run.Errors);
    }
}
