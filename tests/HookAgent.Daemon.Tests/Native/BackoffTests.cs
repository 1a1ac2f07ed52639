using System.Diagnostics;
using HookAgent.Daemon.Tests.Harness;

namespace HookAgent.Daemon.Tests.Native;

/// <summary>Who has mended a provider does not wait for the backoff.</summary>
public sealed class BackoffTests
{
    private const string Start = "call StartUnit wasimoff-provider.service fail";

    [Theory]
    [InlineData("release")]
    [InlineData("retry")]
    [InlineData("reload")]
    [InlineData("daemon-reload")]
    public void An_operators_word_ends_it_at_once(string word)
    {
        using TestNode node = new();
        node.StartSystemd();
        node.Systemd.Tell("start dies");
        node.StartDaemon();
        node.Expect("agent there", "call Subscribe", "state settling idle-delay");
        for (int i = 0; i < 3; i++)
        {
            node.Expect(Start, "state lending starting", "state failed provider-exited");
        }

        // The next try would come after 4 s.
        node.Systemd.Tell("start ok");
        Stopwatch watch = Stopwatch.StartNew();
        switch (word)
        {
            case "release":
                node.Call("Release");
                break;
            case "retry":
                node.Call("Retry");
                break;
            case "reload":
                node.Daemon.HangUp();
                break;
            default:
                node.Systemd.Tell("daemon-reload");
                break;
        }

        node.Expect(Start, "state lending starting", "state lending running");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(3.5), $"started after {watch.Elapsed}\n{node.Story}");
    }

    /// <summary>The old ones stay, and so does the backoff: nothing was changed.</summary>
    [Fact]
    public void Bad_settings_do_not()
    {
        using TestNode node = new();
        node.StartSystemd();
        node.Systemd.Tell("start dies");
        node.StartDaemon();
        node.UntilTold("First failure");
        node.WriteSettings("[Node]\nColour=blue\n");
        node.Daemon.HangUp();
        node.UntilTold("Failed 2 times");
        Assert.Single(node.Daemon.Story.Split('\n'), line => line.Contains("First failure", StringComparison.Ordinal));
    }
}
