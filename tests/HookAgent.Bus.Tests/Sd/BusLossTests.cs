using HookAgent.Bus.Sd;
using HookAgent.Bus.Tests.Harness;

namespace HookAgent.Bus.Tests.Sd;

/// <summary>Whatever ends a connection, each call is answered once.</summary>
public sealed class BusLossTests
{
    private const int Calls = 300;
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(60);

    [Fact]
    public void A_killed_bus_answers_every_outstanding_call_once()
    {
        using PrivateBus daemon = new();
        using Peer peer = new(daemon, "test.silent");
        using BusConnection bus = daemon.Open();
        BusOutcome?[] answers = new BusOutcome?[Calls];
        int repeated = 0;
        CallNever(bus, answers, () => repeated++);
        PollLoop.During(peer.Says, bus);
        bool? installed = null;
        bus.MatchSignalAsync(new MatchRule().Member("Never"), _ => { }, reply => installed = reply.IsSuccess);

        daemon.Kill();
        PollLoop.UntilLost(bus);

        Assert.All(answers, answer => Assert.Equal(BusOutcome.Disconnected, answer));
        Assert.Equal(0, repeated);
        Assert.NotNull(installed);

        // It stays lost, says so to poll loops, and still answers.
        Assert.Equal(-1, bus.Descriptor);
        Assert.Equal(PollEvents.None, bus.Events);
        Assert.Equal(0UL, bus.DeadlineMonotonicUsec);
        BusOutcome? late = null;
        using BusMessage call = bus.NewCall("test.silent", Peer.Path, Peer.Interface, "Never");
        bus.CallAsync(call, s_timeout, reply => late = reply.Outcome);
        Assert.Null(late);
        Assert.Equal(BusProgress.Lost, bus.Process());
        Assert.Equal(BusOutcome.Disconnected, late);
        using BusReply waited = bus.Call(call, s_timeout);
        Assert.Equal(BusOutcome.Disconnected, waited.Outcome);
        using BusMessage signal = bus.NewSignal("/", "test.Lost", "Lost");
        Assert.False(bus.Send(signal));
    }

    [Fact]
    public void Dispose_answers_every_outstanding_call_once_whatever_the_answers_do()
    {
        using PrivateBus daemon = new();
        using Peer peer = new(daemon, "test.silent");
        BusConnection bus = daemon.Open();
        BusOutcome?[] answers = new BusOutcome?[Calls];
        int repeated = 0;
        CallNever(bus, answers, () => repeated++);
        int again = 0;
        using BusMessage call = bus.NewCall("test.silent", Peer.Path, Peer.Interface, "Never");
        bus.CallAsync(call, s_timeout, _ =>
        {
            again++;
            bus.Dispose();
            Assert.Throws<ObjectDisposedException>(() => bus.CallAsync(call, s_timeout, _ => again++));
            throw new InvalidOperationException("answer");
        });

        InvalidOperationException thrown = Assert.Throws<InvalidOperationException>(bus.Dispose);

        Assert.Equal("answer", thrown.Message);
        Assert.All(answers, answer => Assert.Equal(BusOutcome.Disconnected, answer));
        Assert.Equal((0, 1), (repeated, again));
        bus.Dispose();
        Assert.Throws<ObjectDisposedException>(() => bus.Process());
    }

    [Fact]
    public void A_callback_may_dispose_its_connection()
    {
        using PrivateBus daemon = new();
        using Peer peer = new(daemon, "test.silent");
        BusConnection bus = daemon.Open();
        BusOutcome?[] answers = new BusOutcome?[Calls];
        int repeated = 0;
        CallNever(bus, answers, () => repeated++);
        bool disposed = false;
        using BusMessage call = bus.NewCall("org.freedesktop.DBus", "/", "org.freedesktop.DBus", "GetId");
        bus.CallAsync(call, s_timeout, _ =>
        {
            bus.Dispose();
            disposed = true;
        });

        PollLoop.UntilLost(bus);

        Assert.True(disposed);
        Assert.All(answers, answer => Assert.Equal(BusOutcome.Disconnected, answer));
        Assert.Equal(0, repeated);
    }

