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

        // A try after the pause, which comes 4 s later, would be the fourth in a row.
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

        node.Expect(Start, "state lending starting", "state failed provider-exited");
        node.Until(() => node.Daemon.Story.Split("First failure").Length == 3, "a failure that is the first again");
        Assert.DoesNotContain("Failed 4 times", node.Daemon.Story, StringComparison.Ordinal);
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
