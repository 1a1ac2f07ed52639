using HookAgent.Bus.Tests.Harness;
using HookAgent.Bus.Wire;
using Tmds.DBus.Protocol;

namespace HookAgent.Bus.Tests.Wire;

public sealed class BusCallTests(PrivateBus daemon) : IClassFixture<PrivateBus>
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(15);

    [Fact]
    public void An_error_reply_tells_its_name_and_text()
    {
        using Peer peer = new(daemon, "test.fails");
        using BusConnection bus = daemon.Open();

        BusAnswer<string> answer = bus.Call<string>(
            Ask.Of("test.fails", Peer.Path, Peer.Interface, "Fail", "org.example.Error.Odd", "wie schön"), s_timeout, BodyReaders.Text);

        Assert.Equal(new BusAnswer(BusOutcome.Error, "org.example.Error.Odd", "wie schön"), answer.How);
        Assert.Null(answer.Value);
    }

    [Fact]
    public void A_reply_of_another_shape_than_was_asked_for_is_an_error()
    {
        using BusConnection bus = daemon.Open();
        BusAnswer<Dictionary<string, VariantValue>> answer = bus.Call<Dictionary<string, VariantValue>>(Ask.Id, s_timeout, BodyReaders.Properties);
        Assert.Equal((BusOutcome.Error, BusErrorNames.InconsistentMessage), (answer.Outcome, answer.ErrorName));
        Assert.True(bus.Call<string>(Ask.Id, s_timeout, BodyReaders.Text).IsSuccess);
    }

    [Fact]
    public void A_peer_that_does_not_answer_is_told_from_a_lost_connection()
    {
        using Peer peer = new(daemon, "test.silent");
        using BusConnection bus = daemon.Open();
        List<BusOutcome> outcomes = [];
        bus.CallAsync(Ask.Never("test.silent"), TimeSpan.FromMilliseconds(50), answer => outcomes.Add(answer.Outcome));
        PollLoop.Until(() => outcomes.Count > 0, bus);
        Assert.Equal([BusOutcome.NoReply], outcomes);

        // The peer leaves with a call of ours unanswered.
        bus.CallAsync(Ask.Never("test.silent"), Timeout.InfiniteTimeSpan, answer => outcomes.Add(answer.Outcome));
        Assert.Equal("never", peer.Says());
        Assert.Equal("never", PollLoop.During(peer.Says, bus));
        peer.Kill();
        PollLoop.Until(() => outcomes.Count > 1, bus);
        Assert.Equal([BusOutcome.NoReply, BusOutcome.NoReply], outcomes);
        Assert.True(bus.IsReady);
    }

    [Fact]
    public void A_name_nobody_has_is_an_error_at_once()
    {
        using BusConnection bus = daemon.Open();
        BusAnswer answer = bus.Call(new BusCall("test.nobody", "/", "test.Nobody", "Hello"), Timeout.InfiniteTimeSpan);
        Assert.Contains(answer.ErrorName, new[] { BusErrorNames.NameHasNoOwner, BusErrorNames.ServiceUnknown });
    }

    [Fact]
    public void Answers_never_come_inside_the_call_and_in_the_order_of_the_bus()
    {
        using BusConnection bus = daemon.Open();
        List<int> answered = [];
        for (int i = 0; i < 100; i++)
        {
            int call = i;
            bus.CallAsync(Ask.Id, s_timeout, _ => answered.Add(call));
        }

        Assert.Empty(answered);
        PollLoop.Until(() => answered.Count == 100, bus);
        Assert.Equal(Enumerable.Range(0, 100), answered);
    }

    [Fact]
    public void A_signal_sent_before_an_answer_is_heard_before_it()
    {
        using BusConnection bus = daemon.Open();
        using BusConnection other = daemon.Open();
        List<string> heard = [];
        other.AddObject("/order", call =>
        {
            other.EmitText("/order", "test.O", "Before", "x");
            call.Reply();
            other.EmitText("/order", "test.O", "After", "x");
            return true;
        });
        bus.MatchSignalAsync(new SignalMatch { Path = "/order" }, signal => heard.Add(signal.MemberAsString!));
        BusCall call = new(other.UniqueName!, "/order", "test.O", "Do");
        for (int i = 0; i < 50; i++)
        {
            bus.CallAsync(call, s_timeout, answer => heard.Add(answer.Outcome.ToString()));
        }

        PollLoop.Until(() => heard.Count == 150, bus, other);
        Assert.All(heard.Chunk(3), one => Assert.Equal(["Before", "Success", "After"], one));
    }

    [Fact]
    public void A_callback_may_call_but_not_wait()
    {
        using BusConnection bus = daemon.Open();
        bool inner = false;
        InvalidOperationException? refused = null;
        bus.CallAsync(Ask.Id, s_timeout, _ =>
        {
            bus.CallAsync(Ask.Id, s_timeout, answer => inner = answer.IsSuccess);
            refused = Assert.Throws<InvalidOperationException>(() => bus.Call(Ask.Id, s_timeout));
        });
        PollLoop.Until(() => inner, bus);
        Assert.NotNull(refused);
    }

    [Fact]
    public void Replies_may_be_sent_later_and_in_another_order()
    {
        using Peer peer = new(daemon, "test.patient");
        using BusConnection bus = daemon.Open();
        List<(ReceivedCall Call, string Text)> waiting = [];
        bus.AddObject("/late", call =>
        {
            Assert.Equal(("test.Late", "Wait", "s"), (call.Interface, call.Member, call.Signature));
            waiting.Add((call, call.GetBodyReader().ReadString()));
            return true;
        });
        foreach (string text in new[] { "first", "second", "third" })
        {
            peer.Tell($"call {bus.UniqueName} /late test.Late Wait s ('{text}',)");
        }

        PollLoop.Until(() => waiting.Count == 3, bus);
        waiting.Reverse();
        foreach ((ReceivedCall call, string text) in waiting)
        {
            Assert.True(call.ExpectsReply);
            Assert.Equal(peer.UniqueName, call.Sender);
            Assert.Throws<InvalidOperationException>(() => call.GetBodyReader().ReadString());
            call.Reply("s", (ref MessageWriter body) => body.WriteString(text + "!"));
        }

        Assert.Equal("returned ('third!',)", peer.Says());
        Assert.Equal("returned ('second!',)", peer.Says());
        Assert.Equal("returned ('first!',)", peer.Says());
    }

    [Fact]
    public void Each_call_is_answered_as_the_handler_says()
    {
        using Peer peer = new(daemon, "test.answered");
        using BusConnection bus = daemon.Open();
        int seen = 0;
        bus.AddObject("/answers", call =>
        {
            seen++;
            switch (call.Member)
            {
                case "Nothing":
                    call.Reply();
                    return true;
                case "Refuse":
                    call.ReplyError(BusErrorNames.InvalidArgs, "no such job");
                    return true;
                default:
                    return false;
            }
        });
        peer.Tell($"call {bus.UniqueName} /answers test.A Nothing - ()");
        peer.Tell($"call {bus.UniqueName} /answers test.A Refuse - ()");
        peer.Tell($"call {bus.UniqueName} /answers test.A Unknown - ()");
        peer.Tell($"call {bus.UniqueName} /elsewhere test.A Nothing - ()");
        PollLoop.Until(() => seen == 3, bus);
        Assert.Equal("returned ()", PollLoop.During(peer.Says, bus));
        Assert.Equal("error org.freedesktop.DBus.Error.InvalidArgs no such job", PollLoop.During(peer.Says, bus));
        Assert.StartsWith("error org.freedesktop.DBus.Error.UnknownMethod", PollLoop.During(peer.Says, bus), StringComparison.Ordinal);
        Assert.StartsWith("error org.freedesktop.DBus.Error.UnknownMethod", PollLoop.During(peer.Says, bus), StringComparison.Ordinal);
    }

    /// <summary>What tools ask of every connection, its paths apart.</summary>
    [Fact]
    public void Ping_machine_id_and_the_way_to_our_objects_are_answered_for_us()
    {
        using BusConnection bus = daemon.Open();
        bus.AddObject("/org/test/Object", _ => false);
        string name = bus.UniqueName!;
        foreach (string path in new[] { "/", "/org/test/Object", "/nowhere" })
        {
            Assert.Equal("", Busctl("call", name, path, "org.freedesktop.DBus.Peer", "Ping"));
            Assert.Equal(
                $"s \"{File.ReadAllText("/etc/machine-id").Trim()}\"",
                Busctl("call", name, path, "org.freedesktop.DBus.Peer", "GetMachineId"));
        }

        using Peer peer = new(daemon, "test.introspects");
        peer.Tell($"call {name} /org org.freedesktop.DBus.Introspectable Introspect - ()");
        Assert.Contains("<node name=\"test\"", PollLoop.During(peer.Says, bus), StringComparison.Ordinal);
        peer.Tell($"call {name} /nowhere org.freedesktop.DBus.Introspectable Introspect - ()");
        Assert.StartsWith("error org.freedesktop.DBus.Error.UnknownMethod", PollLoop.During(peer.Says, bus), StringComparison.Ordinal);

        string Busctl(params string[] arguments) => PollLoop.During(() => daemon.Busctl(arguments), bus);
    }

    [Fact]
    public void What_a_handler_throws_comes_out_of_Process_and_the_caller_is_told()
    {
        using Peer peer = new(daemon, "test.thrower");
        using BusConnection bus = daemon.Open();
        bus.AddObject("/throws", call =>
        {
            if (call.Member != "Fine")
            {
                throw new InvalidOperationException("handler");
            }

            call.Reply();
            return true;
        });
        peer.Tell($"call {bus.UniqueName} /throws test.T Throw - ()");
        peer.Tell($"call {bus.UniqueName} /throws test.T Fine - ()");

        InvalidOperationException thrown = Assert.Throws<InvalidOperationException>(
            () => PollLoop.Until(() => false, bus));
        Assert.Equal("handler", thrown.Message);
        Assert.StartsWith("error org.freedesktop.DBus.Error.Failed", PollLoop.During(peer.Says, bus), StringComparison.Ordinal);
        Assert.Equal("returned ()", PollLoop.During(peer.Says, bus));

        bus.CallAsync(Ask.Id, s_timeout, _ => throw new InvalidOperationException("reply"));
        thrown = Assert.Throws<InvalidOperationException>(() => PollLoop.Until(() => false, bus));
        Assert.Equal("reply", thrown.Message);
        Assert.True(bus.IsReady);
        Assert.True(bus.Call(Ask.Id, s_timeout).IsSuccess);
    }

    [Fact]
    public void What_cannot_be_written_comes_out_of_the_call_and_nothing_is_sent()
    {
        using BusConnection bus = daemon.Open();
        BusCall bad = Ask.Id with { Signature = "s", Write = static (ref MessageWriter _) => throw new InvalidOperationException("body") };
        Assert.Equal("body", Assert.Throws<InvalidOperationException>(() => bus.CallAsync(bad, s_timeout, _ => { })).Message);
        Assert.True(bus.Call(Ask.Id, s_timeout).IsSuccess);
    }

    [Fact]
    public void The_bus_tells_the_user_of_a_sender()
    {
        using Peer peer = new(daemon, "test.user");
        using BusConnection bus = daemon.Open();
        bool asked = false;
        uint? uid = null;
        bus.AddObject("/user", call =>
        {
            bus.QueryUserAsync(call.Sender, found =>
            {
                asked = true;
                uid = found;
            });
            call.Reply();
            return true;
        });
        peer.Tell($"call {bus.UniqueName} /user test.U Ask - ()");
        PollLoop.Until(() => asked, bus);
        Assert.Equal(Child.Run("id", "-u"), $"{uid}");
    }

    [Fact]
    public void Busctl_calls_the_object()
    {
        using BusConnection bus = daemon.Open();
        bus.AddObject("/busctl", call =>
        {
            if (call.Signature != "stb")
            {
                return false;
            }

            Reader body = call.GetBodyReader();
            string[] texts = [body.ReadString(), $"{body.ReadUInt64()}", $"{body.ReadBool()}"];
            call.Reply("as", (ref MessageWriter reply) => reply.WriteArray(texts));
            return true;
        });
        string name = bus.UniqueName!;
        string answer = PollLoop.During(
            () => daemon.Busctl("call", name, "/busctl", "test.B", "M", "stb", "x y", "7", "true"),
            bus);
        Assert.Equal("as 3 \"x y\" \"7\" \"True\"", answer);
    }

    [Fact]
    public void A_call_whose_sender_does_not_wait_gets_no_answer()
    {
        using Peer peer = new(daemon, "test.hasty");
        using BusConnection bus = daemon.Open();
        bool? expects = null;
        bus.AddObject("/hasty", call =>
        {
            expects = call.ExpectsReply;
            call.Reply();
            return true;
        });
        _ = PollLoop.During(
            () => daemon.Busctl("call", "--expect-reply=no", bus.UniqueName!, "/hasty", "test.H", "M"), bus);
        PollLoop.Until(() => expects is not null, bus);
        Assert.False(expects);
        Assert.True(bus.Call(Ask.Id, s_timeout).IsSuccess);
    }
}
