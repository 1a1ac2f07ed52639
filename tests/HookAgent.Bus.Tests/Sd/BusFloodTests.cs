using HookAgent.Bus.Sd;
using HookAgent.Bus.Tests.Harness;

namespace HookAgent.Bus.Tests.Sd;

public sealed class BusFloodTests(PrivateBus daemon) : IClassFixture<PrivateBus>
{
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
            Assert.True(call.TryReadString(out string? text));
            Assert.True(seen.Add($"{call.Sender} {text}"));
            answered++;
            return bus.ReplyTo(call);
        });

        // All are on their way before the first is read.
        first.Tell($"fire {Calls / 2} {bus.UniqueName} /flood test.F Take");
        second.Tell($"fire {Calls / 2} {bus.UniqueName} /flood test.F Take");
        Assert.Equal("fired", first.Says());
        Assert.Equal("fired", second.Says());

        int most = 0;
        int handedBack = 0;
        PollLoop.Until(
            () =>
            {
                int before = answered;
                handedBack += bus.Process() == BusProgress.MoreToDo ? 1 : 0;
                most = Math.Max(most, answered - before);
                return answered == Calls;
            },
            bus);

        Assert.Equal($"answered {Calls / 2}", PollLoop.During(first.Says, bus));
        Assert.Equal($"answered {Calls / 2}", PollLoop.During(second.Says, bus));
        Assert.InRange(most, 1, BusConnection.MessagesPerTurn);
        Assert.True(handedBack > 0, "the loop was never handed back in the middle of the flood");
    }
}
