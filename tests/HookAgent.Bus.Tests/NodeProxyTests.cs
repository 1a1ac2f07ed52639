using HookAgent.Bus.Tests.Harness;
using HookAgent.Bus.Wire;

namespace HookAgent.Bus.Tests;

/// <summary>hookctl's side of the interface, against a daemon in Python.</summary>
public sealed class NodeProxyTests
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(15);

    [Fact]
    public void Status_is_read_whole()
    {
        using PrivateBus daemon = new();
        using NodeDouble node = new(daemon);
        using BusConnection bus = daemon.Open();

        NodeAnswer answer = new NodeProxy(bus, s_timeout).GetStatus(out NodeStatus? status);

        Assert.Equal(new NodeAnswer(NodeOutcome.Ok, "", ""), answer);
        Assert.Equal(["7", "4294967293"], status!.Jobs);
        Assert.Equal([new NodeHandover(1700000000000003, "7", 4800, 0), new NodeHandover(1, "6", ulong.MaxValue, 5)], status.Handovers);
        Assert.Equal(
            new NodeStatus
            {
                State = "reclaiming",
                Reason = "job-started",
                Since = 1700000000000001,
                Jobs = status.Jobs,
                Unit = "wasimoff-provider.service",
                UnitState = "deactivating",
                HeldBy = "operator",
                HoldReason = "Wartung über Mittag",
                HoldUntil = 1700000000000002,
                Version = "0.1.0",
                LastHandoverUSec = 123456,
                Handovers = status.Handovers,
                Counts = status.Counts,
                LastProlog = 1700000000000004,
                LastPrologJob = "7",
                LastEpilog = 1700000000000005,
                LastEpilogJob = "6",
            },
            status);
        Assert.Equal([1, 2, 3, 4, 5, 6, ulong.MaxValue], NodeProperty.Counters.Take(7).Select(counter => status.Counts[counter]));
    }

    [Fact]
    public void A_daemon_of_another_version_is_read_as_far_as_it_goes()
    {
        using PrivateBus daemon = new();
        using NodeDouble node = new(daemon, "--old");
        using BusConnection bus = daemon.Open();

        Assert.True(new NodeProxy(bus, s_timeout).GetStatus(out NodeStatus? status).IsOk);

        Assert.Equal("busy", status!.State);
        Assert.Empty(status.Jobs);
        Assert.Empty(status.Handovers);
        Assert.Equal(0UL, status.Since);
        Assert.Equal("", status.Reason);
        Assert.Equal(NodeCounts.Zero, status.Counts);
    }

    [Fact]
    public void Each_method_carries_its_arguments()
    {
        using PrivateBus daemon = new();
        using NodeDouble node = new(daemon);
        using BusConnection bus = daemon.Open();
        NodeProxy proxy = new(bus, s_timeout);

        Told("""JobStarted("7")""", proxy.JobStarted("7"));
        Told("""JobEnded("7")""", proxy.JobEnded("7"));
        Told("""RecordFailed("8")""", proxy.RecordFailed("8"));
        Told("""Hold("disk", 90000000, true, "alice")""", proxy.Hold("disk", TimeSpan.FromSeconds(90), persistent: true, "alice"));
        Told("""Hold("", 0, false, "")""", proxy.Hold("", null, persistent: false, ""));
        Told("""Release("alice")""", proxy.Release("alice"));
        Told("Retry()", proxy.Retry());
        Told("""Forget("7", "")""", proxy.Forget("7", ""));
        Told("""Reconciled(["1", "22"], {"3": "7:1"})""", proxy.Reconciled(["1", "22"], [new("3", "7:1")]));
        Told("Reconciled([], {})", proxy.Reconciled([], []));
        Told("Refresh()", proxy.Refresh());
        Assert.Throws<ArgumentOutOfRangeException>(() => proxy.Hold("", TimeSpan.Zero, persistent: false, ""));

        void Told(string words, NodeAnswer answer)
        {
            Call call = node.Call();
            Assert.Equal((words, "/org/hookagent/Node1", "org.hookagent.Node1", false), (call.Words, call.Path, call.Interface, call.AutoStart));
            Assert.Equal(NodeOutcome.Ok, answer.Outcome);
        }
    }

    [Fact]
    public void An_error_of_the_daemon_is_handed_on()
    {
        using PrivateBus daemon = new();
        using NodeDouble node = new(daemon, "--error", BusErrorNames.InvalidArgs);
        using BusConnection bus = daemon.Open();

        Assert.Equal(
            new NodeAnswer(NodeOutcome.Error, BusErrorNames.InvalidArgs, "as the test wants it"),
            new NodeProxy(bus, s_timeout).Forget("x", "7:1"));
        Assert.Equal("""Forget("x", "7:1")""", node.Call().Words);
    }

    [Fact]
    public void Nobody_there_is_told_from_nobody_answering()
    {
        using PrivateBus daemon = new();
        using BusConnection bus = daemon.Open();
        NodeProxy proxy = new(bus, s_timeout);
        Assert.Equal(NodeOutcome.NoDaemon, proxy.Refresh().Outcome);
        Assert.Equal(NodeOutcome.NoDaemon, proxy.GetStatus(out NodeStatus? status).Outcome);
        Assert.Null(status);

        using NodeDouble hung = new(daemon);
        hung.Stop();
        NodeProxy hasty = new(bus, TimeSpan.FromMilliseconds(200));
        Assert.Equal(NodeOutcome.NoAnswer, hasty.Refresh().Outcome);
        Assert.Equal(NodeOutcome.NoAnswer, hasty.GetStatus(out status).Outcome);

        daemon.Kill();
        Assert.Equal(NodeOutcome.NoBus, proxy.Refresh().Outcome);
        Assert.Equal(NodeOutcome.NoBus, proxy.GetStatus(out status).Outcome);
    }

    [Fact]
    public void A_daemon_that_leaves_during_the_call_is_not_there()
    {
        using PrivateBus daemon = new();
        using NodeDouble node = new(daemon, "--leaves");
        using BusConnection bus = daemon.Open();
        Assert.Equal(NodeOutcome.NoDaemon, new NodeProxy(bus, s_timeout).Refresh().Outcome);
    }

    [Fact]
    public void What_the_policy_keeps_from_us_is_not_allowed()
    {
        using PrivateBus daemon = PrivateBus.WithPolicy(
            """<deny send_destination="org.hookagent.Node1" send_interface="org.hookagent.Node1"/>""");
        using NodeDouble node = new(daemon);
        using BusConnection bus = daemon.Open();
        NodeProxy proxy = new(bus, s_timeout);
        Assert.Equal(NodeOutcome.NotAllowed, proxy.Release("").Outcome);
        Assert.Equal(NodeOutcome.Ok, proxy.GetStatus(out _).Outcome);
    }
}
