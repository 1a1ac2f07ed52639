using HookAgent.Bus.Sd;
using HookAgent.Bus.Tests.Harness;

namespace HookAgent.Bus.Tests.Sd;

public sealed class BusSignalTests(PrivateBus daemon) : IClassFixture<PrivateBus>
{
    [Fact]
    public void A_rule_hears_what_it_asks_for_and_nothing_else()
    {
        using Peer peer = new(daemon, "test.signals");
        using BusConnection bus = daemon.Open();
        List<string> heard = [];
        bool installed = false;
        bool end = false;
        BusSubscription subscription = bus.MatchSignalAsync(
            new MatchRule().Sender("test.signals").Path("/s").Interface("test.S").Member("Told").Argument(0, "a,b = c"),
            signal =>
            {
                Assert.True(signal.TrySkip("s"));
                Assert.True(signal.TryReadString(out string? text));
                heard.Add(text);
            },
            reply => installed = reply.IsSuccess);
        bus.MatchSignalAsync(new MatchRule().Member("End"), _ => end = true);
        PollLoop.Until(() => installed, bus);

        peer.Tell("signal - /s test.S Told ss ('a,b = c','1')");
        peer.Tell("signal - /s test.S Told ss ('other','2')");
        peer.Tell("signal - /other test.S Told ss ('a,b = c','3')");
        peer.Tell("signal - /s test.O Told ss ('a,b = c','4')");
        peer.Tell("signal - /s test.S Other ss ('a,b = c','5')");
        peer.Tell("signal - /s test.S Told ss ('a,b = c','6')");
        peer.Tell("signal - /s test.S End s ('',)");
        PollLoop.Until(() => end, bus);
        Assert.Equal(["1", "6"], heard);

        subscription.Dispose();
        end = false;
        peer.Tell("signal - /s test.S Told ss ('a,b = c','7')");
        peer.Tell("signal - /s test.S End s ('',)");
        PollLoop.Until(() => end, bus);
        Assert.Equal(["1", "6"], heard);
    }

    [Fact]
    public void Two_subscriptions_hear_the_same_signal_and_one_may_end_itself()
    {
        using Peer peer = new(daemon, "test.twice");
        using BusConnection bus = daemon.Open();
        int first = 0;
        int second = 0;
        BusSubscription? once = null;
        once = bus.MatchSignalAsync(new MatchRule().Member("Twice"), _ =>
        {
            first++;
            once!.Dispose();
        });
        bool installed = false;
        bus.MatchSignalAsync(new MatchRule().Member("Twice"), _ => second++, _ => installed = true);
        PollLoop.Until(() => installed, bus);
        peer.Tell("signal - /s test.S Twice s ('',)");
        peer.Tell("signal - /s test.S Twice s ('',)");
        PollLoop.Until(() => second == 2, bus);
        Assert.Equal(1, first);
    }

    [Fact]
    public void What_a_listener_throws_comes_out_of_Process()
    {
        using Peer peer = new(daemon, "test.loud");
        using BusConnection bus = daemon.Open();
        bool installed = false;
        bus.MatchSignalAsync(
            new MatchRule().Member("Loud"),
            _ => throw new InvalidOperationException("listener"),
            _ => installed = true);
        PollLoop.Until(() => installed, bus);
        peer.Tell("signal - /s test.S Loud s ('',)");
        Assert.Equal("listener", Assert.Throws<InvalidOperationException>(() => PollLoop.Until(() => false, bus)).Message);
        Assert.True(bus.IsReady);
    }

    [Fact]
    public void A_signal_of_ours_is_what_others_hear()
    {
        using BusConnection bus = daemon.Open();
        using BusConnection listener = daemon.Open();
        string? heard = null;
        bool installed = false;
        listener.MatchSignalAsync(
            new MatchRule().Sender(bus.UniqueName!).Member("Ours"),
            signal => Assert.True(signal.TryReadString(out heard)),
            _ => installed = true);
        PollLoop.Until(() => installed, listener);
        using BusMessage signal = bus.NewSignal("/ours", "test.Ours", "Ours");
        signal.WriteString("hello");
        Assert.True(bus.Send(signal));
        PollLoop.Until(() => heard is not null, bus, listener);
        Assert.Equal("hello", heard);
    }

    /// <summary>
    /// The fact that the guard below, and SystemdManager, rest on: the sender in a rule is no protection
    /// against a signal that is addressed to us.
    /// </summary>
    [Fact]
    public void A_rule_with_a_well_known_sender_lets_a_directed_signal_of_anybody_through()
    {
        using Peer owner = new(daemon, "test.trusted");
        using Peer liar = new(daemon, "test.liar");
        using BusConnection bus = daemon.Open();
        string? sender = null;
        bool installed = false;
        bus.MatchSignalAsync(
            new MatchRule().Sender("test.trusted").Member("Lie"),
            signal => sender = signal.Sender,
            _ => installed = true);
        PollLoop.Until(() => installed, bus);
        liar.Tell($"signal {bus.UniqueName} /s test.S Lie s ('',)");
        PollLoop.Until(() => sender is not null, bus);
        Assert.Equal(liar.UniqueName, sender);
    }

    [Fact]
    public void A_signal_in_the_name_of_the_bus_is_not_believed()
    {
        using Peer liar = new(daemon, "test.pretender");
        using BusConnection bus = daemon.Open();
        int lost = 0;
        int arrived = 0;
        List<string> owners = [];
        bus.WatchNameLostAsync("test.mine", () => lost++);
        bus.WatchOwnerAsync("test.pretender", owners.Add);
        bus.MatchSignalAsync(new MatchRule().Interface("org.freedesktop.DBus").Argument(0, "test.mine"), _ => arrived++);
        PollLoop.Until(() => owners.Count == 1, bus);

        const string Driver = "/org/freedesktop/DBus org.freedesktop.DBus";
        liar.Tell($"signal {bus.UniqueName} {Driver} NameOwnerChanged sss ('test.pretender','{liar.UniqueName}','')");
        liar.Tell($"signal {bus.UniqueName} {Driver} NameLost s ('test.mine',)");
        PollLoop.Until(() => arrived > 0, bus);

        Assert.Equal(0, lost);
        Assert.Equal([liar.UniqueName], owners);
    }

    /// <summary>Why JobRemoved is not matched by its third argument.</summary>
    [Fact]
    public void A_rule_looks_at_no_argument_behind_a_number()
    {
        using Peer peer = new(daemon, "test.number");
        using BusConnection bus = daemon.Open();
        int behind = 0;
        int all = 0;
        bool installed = false;
        bus.MatchSignalAsync(new MatchRule().Member("Numbered").Argument(2, "x"), _ => behind++);
        bus.MatchSignalAsync(new MatchRule().Member("Numbered"), _ => all++, _ => installed = true);
        PollLoop.Until(() => installed, bus);
        peer.Tell("signal - /s test.S Numbered uss (1,'y','x')");
        PollLoop.Until(() => all == 1, bus);
        Assert.Equal(0, behind);
    }
}
