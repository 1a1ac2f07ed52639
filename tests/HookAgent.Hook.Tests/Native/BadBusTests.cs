using System.Text;
using HookAgent.Core.Journal;
using HookAgent.Hook.Tests.Bus;

namespace HookAgent.Hook.Tests.Native;

/// <summary>What is at the bus's place is no bus, or does not want us: known at once, and said.</summary>
[Collection(NativeCollection.Name)]
public sealed class BadBusTests : HookTestBed
{
    /// <summary>Little-endian, type 4, serial 9, without a field or a body.</summary>
    private static readonly byte[] Signal = [(byte)'l', 4, 0, 1, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0];

    [Fact]
    public async Task Nothing_is_there()
    {
        AssertTold(await Run("prolog"), MessageIds.BusUnusable, "Job 77", Folder["bus"], "No such file", "systemctl status dbus");
        Assert.Equal(["77"], Records);
    }

    [Fact]
    public async Task A_socket_is_there_and_nobody_listens()
    {
        new FakeBus(Folder["bus"]).Dispose();
        AssertTold(await Run("epilog"), MessageIds.BusUnusable);
    }

    [Fact]
    public async Task A_file_is_there()
    {
        await File.WriteAllTextAsync(Folder["bus"], "");
        AssertTold(await Run("prolog"), MessageIds.BusUnusable, "Connection refused");
    }

    [Fact]
    public async Task The_path_is_too_long_for_a_socket() =>
        AssertTold(await Run("--bus", "unix:path=/" + new string('x', 200), "prolog"), MessageIds.BusUnusable);

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")]
    [InlineData("\u0000\u0001\u0002\u0003\r\n\u0000")]
    [InlineData("OK 0123456789abcdef0123456789abcdef\r\nhello, this is not D-Bus at all")]
    public async Task It_talks_nonsense(string words)
    {
        using FakeBus bus = new FakeBus(Folder["bus"]).Serve((client, _) =>
        {
            client.Send(Encoding.Latin1.GetBytes(words));
            return Task.CompletedTask;
        });
        AssertTold(await Run("prolog"), MessageIds.BusUnusable, "is no bus");
    }

    [Fact]
    public async Task It_floods()
    {
        using FakeBus bus = new FakeBus(Folder["bus"]).Serve(async (client, end) =>
        {
            byte[] flood = new byte[65536];
            while (!end.IsCancellationRequested)
            {
                await client.SendAsync(flood, end);
            }
        });
        HookRun run = await Run("prolog");
        AssertTold(run, MessageIds.BusUnusable);
        AssertBetween(0, 1, run);
    }

    [Fact]
    public async Task It_sends_one_good_message_after_the_other_and_never_the_answer()
    {
        Publish(timeout: 0.5);
        byte[] signals = [.. Enumerable.Repeat(Signal, 500).SelectMany(signal => signal)];
        using FakeBus bus = new FakeBus(Folder["bus"]).Serve(async (client, end) =>
        {
            client.Send("OK 0123456789abcdef0123456789abcdef\r\n"u8);
            while (!end.IsCancellationRequested)
            {
                await client.SendAsync(signals, end);
            }
        });
        HookRun run = await Run("prolog");
        AssertTold(run, MessageIds.BusSilent);
        AssertBetween(0.5, 0.5, run);
    }

    [Fact]
    public async Task It_rejects()
    {
        using FakeBus bus = new FakeBus(Folder["bus"]).Serve((client, _) =>
        {
            client.Send("REJECTED DBUS_COOKIE_SHA1\r\n"u8);
            return Task.CompletedTask;
        });
        AssertTold(await Run("prolog"), MessageIds.BusUnusable, "does not let root in");
    }

    [Fact]
    public async Task It_or_the_daemon_answers_with_an_error()
    {
        using FakeBus fake = new FakeBus(Folder["bus"]).Serve((client, _) =>
        {
            client.Send([.. "OK 0123456789abcdef0123456789abcdef\r\n"u8, .. Recordings.ErrorBigEndian]);
            return Task.CompletedTask;
        });
        AssertTold(await Run("prolog"), MessageIds.CallRefused, "AccessDenied: Sender is not authorized");
    }

    [Fact]
    public async Task The_daemon_answers_with_an_error_of_its_own()
    {
        using PrivateBus bus = PrivateBus.In(Folder);
        using NodeDouble node = new(bus, "--error", "org.hookagent.Error.Test");
        AssertTold(await Run("prolog"), MessageIds.CallRefused, "org.hookagent.Error.Test: as the test wants it", "journalctl -u hookagentd");
        Assert.Equal(["77"], Records);
    }
}
