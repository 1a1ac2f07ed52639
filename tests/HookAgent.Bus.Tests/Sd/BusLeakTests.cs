using HookAgent.Bus.Sd;
using HookAgent.Bus.Tests.Harness;

namespace HookAgent.Bus.Tests.Sd;

[CollectionDefinition(nameof(CountsWholeProcess), DisableParallelization = true)]
public sealed class CountsWholeProcess;

/// <summary>Alone in the process while it runs, since it counts what the whole process holds.</summary>
[Collection(nameof(CountsWholeProcess))]
public sealed class BusLeakTests
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(15);

    [Fact]
    public void A_thousand_connections_leave_nothing_behind()
    {
        using PrivateBus daemon = new();
        UseOnce(daemon, disposeLate: true);
        int descriptors = OpenDescriptors();
        Assert.Equal((0, 0), (BusSlot.Alive, BusMessage.Alive));

        for (int i = 0; i < 1000; i++)
        {
            UseOnce(daemon, disposeLate: i % 2 == 0);
        }

        Assert.Equal((0, 0), (BusSlot.Alive, BusMessage.Alive));
        Assert.Equal(descriptors, OpenDescriptors());
    }

    [Fact]
    public void Ten_thousand_calls_and_rules_on_one_connection_leave_nothing_behind()
    {
        using PrivateBus daemon = new();
        using BusConnection bus = daemon.Open();
        bus.AddObject("/self", bus.ReplyTo);
        int slots = BusSlot.Alive;
        int answers = 0;
        for (int i = 0; i < 10_000; i++)
        {
            using BusMessage call = bus.NewCall(bus.UniqueName!, "/self", "test.Self", "Take");
            bus.CallAsync(call, s_timeout, _ => answers++);
            using BusSubscription rule = bus.MatchSignalAsync(new MatchRule().Argument(0, $"{i}"), _ => { });
        }

        PollLoop.Until(() => answers == 10_000, bus);
        Assert.Equal((slots, 0), (BusSlot.Alive, BusMessage.Alive));
    }

    [Fact]
    public void What_libsystemd_holds_for_a_message_is_given_back()
    {
        const int Size = 1 << 16;
        const int Calls = 2000;
        string text = new('x', Size);
        using PrivateBus daemon = new();
        using BusConnection bus = daemon.Open();
        bus.AddObject("/self", bus.ReplyTo);
        Take(Calls / 10);
        long before = ResidentBytes();

        Take(Calls);

        // Each call is two messages, the one sent and the one received. A leak of either is all of this.
        Assert.InRange(ResidentBytes() - before, long.MinValue, (long)Calls * Size / 2);

        void Take(int calls)
        {
            for (int i = 0; i < calls; i++)
            {
                using BusMessage call = bus.NewCall(bus.UniqueName!, "/self", "test.Self", "Take");
                using BusReply reply = bus.Call(call.WriteString(text), s_timeout);
                Assert.True(reply.IsSuccess);
            }
        }
    }

    private static void UseOnce(PrivateBus daemon, bool disposeLate)
    {
        BusConnection bus = daemon.Open();
        bus.AddObject("/self", call => bus.ReplyErrorTo(call, BusErrorNames.Failed, "no"));
        bus.MatchSignalAsync(new MatchRule().Sender(bus.UniqueName!).Member("Any"), _ => { }, _ => { });
        int answers = 0;
        using BusMessage call = bus.NewCall(bus.UniqueName!, "/self", "test.Self", "Take");
        bus.CallAsync(call, s_timeout, _ => answers++);
        using BusMessage second = bus.NewCall("org.freedesktop.DBus", "/", "org.freedesktop.DBus", "ListNames");
        bus.CallAsync(second, s_timeout, _ => answers++);
        if (disposeLate)
        {
            PollLoop.Until(() => answers == 2, bus);
        }

        bus.Dispose();
        Assert.Equal(2, answers);
    }

    private static long ResidentBytes()
    {
        GC.Collect();
        return Environment.WorkingSet;
    }

    private static int OpenDescriptors() => Directory.GetFileSystemEntries("/proc/self/fd").Length;
}
