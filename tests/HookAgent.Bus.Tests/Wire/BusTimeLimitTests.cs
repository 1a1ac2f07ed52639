using System.Diagnostics;
using HookAgent.Bus.Tests.Harness;
using HookAgent.Bus.Wire;

namespace HookAgent.Bus.Tests.Wire;

/// <summary>The library waits for an answer for ever; we do not.</summary>
public sealed class BusTimeLimitTests(PrivateBus daemon) : IClassFixture<PrivateBus>
{
    private const int MostGivenUp = 1000;

    [Fact]
    public void Calls_are_given_up_each_at_its_own_time()
    {
        using Peer peer = new(daemon, "test.limits");
        using BusConnection bus = daemon.Open();
        List<int> givenUp = [];
        Stopwatch watch = Stopwatch.StartNew();
        foreach (int milliseconds in new[] { 300, 100, 200 })
        {
            bus.CallAsync(Ask.Never("test.limits"), TimeSpan.FromMilliseconds(milliseconds), answer =>
            {
                Assert.True(answer.IsLate, answer.ToString());
                Assert.Equal(BusOutcome.NoReply, answer.Outcome);
                Assert.True(watch.ElapsedMilliseconds >= milliseconds, $"after {watch.Elapsed}");
                givenUp.Add(milliseconds);
            });
        }

        bus.CallAsync(Ask.Never("test.limits"), Timeout.InfiniteTimeSpan, _ => givenUp.Add(0));
        PollLoop.Until(() => givenUp.Count == 3, bus);
        Assert.Equal([100, 200, 300], givenUp);

        // Nothing is left to wake up for.
        PollLoop.Until(() => bus.Process() == BusProgress.Idle, bus);
        Assert.Null(bus.DeadlineMonotonicUsec);
    }

    [Fact]
    public void An_answer_that_comes_too_late_is_dropped()
    {
        using BusConnection bus = daemon.Open();
        using BusConnection slow = daemon.Open();
        List<ReceivedCall> held = [];
        slow.AddObject("/slow", call =>
        {
            held.Add(call);
            return true;
        });
        List<BusOutcome> answers = [];
        BusCall call = new(slow.UniqueName!, "/slow", "test.S", "Wait");
        for (int round = 1; round <= 3; round++)
        {
            // More than a connection may have open, were the late answers not counted.
            for (int i = 0; i < MostGivenUp; i++)
            {
                bus.CallAsync(call, TimeSpan.FromMilliseconds(1), answer => answers.Add(answer.Outcome));
            }

            PollLoop.Until(() => answers.Count == round * MostGivenUp && held.Count == round * MostGivenUp, bus, slow);
            held[^MostGivenUp..].ForEach(late => late.Reply());
            bool? end = null;
            bus.CallAsync(new BusCall(slow.UniqueName!, "/", "org.freedesktop.DBus.Peer", "Ping"), TimeSpan.FromSeconds(15), answer => end = answer.IsSuccess);
            PollLoop.Until(() => end is not null, bus, slow);
            Assert.True(end);
        }

        Assert.All(answers, answer => Assert.Equal(BusOutcome.NoReply, answer));
        Assert.Equal(3 * MostGivenUp, answers.Count);
        Assert.True(bus.IsReady);
    }

    [Fact]
    public void A_connection_with_too_many_calls_that_nobody_answers_is_lost()
    {
        using Peer peer = new(daemon, "test.hangs");
        peer.Stop();
        using BusConnection bus = daemon.Open();
        List<BusOutcome> answers = [];
        BusOutcome? last = null;
        for (int i = 0; i < MostGivenUp; i++)
        {
            bus.CallAsync(Ask.Never("test.hangs"), TimeSpan.FromMilliseconds(1), answer => answers.Add(answer.Outcome));
        }

        PollLoop.Until(() => answers.Count == MostGivenUp, bus);
        Assert.True(bus.IsReady);

        bus.CallAsync(Ask.Never("test.hangs"), Timeout.InfiniteTimeSpan, answer => last = answer.Outcome);
        bus.CallAsync(Ask.Never("test.hangs"), TimeSpan.FromMilliseconds(1), answer => answers.Add(answer.Outcome));
        PollLoop.UntilLost(bus);
        Assert.All(answers, answer => Assert.Equal(BusOutcome.NoReply, answer));
        Assert.Equal(MostGivenUp + 1, answers.Count);
        Assert.Equal(BusOutcome.Disconnected, last);
    }
}
