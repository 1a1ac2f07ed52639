using HookAgent.Bus.Tests.Harness;
using HookAgent.Bus.Wire;
using Tmds.DBus.Protocol;

namespace HookAgent.Bus.Tests.Wire;

/// <summary>Alone in the process while it runs, since it measures what the whole process holds.</summary>
[Collection(nameof(CountsWholeProcess))]
public sealed class LargeMessageTests
{
    private const int OfAStranger = 31 * 1024 * 1024;
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(20);

    [Fact]
    public void A_stranger_s_large_message_is_left_out_and_the_next_one_is_heard()
    {
        using PrivateBus daemon = new();
        using Peer stranger = new(daemon, "test.stranger");
        using BusConnection bus = daemon.Open();
        List<int> heard = [];
        bus.AddObject("/x", call =>
        {
            heard.Add(call.GetBodyReader().ReadString().Length);
            return true;
        });
        Assert.True(bus.Call(Ask.Id, s_timeout).IsSuccess);
        long most = 0;
        long before = Environment.WorkingSet;

        stranger.Tell($"large {OfAStranger} {bus.UniqueName} /x test.L Take");
        stranger.Tell($"large 100000 {bus.UniqueName} /x test.L Take");
        PollLoop.Until(
            () =>
            {
                most = Math.Max(most, Environment.WorkingSet - before);
                return heard.Count > 0;
            },
            bus);

        Assert.Equal([100_000], heard);
        Assert.InRange(most, long.MinValue, OfAStranger / 2);
        Assert.True(bus.IsReady);
    }

    [Fact]
    public void A_large_answer_is_one_that_does_not_come()
    {
        using PrivateBus daemon = new();
        using Peer peer = new(daemon, "test.wordy");
        using BusConnection bus = daemon.Open();
        Assert.Equal(1000, Large(1000, s_timeout).Value.Length);
        Assert.Equal(1_000_000, Large(1_000_000, s_timeout).Value.Length);
        Assert.Equal(BusOutcome.NoReply, Large(IncomingBytes.LargestAnswer, TimeSpan.FromMilliseconds(500)).Outcome);
        Assert.Equal(1000, Large(1000, s_timeout).Value.Length);

        BusAnswer<string> Large(uint size, TimeSpan timeout) => bus.Call<string>(
            new BusCall("test.wordy", Peer.Path, Peer.Interface, "Large", "u", (ref MessageWriter body) => body.WriteUInt32(size)),
            timeout,
            BodyReaders.Text);
    }
}
