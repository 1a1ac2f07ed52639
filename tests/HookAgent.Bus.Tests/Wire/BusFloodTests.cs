using HookAgent.Bus.Tests.Harness;
using HookAgent.Bus.Wire;
using Tmds.DBus.Protocol;

namespace HookAgent.Bus.Tests.Wire;

public sealed class BusFloodTests(PrivateBus daemon) : IClassFixture<PrivateBus>
{
    /// <summary>A call of this test is no smaller than 100 bytes, and a turn reads less than 32 KiB.</summary>
    private const int MostPerTurn = 32 * 1024 / 100;

    [Fact]
    public void Ten_thousand_calls_are_all_answered_and_none_starves_the_loop()
    {
        const int Calls = 10_000;
        using Peer first = new(daemon, "test.flood1");
        using Peer second = new(daemon, "test.flood2");
        using BusConnection bus = daemon.Open();
        int answered = 0;
        HashSet<string> seen = [];
        bus.AddObject("/flood", call =>
        {
            Assert.True(seen.Add($"{call.Sender} {call.GetBodyReader().ReadString()}"));
            answered++;
            call.Reply();
            return true;
        });

        // All are on their way before the first is read.
        first.Tell($"fire {Calls / 2} {bus.UniqueName} /flood test.F Take");
        second.Tell($"fire {Calls / 2} {bus.UniqueName} /flood test.F Take");
        Assert.Equal("fired", first.Says());
        Assert.Equal("fired", second.Says());

        int most = 0;
        PollLoop.Until(
            () =>
            {
                int before = answered;
                _ = bus.Process();
                most = Math.Max(most, answered - before);
                return answered == Calls;
            },
            bus);

        Assert.Equal($"answered {Calls / 2}", PollLoop.During(first.Says, bus));
        Assert.Equal($"answered {Calls / 2}", PollLoop.During(second.Says, bus));
        Assert.InRange(most, 1, MostPerTurn);
    }

    [Fact]
    public void The_loop_is_handed_back_in_the_middle_of_what_waits()
    {
        const int Calls = 500;
        using RawBus raw = new();
        int seen = 0;
        raw.Connection.AddObject("/x", _ => ++seen > 0);
        byte[] call = raw.Call("s", RawBus.Text("x"));
        raw.Send([.. Enumerable.Range(0, Calls).SelectMany(_ => call)]);

        int turns = 0;
        while (raw.Connection.Process() == BusProgress.MoreToDo)
        {
            turns++;
            Assert.InRange(seen, turns, turns * MostPerTurn);
            Assert.Equal(0UL, raw.Connection.DeadlineMonotonicUsec);
        }

        Assert.Equal(Calls, seen);
        Assert.InRange(turns, Calls * call.Length / (32 * 1024), Calls);
        Assert.True(turns > 0, "the loop was never handed back");
        Assert.Null(raw.Connection.DeadlineMonotonicUsec);
    }

    /// <summary>An answer may be far longer than the call, and whoever reads none of them makes a bus slow to take them.</summary>
    [Fact]
    public void A_flood_of_calls_with_long_answers_keeps_the_connection_and_owes_the_bus_little()
    {
        using RawBus raw = new();
        string answer = new('x', 8 * 1024);
        int answered = 0;
        raw.Connection.AddObject("/x", call =>
        {
            answered++;
            call.Reply("s", (ref MessageWriter body) => body.WriteString(answer));
            return true;
        });
        byte[] call = raw.Call("", []);
        byte[] some = [.. Enumerable.Range(0, 1000).SelectMany(_ => call)];
        raw.Send(some);
        while (raw.Connection.Process() == BusProgress.MoreToDo)
        {
        }

        // The bus has taken no answer, so that no more is read, and nobody is woken by what waits to be.
        Assert.Equal(PollLoop.Writable, raw.Connection.PollEvents);
        Assert.InRange(answered, 1, 100);
        Assert.True(raw.Connection.DeadlineMonotonicUsec > MonotonicClock.NowUsec());

        PollLoop.During(() => Enumerable.Range(0, 1000).Select(_ => raw.ReadSerialOfNextMessage()).ToArray(), raw.Connection);
        Assert.Equal(1000, answered);
        Assert.True(raw.Connection.IsReady);
        Assert.Equal(PollLoop.Readable, raw.Connection.PollEvents);
        Assert.Null(raw.Connection.DeadlineMonotonicUsec);
    }

    [Fact]
    public void A_bus_that_sends_calls_and_takes_no_answers_is_lost_after_seconds()
    {
        using RawBus raw = new();
        string answer = new('x', 8 * 1024);
        raw.Connection.AddObject("/x", call =>
        {
            call.Reply("s", (ref MessageWriter body) => body.WriteString(answer));
            return true;
        });
        byte[] call = raw.Call("", []);
        raw.Send([.. Enumerable.Range(0, 1000).SelectMany(_ => call)]);
        PollLoop.Until(() => raw.Connection.Process() == BusProgress.Lost, raw.Connection);
    }
}
