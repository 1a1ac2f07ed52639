using HookAgent.Daemon.Tests.Harness;

namespace HookAgent.Daemon.Tests.Native;

/// <summary>
/// root's limits of inotify are used up by others: said, and no record is missed, also one that no hook tells of.
/// user_namespaces(7) has the limits, which a namespace can have of its own.
/// </summary>
public sealed class WatchLimitTests
{
    private const string Watches = "/proc/sys/user/max_inotify_watches";
    private const string Instances = "/proc/sys/user/max_inotify_instances";

    [Theory]
    [InlineData(Watches, "No space left on device")]
    [InlineData(Instances, "Too many open files")]
    public void A_record_is_seen_without_a_watch(string limit, string cause)
    {
        using TestNode node = new();
        node.StartSystemd();
        node.StartDaemonAfter($"echo 0 >{limit}");
        node.ExpectLent();
        node.UntilTold($"cannot be watched (inotify): {cause}");
        node.Record(17);
        node.Systemd.Until("state busy jobs-recorded");
        node.EndRecord(17);
        node.Systemd.Until("state lending running");
        Assert.DoesNotContain("watched again", node.Daemon.Story, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Watches)]
    [InlineData(Instances)]
    public void The_directory_is_watched_again_once_it_can_be(string limit)
    {
        using TestNode node = new();
        node.StartSystemd();

        // From the same user namespace, whose limit nobody else can raise.
        node.StartDaemonAfter($"echo 0 >{limit}; (while ! [ -e {node["raise"]} ]; do sleep 0.05; done; echo 100 >{limit}) &");
        node.UntilTold("cannot be watched (inotify)");
        File.WriteAllText(node["raise"], "");
        node.UntilTold("is watched again");
        node.Record(17);
        node.Systemd.Until("state busy jobs-recorded");
    }
}
