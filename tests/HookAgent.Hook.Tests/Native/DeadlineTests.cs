using HookAgent.Core.Journal;
using HookAgent.Hook.Tests.Bus;

namespace HookAgent.Hook.Tests.Native;

/// <summary>Whoever does not answer, the hook ends with 0 by its deadline, and its record stands.</summary>
[Collection(NativeCollection.Name)]
public sealed class DeadlineTests : HookTestBed
{
    private const double Timeout = 0.4;

    /// <summary>In which a real bus lets the hook in, also on a busy machine.</summary>
    private const double Patient = 1.5;

    public DeadlineTests() => Publish(Timeout);

    [Fact]
    public async Task A_bus_that_accepts_and_never_answers()
    {
        using FakeBus bus = new FakeBus(Folder["bus"]).Serve((_, _) => Task.CompletedTask);
        HookRun run = await Run("prolog");
        AssertTold(run, MessageIds.BusSilent, "Job 77 begins", bus.Path, "systemctl status dbus");
        AssertBetween(Timeout, Timeout, run);
        Assert.Equal(["77"], Records);

        run = await Run("epilog");
        AssertTold(run, MessageIds.BusSilent, "Job 77 has ended");
        AssertBetween(Timeout, Timeout, run);
        Assert.Empty(Records);
    }

    [Fact]
    public async Task A_bus_that_lets_in_and_says_no_more()
    {
        using FakeBus bus = new FakeBus(Folder["bus"]).Serve((client, _) =>
        {
            client.Send("OK 0123456789abcdef0123456789abcdef\r\n"u8);
            return Task.CompletedTask;
        });
        HookRun run = await Run("prolog");
        AssertTold(run, MessageIds.BusSilent);
        AssertBetween(Timeout, Timeout, run);
    }

    [Fact]
    public async Task A_bus_that_drips()
    {
        using FakeBus bus = new FakeBus(Folder["bus"]).Serve(async (client, end) =>
        {
            foreach (byte drop in Recordings.DbusDaemon)
            {
                await client.SendAsync(new[] { drop }, end);
                await Task.Delay(15, end);
            }
        });
        HookRun run = await Run("prolog");
        AssertTold(run, MessageIds.BusSilent);
        AssertBetween(Timeout, Timeout, run);
    }

    [Fact]
    public async Task A_bus_that_is_stopped()
    {
        using PrivateBus bus = PrivateBus.In(Folder);
        bus.Stop();
        HookRun run = await Run("prolog");
        AssertTold(run, MessageIds.BusSilent);
        AssertBetween(Timeout, Timeout, run);
    }

    [Fact]
    public async Task A_bus_whose_queue_is_full()
    {
        using FakeBus bus = new FakeBus(Folder["bus"], backlog: 0).Occupy();
        HookRun run = await Run("prolog");
        AssertTold(run, MessageIds.BusUnusable, "timed out");
        AssertBetween(Timeout, Timeout, run);
        Assert.Equal(["77"], Records);
    }

    [Fact]
    public async Task A_bus_whose_queue_is_full_for_a_while_is_reached()
    {
        Publish(10);
        using FakeBus bus = new FakeBus(Folder["bus"], backlog: 0).Occupy();
        Task<HookRun> running = Run("prolog");
        await Task.Delay(200);
        Assert.False(running.IsCompleted);
        bus.Serve((client, _) =>
        {
            client.Send(Recordings.DbusDaemon);
            return Task.CompletedTask;
        });
        AssertQuiet(await running);
    }

    [Fact]
    public async Task A_daemon_that_never_answers()
    {
        using PrivateBus bus = PrivateBus.In(Folder);
        using NodeDouble node = new(bus, "--delay", "600");
        Publish(Patient);
        HookRun run = await Run("prolog");
        AssertTold(run, MessageIds.DaemonSilent, "hookctl status");
        AssertBetween(Patient, Patient, run);
        Assert.True(node.Call().Is("JobStarted", "77"));

        Publish(Patient, prologWait: 0.5);
        run = await Run("prolog");
        AssertTold(run, MessageIds.DaemonSilent);
        AssertBetween(Patient + 0.5, Patient + 0.5, run);

        Publish(Patient, prologWait: 10);
        run = await Run("epilog");
        AssertTold(run, MessageIds.DaemonSilent);
        AssertBetween(Patient, Patient, run);
    }

    [Fact]
    public async Task A_daemon_that_is_stopped()
    {
        using PrivateBus bus = PrivateBus.In(Folder);
        using NodeDouble node = new(bus);
        node.Stop();
        Publish(Patient);
        HookRun run = await Run("prolog");
        AssertTold(run, MessageIds.DaemonSilent);
        AssertBetween(Patient, Patient, run);
    }

    [Fact]
    public async Task Without_settings_the_deadline_is_a_second()
    {
        File.Delete(Folder["run/hook.conf"]);
        using FakeBus bus = new FakeBus(Folder["bus"]).Serve((_, _) => Task.CompletedTask);
        HookRun run = await Run("prolog");
        AssertTold(run, MessageIds.BusSilent);
        AssertBetween(1, 1, run);
    }

    [Fact]
    public async Task A_journal_that_takes_no_more_costs_nothing()
    {
        Journal.Fill();
        HookRun run = await Run("prolog");
        Assert.Equal(0, run.ExitCode);
        AssertBetween(0, Timeout, run);
        Assert.Equal(["77"], Records);
    }

    [Fact]
    public async Task No_journal_at_all_costs_nothing()
    {
        HookRun run = await Run("--journal", Folder["none"], "prolog");
        Assert.Equal(0, run.ExitCode);
        AssertBetween(0, Timeout, run);
        Assert.Equal(["77"], Records);
    }
}
