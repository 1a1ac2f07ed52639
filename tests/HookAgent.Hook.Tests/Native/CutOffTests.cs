using System.Net.Sockets;
using HookAgent.Core.Journal;
using HookAgent.Hook.Tests.Bus;

namespace HookAgent.Hook.Tests.Native;

/// <summary>
/// Whoever loses the connection over which the call went: the hook asks again while it may still wait. A Prolog that went
/// on at once would have its job run beside a provider that still stops.
/// </summary>
[Collection(NativeCollection.Name)]
public sealed class CutOffTests : HookTestBed
{
    /// <summary>Between two calls, in seconds. None is made that has not as long until the deadline: it would be cut short.</summary>
    private const double Pause = 0.05;

    private static readonly byte[] s_ok = "OK 0123456789abcdef0123456789abcdef\r\n"u8.ToArray();

    [Theory]
    [InlineData("dbus-daemon")]
    [InlineData("dbus-broker")]
    public async Task A_daemon_that_loses_the_bus_is_asked_again_when_it_is_back(string kind)
    {
        Publish(timeout: 0.3, prologWait: 30);
        using PrivateBus bus = PrivateBus.In(Folder, kind);
        Task<HookRun> waiting;
        using (NodeDouble first = new(bus, "--delay", "600"))
        {
            waiting = Run("prolog");
            Assert.True(first.Call().Is("JobStarted", "77"));
            Assert.False(waiting.IsCompleted);
        }

        using NodeDouble second = new(bus, "--delay", "0.5");
        Assert.True(second.Call().Is("JobStarted", "77"));
        AssertQuiet(await waiting);
    }

    [Theory]
    [InlineData("dbus-daemon")]
    [InlineData("dbus-broker")]
    public async Task A_daemon_that_does_not_come_back_is_waited_for_until_the_deadline(string kind)
    {
        Publish(timeout: 0.3, prologWait: 2.7);
        using PrivateBus bus = PrivateBus.In(Folder, kind);
        Task<HookRun> waiting;
        using (NodeDouble first = new(bus, "--delay", "600"))
        {
            waiting = Run("prolog");
            Assert.True(first.Call().Is("JobStarted", "77"));
        }

        HookRun run = await waiting;
        AssertTold(run, MessageIds.DaemonAbsent, "is not on the bus");
        AssertBetween(3 - Pause, 3, run);
    }

    [Fact]
    public async Task A_bus_that_hangs_up_once_is_asked_again()
    {
        Publish(timeout: 10);
        using FakeBus bus = new(Folder["bus"]);
        bus.Serve((client, _) =>
        {
            if (bus.Accepted == 1)
            {
                client.Dispose();
            }
            else
            {
                client.Send(Recordings.DbusDaemon);
            }

            return Task.CompletedTask;
        });
        AssertQuiet(await Run("epilog"));
        Assert.Equal(2, bus.Accepted);
    }

    [Fact]
    public async Task A_bus_that_always_hangs_up_is_asked_twenty_times_a_second_at_most()
    {
        Publish(timeout: 1);
        using FakeBus bus = new FakeBus(Folder["bus"]).Serve((client, _) =>
        {
            client.Dispose();
            return Task.CompletedTask;
        });
        HookRun run = await Run("prolog");
        AssertTold(run, MessageIds.BusUnusable, "hung up");
        AssertBetween(1 - Pause, 1, run);
        Assert.InRange(bus.Accepted, 2, 21);
        Assert.Equal(["77"], Records);
    }

    /// <summary>Each call has a socket of its own: as many as slurmd lets open are fewer than a long wait has calls.</summary>
    [Fact]
    public async Task No_descriptor_is_left_of_a_call_that_was_cut_off()
    {
        Publish(timeout: 10);
        int served = 0;
        using FakeBus bus = new FakeBus(Folder["bus"]).Serve((client, _) =>
        {
            if (++served > 12)
            {
                client.Send(Recordings.DbusDaemon);
            }
            else
            {
                client.Send(s_ok);
                client.Shutdown(SocketShutdown.Send);
            }

            return Task.CompletedTask;
        });
        AssertQuiet(await HookRun.Of(["/bin/sh", "-c", "ulimit -n 8; exec \"$@\"", "sh", .. Command("prolog")], Slurm));
    }

    /// <summary>There is nothing to wait for where nobody has taken the call.</summary>
    [Fact]
    public async Task An_absent_daemon_is_asked_once()
    {
        Publish(timeout: 10);
        using PrivateBus bus = PrivateBus.In(Folder);
        HookRun run = await Run("prolog");
        AssertTold(run, MessageIds.DaemonAbsent);
        AssertBetween(0, 2, run);
    }
}
