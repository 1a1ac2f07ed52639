using HookAgent.Bus.Tests.Harness;
using HookAgent.Bus.Wire;

namespace HookAgent.Bus.Tests.Wire;

/// <summary>Whatever ends a connection, each call is answered once.</summary>
public sealed class BusLossTests
{
    private const int Calls = 300;
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(60);
    private static readonly BusCall s_never = Ask.Never("test.silent");

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
        bus.MatchSignalAsync(new SignalMatch { Member = "Never" }, _ => { }, reply => installed = reply.IsSuccess);

        daemon.Kill();
        PollLoop.UntilLost(bus);

        Assert.All(answers, answer => Assert.Equal(BusOutcome.Disconnected, answer));
        Assert.Equal(0, repeated);
        Assert.NotNull(installed);

        // It stays lost, says so to poll loops, and still answers.
        Assert.Equal(-1, bus.Descriptor);
        Assert.False(bus.IsReady);
        Assert.Null(bus.UniqueName);
        Assert.Equal(0UL, bus.DeadlineMonotonicUsec);
        BusOutcome? late = null;
        bus.CallAsync(s_never, s_timeout, reply => late = reply.Outcome);
        Assert.Null(late);
        Assert.Equal(BusProgress.Lost, bus.Process());
        Assert.Equal(BusOutcome.Disconnected, late);
        Assert.Equal(BusOutcome.Disconnected, bus.Call(s_never, s_timeout).Outcome);
        bus.EmitText("/", "test.Lost", "Lost", "");
        bus.AddObject("/lost", _ => true);
        bus.MatchSignalAsync(new SignalMatch { Member = "Never" }, _ => { }, reply => installed = reply.IsSuccess);
        Assert.Equal(BusProgress.Lost, bus.Process());
        Assert.False(installed);
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
        bus.CallAsync(s_never, s_timeout, _ =>
        {
            again++;
            bus.Dispose();
            Assert.Throws<ObjectDisposedException>(() => bus.CallAsync(s_never, s_timeout, _ => again++));
            throw new InvalidOperationException("answer");
        });

        InvalidOperationException thrown = Assert.Throws<InvalidOperationException>(bus.Dispose);

        Assert.Equal("answer", thrown.Message);
        Assert.All(answers, answer => Assert.Equal(BusOutcome.Disconnected, answer));
        Assert.Equal((0, 1), (repeated, again));
        bus.Dispose();
        Assert.Throws<ObjectDisposedException>(() => bus.Process());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_callback_may_dispose_its_connection(bool lost)
    {
        using PrivateBus daemon = new();
        using Peer peer = new(daemon, "test.silent");
        BusConnection bus = daemon.Open();
        BusOutcome?[] answers = new BusOutcome?[Calls];
        int repeated = 0;
        CallNever(bus, answers, () => repeated++);
        bool disposed = false;
        BusOutcome?[] later = new BusOutcome?[Calls];
        bus.CallAsync(lost ? s_never : Ask.Id, s_timeout, _ =>
        {
            bus.Dispose();
            disposed = true;
            Assert.All(answers, answer => Assert.Equal(BusOutcome.Disconnected, answer));
            Assert.All(later, answer => Assert.Equal(BusOutcome.Disconnected, answer));
        });
        CallNever(bus, later, () => repeated++);
        if (lost)
        {
            daemon.Kill();
        }

        PollLoop.UntilLost(bus);

        Assert.True(disposed);
        Assert.All(answers, answer => Assert.Equal(BusOutcome.Disconnected, answer));
        Assert.Equal(0, repeated);
    }

    [Fact]
    public void A_handler_may_dispose_its_connection()
    {
        using PrivateBus daemon = new();
        using Peer peer = new(daemon, "test.caller");
        BusConnection bus = daemon.Open();
        ReceivedCall? kept = null;
        bus.AddObject("/ends", call =>
        {
            kept = call;
            bus.Dispose();
            call.Reply();
            return true;
        });
        peer.Tell($"call {bus.UniqueName} /ends test.E End - ()");
        peer.Tell($"call {bus.UniqueName} /ends test.E End - ()");
        PollLoop.UntilLost(bus);

        // The bus answers in our place.
        Assert.StartsWith("error org.freedesktop.DBus.Error.NoReply", peer.Says(), StringComparison.Ordinal);
        kept!.Reply();
        kept.ReplyError(BusErrorNames.Failed, "too late");
    }

