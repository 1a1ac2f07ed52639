using HookAgent.Bus.Wire;
using HookAgent.Bus.Tests.Harness;

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
}
