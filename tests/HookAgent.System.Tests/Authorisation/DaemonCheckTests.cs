using HookAgent.Core.Journal;
using HookAgent.Core.Time;
using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests.Authorisation;

/// <summary>Where a site's own bus policy lets users through, the agent itself refuses them.</summary>
public sealed class DaemonCheckTests(SystemFixture fixture, ITestOutputHelper output) : SystemTest(fixture, output)
{
    private const string Policy = "/etc/dbus-1/system.d/zz-everybody.conf";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    [Fact]
    public void A_caller_whom_a_wrong_bus_policy_lets_through_is_refused_and_named_in_the_journal() => Story(() => WithoutBusPolicy(() =>
    {
        Node.Shell(NodeBus.Call("Hold stb theirs 0 false"));
        Node.Shell(NodeBus.Call("RecordFailed s 4711"));
        BootTime since = BootClock.Now();

        (string before, IReadOnlyList<Attempt> attempts, string after) = new Stranger(Node, "alice").TryBetween(
            NodeBus.Look, [.. NodeBus.ForRoot.Values, NodeBus.JobEnded("4711"), NodeBus.SetState]);

        Assert.All(attempts.SkipLast(1), attempt => attempt.WasRefused("access denied"));
        attempts[^1].WasRefused("read-only");
        Assert.Equal(before, after);
        foreach (string method in (string[])[.. NodeBus.ForRoot.Keys, "JobEnded"])
        {
            JournalEntry told = Journal.Await(since, s_patience, $"MESSAGE_ID={NodeMessageIds.CallDenied}", $"METHOD={method}");
            Assert.Equal("2000", told["UID"]);
            Assert.Equal(Harness.Agent.Unit, told["_SYSTEMD_UNIT"]);
        }

        Node.Shell($"{NodeBus.Call("Release")} && {NodeBus.JobEnded("4711")}");
        Agent.WaitUntilLent();
    }));

    [Fact]
    public void Nudges_from_anybody_change_nothing() => Story(() => WithoutBusPolicy(() =>
    {
        Agent.WaitUntilLent();
        Bench.WaitUntilReady();
        BootTime since = BootClock.Now();
        (string before, IReadOnlyList<Attempt> attempts, string after) = new Stranger(Node, "alice").TryBetween(
            NodeBus.Look, [NodeBus.JobStarted("4711"), NodeBus.JobEnded("4711")]);

        Assert.All(attempts, attempt => attempt.WasAllowed());
        Assert.Equal(before, after);
        Assert.Empty(Journal.Find(since, $"MESSAGE_ID={NodeMessageIds.StateChanged}"));
        Assert.False(Assert.Single(Provider.Runs()).Ended);
    }));

    /// <summary>A clean node on whose bus everybody may send everything.</summary>
    private void WithoutBusPolicy(Action body)
    {
        Bench.Begin("[Node]\nIdleDelay=300ms\n");
        Node.Write(Policy, "<busconfig><policy user=\"alice\"><allow send_destination=\"org.hookagent.Node1\"/></policy></busconfig>\n");
        try
        {
            ReloadBus();
            body();
        }
        finally
        {
            Node.Run("rm", Policy);
            ReloadBus();
        }
    }

    private void ReloadBus() => Node.Run("busctl", "call", "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "ReloadConfig");
}