    [Fact]
    public void Who_calls_again_at_each_loss_holds_nothing_up()
    {
        using PrivateBus daemon = new();
        using BusConnection bus = daemon.Open();
        daemon.Kill();
        PollLoop.UntilLost(bus);
        int answers = 0;
        void Again(BusAnswer reply)
        {
            Assert.Equal(BusOutcome.Disconnected, reply.Outcome);
            answers++;
            bus.CallAsync(s_never, s_timeout, answers < 1_000_000 ? Again : _ => bus.Dispose());
        }

        bus.CallAsync(s_never, s_timeout, Again);
        Assert.Equal(BusProgress.MoreToDo, bus.Process());
        Assert.InRange(answers, 1, 10);
        answers = 1_000_000;
        Assert.Equal(BusProgress.Lost, bus.Process());
        Assert.Throws<ObjectDisposedException>(() => bus.Process());
    }

    [Fact]
    public void What_an_answer_throws_when_the_bus_dies_keeps_no_other_call_from_its_answer()
    {
        using PrivateBus daemon = new();
        using Peer peer = new(daemon, "test.silent");
        using BusConnection bus = daemon.Open();
        BusOutcome?[] answers = new BusOutcome?[Calls];
        int repeated = 0;
        bus.CallAsync(s_never, s_timeout, _ => throw new InvalidOperationException("answer"));
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
        PollLoop.Until(() => bus.Process() == BusProgress.Idle, bus);
        daemon.Stop();
        List<BusOutcome> answers = [];
        string large = new('x', 1 << 20);
        BusCall call = Ask.Of("test.nobody", "/", "test.Nobody", "Hear", large);
        for (int i = 0; i < 3; i++)
        {
            bus.CallAsync(call, TimeSpan.FromMilliseconds(100), answer => answers.Add(answer.Outcome));
        }

        // More than the socket takes is queued, and poll(2) is asked to say when it takes more.
        Assert.NotEqual(0, bus.PollEvents & PollLoop.Writable);
        PollLoop.Until(() => answers.Count == 3, bus);
        Assert.All(answers, answer => Assert.Equal(BusOutcome.NoReply, answer));
        Assert.True(bus.IsReady);

        // It goes on as if nothing had been.
        daemon.Continue();
        string? id = null;
        bus.CallAsync<string>(Ask.Id, s_timeout, BodyReaders.Text, answer => id = answer.Value);
        PollLoop.Until(() => id is not null, bus);
        Assert.Equal(PollLoop.Readable, bus.PollEvents);
        bus.Dispose();
    }

    [Fact]
    public void A_bus_that_reads_nothing_for_too_long_is_lost()
    {
        using PrivateBus daemon = new();
        using BusConnection bus = daemon.Open();
        daemon.Stop();
        int sent = 0;
        string large = new('x', 1 << 16);
        BusOutcome? outcome = null;
        bus.CallAsync(Ask.Id, Timeout.InfiniteTimeSpan, answer => outcome = answer.Outcome);
        while (bus.IsReady)
        {
            bus.EmitText("/", "test.Flood", "Flood", large);
            Assert.InRange(++sent, 1, 2 * OutgoingBytes.Most / large.Length);
        }

        Assert.InRange(sent, OutgoingBytes.Most / (large.Length + 200), int.MaxValue);
        Assert.Equal(0UL, bus.DeadlineMonotonicUsec);
        Assert.Null(outcome);
        bus.EmitText("/", "test.Flood", "Flood", large);
        Assert.Equal(BusProgress.Lost, bus.Process());
        Assert.Equal(BusOutcome.Disconnected, outcome);
        daemon.Continue();
    }

    private static void CallNever(BusConnection bus, BusOutcome?[] answers, Action repeated)
    {
        for (int i = 0; i < answers.Length; i++)
        {
            int index = i;
            bus.CallAsync(s_never, s_timeout, reply =>
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