    [Fact]
    public void Who_calls_again_at_each_loss_holds_nothing_up()
    {
        using PrivateBus daemon = new();
        using BusConnection bus = daemon.Open();
        daemon.Kill();
        PollLoop.UntilLost(bus);
        int answers = 0;
        using BusMessage call = bus.NewCall("test.silent", Peer.Path, Peer.Interface, "Never");
        void Again(BusReply reply)
        {
            Assert.Equal(BusOutcome.Disconnected, reply.Outcome);
            answers++;
            bus.CallAsync(call, s_timeout, answers < 1_000_000 ? Again : _ => bus.Dispose());
        }

        bus.CallAsync(call, s_timeout, Again);
        Assert.Equal(BusProgress.MoreToDo, bus.Process());
        Assert.InRange(answers, 1, BusConnection.MessagesPerTurn);
        answers = 1_000_000;
        Assert.Equal(BusProgress.Lost, bus.Process());
        Assert.Throws<ObjectDisposedException>(() => bus.Process());
    }

    [Fact]
    public void A_message_that_outlives_its_connection_does_not_keep_it_open()
    {
        using PrivateBus daemon = new();
        using BusConnection witness = daemon.Open();
        BusConnection bus = daemon.Open();
        List<string> owners = [];
        witness.WatchOwnerAsync(bus.UniqueName!, owners.Add);
        PollLoop.Until(() => owners.Count == 1, witness);
        BusMessage? kept = null;
        using BusMessage call = bus.NewCall("org.freedesktop.DBus", "/", "org.freedesktop.DBus", "GetId");
        bus.CallAsync(call, s_timeout, reply => kept = reply.Message.Keep());
        PollLoop.Until(() => kept is not null, bus);

        bus.Dispose();

        PollLoop.Until(() => owners is [_, ""], witness);
        Assert.True(kept!.TryReadString(out _));
        kept.Dispose();
    }

    [Fact]
    public void What_an_answer_throws_when_the_bus_dies_keeps_no_other_call_from_its_answer()
    {
        using PrivateBus daemon = new();
        using Peer peer = new(daemon, "test.silent");
        using BusConnection bus = daemon.Open();
        BusOutcome?[] answers = new BusOutcome?[Calls];
        int repeated = 0;
        using BusMessage call = bus.NewCall("test.silent", Peer.Path, Peer.Interface, "Never");
        bus.CallAsync(call, s_timeout, _ => throw new InvalidOperationException("answer"));
        CallNever(bus, answers, () => repeated++);

        daemon.Kill();
        Assert.Throws<InvalidOperationException>(() => PollLoop.UntilLost(bus));
        PollLoop.UntilLost(bus);

        Assert.All(answers, answer => Assert.Equal(BusOutcome.Disconnected, answer));
        Assert.Equal(0, repeated);
    }

    [Fact]
    public void A_stopped_bus_blocks_neither_calls_nor_Dispose()
    {
        using PrivateBus daemon = new();
        BusConnection bus = daemon.Open();
        daemon.Stop();
        int answers = 0;
        string large = new('x', 1 << 20);
        for (int i = 0; i < 32; i++)
        {
            using BusMessage call = bus.NewCall("test.nobody", "/", "test.Nobody", "Hear");
            call.WriteString(large);
            bus.CallAsync(call, TimeSpan.FromMilliseconds(100), reply =>
            {
                Assert.Equal(BusOutcome.NoReply, reply.Outcome);
                answers++;
            });
        }

        // More than the socket takes is queued, and poll(2) is asked to say when it takes more.
        Assert.Equal(PollEvents.Readable | PollEvents.Writable, bus.Events);
        PollLoop.Until(() => answers == 32, bus);
        bus.Dispose();
        daemon.Continue();
    }

    private static void CallNever(BusConnection bus, BusOutcome?[] answers, Action repeated)
    {
        for (int i = 0; i < answers.Length; i++)
        {
            int index = i;
            using BusMessage call = bus.NewCall("test.silent", Peer.Path, Peer.Interface, "Never");
            bus.CallAsync(call, s_timeout, reply =>
            {
                if (answers[index] is not null)
                {
                    repeated();
                }

                answers[index] = reply.Outcome;
            });
        }
    }
}
