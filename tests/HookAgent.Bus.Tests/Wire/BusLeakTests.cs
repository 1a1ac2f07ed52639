using HookAgent.Bus.Tests.Harness;
using HookAgent.Bus.Wire;

namespace HookAgent.Bus.Tests.Wire;

[CollectionDefinition(nameof(CountsWholeProcess), DisableParallelization = true)]
public sealed class CountsWholeProcess;

/// <summary>Alone in the process while it runs, since it counts what the whole process holds.</summary>
[Collection(nameof(CountsWholeProcess))]
public sealed class BusLeakTests
{
    private const int Few = 10;

    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(15);

    [Fact]
    public void A_thousand_connections_leave_nothing_behind()
    {
        using PrivateBus daemon = new();
        _ = UseOnce(daemon, disposeLate: true);
        string[] before = OpenDescriptors();
        List<WeakReference> connections = [];

        for (int i = 0; i < 1000; i++)
        {
            connections.Add(UseOnce(daemon, disposeLate: i % 2 == 0));
        }

        // What earlier tests left to the finalizer may go meanwhile, and the runtime opens files of its own. A leak is a thousand,
        // and of one kind of end alone five hundred.
        string[] after = OpenDescriptors();
        Assert.True(after.Length <= before.Length + Few, $"before:\n{string.Join('\n', before)}\nafter:\n{string.Join('\n', after)}");
        GC.Collect();
        Assert.InRange(connections.Count(connection => connection.IsAlive), 0, Few);
    }

    [Fact]
    public void Ten_thousand_calls_on_one_connection_leave_nothing_behind()
    {
        using PrivateBus daemon = new();
        using BusConnection bus = daemon.Open();
        List<WeakReference> answers = [];
        bus.AddObject("/self", call =>
        {
            call.Reply();
            return true;
        });
        for (int i = 0; i < 10_000; i++)
        {
            CallOnce(bus, answers);
        }

        // Nothing has a time limit any more. With the last answer the stream may still have to be asked for more.
        PollLoop.Until(() => answers.Count == 10_000 && bus.DeadlineMonotonicUsec is null, bus);
        GC.Collect();
        Assert.InRange(answers.Count(answer => answer.IsAlive), 0, Few);

        static void CallOnce(BusConnection bus, List<WeakReference> answers)
        {
            object held = new();
            bus.CallAsync(new BusCall(bus.UniqueName!, "/self", "test.Self", "Take"), TimeSpan.FromSeconds(1000), _ => answers.Add(new WeakReference(held)));
        }
    }

    [Fact]
    public void Large_messages_leave_no_memory_behind()
    {
        const int Size = 1 << 16;
        const int Calls = 2000;
        string text = new('x', Size);
        using PrivateBus daemon = new();
        using BusConnection bus = daemon.Open();
        bus.AddObject("/self", call =>
        {
            call.Reply();
            return true;
        });
        Take(Calls / 10);
        long before = ResidentBytes();

        Take(Calls);

        // Each call is two messages, the one sent and the one received. A leak of either is all of this.
        Assert.InRange(ResidentBytes() - before, long.MinValue, (long)Calls * Size / 2);

        void Take(int calls)
        {
            for (int i = 0; i < calls; i++)
            {
                Assert.True(bus.Call(Ask.Of(bus.UniqueName!, "/self", "test.Self", "Take", text), s_timeout).IsSuccess);
            }
        }
    }

    /// <summary>All that happens, happens on the thread that calls Process.</summary>
    [Fact]
    public void No_callback_runs_on_another_thread_and_none_is_started()
    {
        using PrivateBus daemon = new();
        using Peer peer = new(daemon, "test.threads");
        HashSet<int> threads = [];
        int callbacks = 0;
        long pooled = 0;
        Thread thread = new(() =>
        {
            Assert.True(BusConnection.TryStart(daemon.Address, s_timeout, out BusConnection? bus, out _));
            bus.CallAsync(Ask.Id, s_timeout, _ => Count());
            bus.MatchSignalAsync(new SignalMatch { Member = "Own" }, _ => Count(), _ => Count());
            bus.AddObject("/self", call =>
            {
                Count();
                call.Reply();
                return true;
            });
            PollLoop.Until(() => callbacks == 2, bus);
            pooled = ThreadPool.CompletedWorkItemCount;
            for (int i = 0; i < 100; i++)
            {
                bus.CallAsync(new BusCall(bus.UniqueName!, "/self", "test.Self", "Take"), s_timeout, _ => Count());
                bus.CallAsync(new BusCall("test.nobody", "/", "test.Nobody", "Take"), s_timeout, _ => Count());
                bus.EmitText("/self", "test.Self", "Own", "x");
            }

            PollLoop.Until(() => callbacks == 402, bus);
            bus.CallAsync(Ask.Never("test.threads"), TimeSpan.FromMilliseconds(1), _ => Count());
            PollLoop.Until(() => callbacks == 403, bus);
            bus.CallAsync(Ask.Never("test.threads"), s_timeout, _ => Count());
            pooled = ThreadPool.CompletedWorkItemCount - pooled;
            bus.Dispose();
        });
        thread.Start();
        thread.Join();

        Assert.Equal(404, callbacks);
        Assert.Equal([thread.ManagedThreadId], threads);

        // Only what reads the lines of the test's own children.
        Assert.InRange(pooled, 0, 20);

        void Count()
        {
            callbacks++;
            threads.Add(Environment.CurrentManagedThreadId);
        }
    }

    private static WeakReference UseOnce(PrivateBus daemon, bool disposeLate)
    {
        BusConnection bus = daemon.Open();
        bus.AddObject("/self", call =>
        {
            call.ReplyError(BusErrorNames.Failed, "no");
            return true;
        });
        bus.MatchSignalAsync(new SignalMatch { Sender = bus.UniqueName, Member = "Any" }, _ => { }, _ => { });
        int answers = 0;
        bus.CallAsync(new BusCall(bus.UniqueName!, "/self", "test.Self", "Take"), s_timeout, _ => answers++);
        bus.CallAsync(Ask.Id, s_timeout, _ => answers++);
        if (disposeLate)
        {
            PollLoop.Until(() => answers == 2, bus);
        }

        bus.Dispose();
        Assert.Equal(2, answers);
        return new WeakReference(bus);
    }

    private static long ResidentBytes()
    {
        GC.Collect();
        return Environment.WorkingSet;
    }

    /// <summary>What each leads to.</summary>
    private static string[] OpenDescriptors() =>
        [.. new DirectoryInfo("/proc/self/fd").EnumerateFileSystemInfos().Select(descriptor => descriptor.LinkTarget ?? "gone").Order()];
}
