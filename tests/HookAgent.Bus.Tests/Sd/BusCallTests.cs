using HookAgent.Bus.Sd;
using HookAgent.Bus.Tests.Harness;

namespace HookAgent.Bus.Tests.Sd;

public sealed class BusCallTests(PrivateBus daemon) : IClassFixture<PrivateBus>
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(15);

    [Fact]
    public void An_error_reply_tells_its_name_and_text()
    {
        using Peer peer = new(daemon, "test.fails");
        using BusConnection bus = daemon.Open();
        using BusMessage call = bus.NewCall("test.fails", Peer.Path, Peer.Interface, "Fail");
        call.WriteString("org.example.Error.Odd").WriteString("wie schön");

        using BusReply reply = bus.Call(call, s_timeout);

        Assert.Equal(BusOutcome.Error, reply.Outcome);
        Assert.Equal("org.example.Error.Odd", reply.ErrorName);
        Assert.Equal("wie schön", reply.ErrorText);
        Assert.Throws<InvalidOperationException>(() => reply.Message);
    }

    [Fact]
    public void A_peer_that_does_not_answer_is_told_from_a_lost_connection()
    {
        using Peer peer = new(daemon, "test.silent");
        using BusConnection bus = daemon.Open();
        int answers = 0;
        BusOutcome outcome = BusOutcome.Success;
        using BusMessage call = bus.NewCall("test.silent", Peer.Path, Peer.Interface, "Never");
        bus.CallAsync(call, TimeSpan.FromMilliseconds(50), reply =>
        {
            answers++;
            outcome = reply.Outcome;
        });
        PollLoop.Until(() => answers > 0, bus);
        Assert.Equal(BusOutcome.NoReply, outcome);

        // The peer leaves with a call of ours unanswered.
        using BusMessage last = bus.NewCall("test.silent", Peer.Path, Peer.Interface, "Never");
        bus.CallAsync(last, Timeout.InfiniteTimeSpan, reply =>
        {
            answers++;
            outcome = reply.Outcome;
        });
        outcome = BusOutcome.Success;
        Assert.Equal("never", peer.Says());
        Assert.Equal("never", PollLoop.During(peer.Says, bus));
        peer.Kill();
        PollLoop.Until(() => answers > 1, bus);
        Assert.Equal(BusOutcome.NoReply, outcome);
        Assert.Equal(2, answers);
        Assert.True(bus.IsReady);
    }

    [Fact]
    public void A_name_nobody_has_is_an_error_at_once()
    {
        using BusConnection bus = daemon.Open();
        using BusMessage call = bus.NewCall("test.nobody", "/", "test.Nobody", "Hello").WithoutAutoStart();
        using BusReply reply = bus.Call(call, Timeout.InfiniteTimeSpan);
        Assert.Contains(reply.ErrorName, new[] { BusErrorNames.NameHasNoOwner, BusErrorNames.ServiceUnknown });
    }

    [Fact]
    public void Replies_may_be_sent_later_and_in_another_order()
    {
        using Peer peer = new(daemon, "test.patient");
        using BusConnection bus = daemon.Open();
        List<BusMessage> waiting = [];
        bus.AddObject("/late", call =>
        {
            waiting.Add(call.Keep());
            return true;
        });
        foreach (string text in new[] { "first", "second", "third" })
        {
            peer.Tell($"call {bus.UniqueName} /late test.Late Wait s ('{text}',)");
        }

        PollLoop.Until(() => waiting.Count == 3, bus);
        waiting.Reverse();
        foreach (BusMessage call in waiting)
        {
            Assert.True(call.ExpectsReply);
            Assert.Equal(peer.UniqueName, call.Sender);
            Assert.Equal(("/late", "test.Late", "Wait", "s"), (call.Path, call.Interface, call.Member, call.Signature));
            Assert.True(call.TryReadString(out string? text));
            using BusMessage reply = bus.NewReply(call);
            reply.WriteString(text + "!");
            Assert.True(bus.Send(reply));
            call.Dispose();
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
            return call.Member switch
            {
                "Nothing" => bus.ReplyTo(call),
                "Refuse" => bus.ReplyErrorTo(call, BusErrorNames.InvalidArgs, "no such job"),
                _ => false,
            };
        });
        peer.Tell($"call {bus.UniqueName} /answers test.A Nothing - ()");
        peer.Tell($"call {bus.UniqueName} /answers test.A Refuse - ()");
        peer.Tell($"call {bus.UniqueName} /answers test.A Unknown - ()");
        peer.Tell($"call {bus.UniqueName} /elsewhere test.A Nothing - ()");
        PollLoop.Until(() => seen == 3, bus);
        Assert.Equal("returned ()", peer.Says());
        Assert.Equal("error org.freedesktop.DBus.Error.InvalidArgs no such job", peer.Says());
        Assert.StartsWith("error org.freedesktop.DBus.Error.UnknownMethod", peer.Says(), StringComparison.Ordinal);
        Assert.StartsWith(
            "error org.freedesktop.DBus.Error.UnknownObject",
            PollLoop.During(peer.Says, bus),
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_handler_throws_comes_out_of_Process_and_the_caller_is_told()
    {
        using Peer peer = new(daemon, "test.thrower");
        using BusConnection bus = daemon.Open();
        bus.AddObject("/throws", call => call.Member == "Fine"
            ? bus.ReplyTo(call)
            : throw new InvalidOperationException("handler"));
        peer.Tell($"call {bus.UniqueName} /throws test.T Throw - ()");
        peer.Tell($"call {bus.UniqueName} /throws test.T Fine - ()");

        InvalidOperationException thrown = Assert.Throws<InvalidOperationException>(
            () => PollLoop.Until(() => false, bus));
        Assert.Equal("handler", thrown.Message);
        Assert.StartsWith(
            "error org.freedesktop.DBus.Error.IOError",
            PollLoop.During(peer.Says, bus),
            StringComparison.Ordinal);
        Assert.Equal("returned ()", PollLoop.During(peer.Says, bus));

        using BusMessage call = bus.NewCall("org.freedesktop.DBus", "/", "org.freedesktop.DBus", "GetId");
        bus.CallAsync(call, s_timeout, _ => throw new InvalidOperationException("reply"));
        thrown = Assert.Throws<InvalidOperationException>(() => PollLoop.Until(() => false, bus));
        Assert.Equal("reply", thrown.Message);
        Assert.True(bus.IsReady);
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
            bus.QuerySenderUidAsync(call, found =>
            {
                asked = true;
                uid = found;
            });
            return bus.ReplyTo(call);
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
            if (call.Signature != "stb" || !call.TryReadString(out string? text)
                || !call.TryReadUInt64(out ulong number) || !call.TryReadBool(out bool flag))
            {
                return false;
            }

            using BusMessage reply = bus.NewReply(call);
            reply.WriteVariantStringArray([text, $"{number}", $"{flag}"]);
            return bus.Send(reply);
        });
        string name = bus.UniqueName!;
        string answer = PollLoop.During(
            () => daemon.Busctl("call", name, "/busctl", "test.B", "M", "stb", "x y", "7", "true"),
            bus);
        Assert.Equal("v as 3 \"x y\" \"7\" \"True\"", answer);
    }
}
