using HookAgent.Bus.Tests.Harness;
using HookAgent.Bus.Wire;
using Tmds.DBus.Protocol;

namespace HookAgent.Bus.Tests.Wire;

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
        bus.MatchSignalAsync(
            new SignalMatch { Sender = "test.signals", Path = "/s", Interface = "test.S", Member = "Told", Argument = "a,b = c" },
            signal =>
            {
                Reader body = signal.GetBodyReader();
                _ = body.ReadString();
                heard.Add(body.ReadString());
            },
            reply => installed = reply.IsSuccess);
        bus.MatchSignalAsync(new SignalMatch { Member = "End" }, _ => end = true);
        PollLoop.Until(() => installed, bus);

        // The last four are addressed to us: no rule of the bus keeps them from us, ours does.
        peer.Tell("signal - /s test.S Told ss ('a,b = c','1')");
        peer.Tell("signal - /s test.S Told ss ('other','2')");
        peer.Tell("signal - /other test.S Told ss ('a,b = c','3')");
        peer.Tell("signal - /s test.O Told ss ('a,b = c','4')");
        peer.Tell("signal - /s test.S Other ss ('a,b = c','5')");
        peer.Tell("signal - /s test.S Told ss ('a,b = c','6')");
        peer.Tell($"signal {bus.UniqueName} /s test.S Told ss ('other','7')");
        peer.Tell($"signal {bus.UniqueName} /s test.S Told u (1,)");
        peer.Tell($"signal {bus.UniqueName} /s test.O Told ss ('a,b = c','8')");
        peer.Tell($"signal {bus.UniqueName} /s test.S Told ss ('a,b = c','9')");
        peer.Tell("signal - /s test.S End s ('',)");
        PollLoop.Until(() => end, bus);
        Assert.Equal(["1", "6", "9"], heard);
    }

    [Fact]
    public void Two_rules_hear_the_same_signal_once_each()
    {
        using Peer peer = new(daemon, "test.twice");
        using BusConnection bus = daemon.Open();
        int first = 0;
        int second = 0;
        bus.MatchSignalAsync(new SignalMatch { Member = "Twice" }, _ => first++);
        bool installed = false;
        bus.MatchSignalAsync(new SignalMatch { Member = "Twice" }, _ => second++, _ => installed = true);
        PollLoop.Until(() => installed, bus);
        peer.Tell("signal - /s test.S Twice s ('',)");
        peer.Tell("signal - /s test.S Twice s ('',)");
        PollLoop.Until(() => second == 2, bus);
        Assert.Equal(2, first);
    }

    [Fact]
    public void What_a_listener_throws_comes_out_of_Process_and_the_others_hear()
    {
        using Peer peer = new(daemon, "test.loud");
        using BusConnection bus = daemon.Open();
        bool installed = false;
        int others = 0;
        bus.MatchSignalAsync(new SignalMatch { Member = "Loud" }, _ => throw new InvalidOperationException("listener"));
        bus.MatchSignalAsync(new SignalMatch { Member = "Loud" }, _ => others++, _ => installed = true);
        PollLoop.Until(() => installed, bus);
        for (int times = 1; times <= 2; times++)
        {
            peer.Tell("signal - /s test.S Loud s ('',)");
            Assert.Equal("listener", Assert.Throws<InvalidOperationException>(() => PollLoop.Until(() => false, bus)).Message);
            Assert.Equal(times, others);
            Assert.True(bus.IsReady);
        }
    }

    [Fact]
    public void A_listener_may_end_the_connection()
    {
        using Peer peer = new(daemon, "test.ends");
        BusConnection bus = daemon.Open();
        bool installed = false;
        int heard = 0;
        bus.MatchSignalAsync(new SignalMatch { Member = "End" }, _ => heard++);
        bus.MatchSignalAsync(new SignalMatch { Member = "End" }, _ => bus.Dispose(), _ => installed = true);
        PollLoop.Until(() => installed, bus);
        peer.Tell("signal - /s test.S End s ('',)");
        peer.Tell("signal - /s test.S End s ('',)");
        Assert.Equal("sent", peer.Says());
        Assert.Equal("sent", peer.Says());
        PollLoop.UntilLost(bus);
        Assert.Equal(1, heard);
    }

    [Fact]
    public void A_rule_that_cannot_be_asked_for_hears_nothing()
    {
        using Peer peer = new(daemon, "test.quoted");
        using BusConnection bus = daemon.Open();
        int heard = 0;
        bool end = false;
        Assert.Throws<ArgumentException>(() => bus.MatchSignalAsync(new SignalMatch { Argument = "it's" }, _ => heard++));
        bus.MatchSignalAsync(new SignalMatch { Member = "End" }, _ => end = true);
        peer.Tell($"signal {bus.UniqueName} /s test.S End s ('it\\'s',)");
        PollLoop.Until(() => end, bus);
        Assert.Equal(0, heard);
    }

    [Fact]
    public void A_signal_of_ours_is_what_others_hear()
    {
        using BusConnection bus = daemon.Open();
        using BusConnection listener = daemon.Open();
        string? heard = null;
        bool installed = false;
        listener.MatchSignalAsync(
            new SignalMatch { Sender = bus.UniqueName, Member = "Ours" },
            signal => heard = signal.GetBodyReader().ReadString(),
            _ => installed = true);
        PollLoop.Until(() => installed, listener);
        bus.EmitText("/ours", "test.Ours", "Ours", "hello");
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
        int exact = 0;
        bus.MatchSignalAsync(new SignalMatch { Sender = owner.UniqueName, Member = "Lie" }, _ => exact++);
        bus.MatchSignalAsync(
            new SignalMatch { Sender = "test.trusted", Member = "Lie" },
            signal => sender = signal.SenderAsString,
            _ => installed = true);
        PollLoop.Until(() => installed, bus);
        liar.Tell($"signal {bus.UniqueName} /s test.S Lie s ('',)");
        PollLoop.Until(() => sender is not null, bus);
        Assert.Equal(liar.UniqueName, sender);
        Assert.Equal(0, exact);
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
        bus.MatchSignalAsync(new SignalMatch { Interface = "org.freedesktop.DBus", Argument = "test.mine" }, _ => arrived++);
        PollLoop.Until(() => owners.Count == 1, bus);

        const string Driver = "/org/freedesktop/DBus org.freedesktop.DBus";
        liar.Tell($"signal {bus.UniqueName} {Driver} NameOwnerChanged sss ('test.pretender','{liar.UniqueName}','')");
        liar.Tell($"signal {bus.UniqueName} {Driver} NameLost s ('test.mine',)");
        PollLoop.Until(() => arrived > 0, bus);

        Assert.Equal(0, lost);
        Assert.Equal([liar.UniqueName], owners);
    }

    /// <summary>
    /// The library would take it for the answer, and drop the answer itself. By default dbus-daemon passes on no such message;
    /// here it does, as another bus may.
    /// </summary>
    [Theory]
    [InlineData("signal")]
    [InlineData("call")]
    public void A_message_that_only_says_it_is_an_answer_answers_no_call(string kind)
    {
        using PrivateBus trusting = PrivateBus.WithPolicy(
            """<allow send_destination="*" send_requested_reply="false"/><allow receive_sender="*" receive_requested_reply="false"/>""");
        using Peer liar = new(trusting, "test.answers");
        using BusConnection bus = trusting.Open();
        using BusConnection slow = trusting.Open();
        ReceivedCall? held = null;
        BusAnswer? answer = null;
        bool end = false;
        slow.AddObject("/slow", call =>
        {
            held = call;
            return true;
        });
        bus.AddObject("/s", _ => true);
        bus.MatchSignalAsync(new SignalMatch { Member = "End" }, _ => end = true);
        bus.CallAsync(new BusCall(slow.UniqueName!, "/slow", "test.S", "Wait"), TimeSpan.FromSeconds(15), given => answer = given);
        PollLoop.Until(() => held is not null, bus, slow);

        liar.Tell($"pretend {kind} {bus.UniqueName} /s test.S Lie 100");
        Assert.Equal("pretended", PollLoop.During(liar.Says, bus, slow));
        liar.Tell("signal - /s test.S End s ('',)");
        PollLoop.Until(() => end, bus, slow);
        Assert.Null(answer);

        held!.Reply();
        PollLoop.Until(() => answer is not null, bus, slow);
        Assert.Equal(BusAnswer.Success, answer);
    }
}
