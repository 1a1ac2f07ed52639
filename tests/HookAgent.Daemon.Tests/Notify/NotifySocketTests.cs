using System.Globalization;
using System.Net.Sockets;
using System.Text;
using HookAgent.Bus.Wire;
using HookAgent.Daemon.Notify;
using Microsoft.Extensions.Hosting.Systemd;

namespace HookAgent.Daemon.Tests.Notify;

/// <summary>Against a service manager's socket of the test's own.</summary>
public sealed class NotifySocketTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Socket _manager = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    public NotifySocketTests() => Bind(_manager);

    public void Dispose()
    {
        _manager.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Each_state_is_told_in_the_words_of_sd_notify()
    {
        using NotifySocket notifier = new(_folder["socket"]);
        Assert.True(notifier.IsEnabled);
        notifier.Notify(ServiceState.Ready);
        Assert.Equal("READY=1", Receive());
        notifier.Notify(ServiceStates.Status("busy: 2 jobs"));
        Assert.Equal("STATUS=busy: 2 jobs", Receive());
        notifier.Notify(ServiceStates.Watchdog);
        Assert.Equal("WATCHDOG=1", Receive());
        notifier.Notify(ServiceState.Stopping);
        Assert.Equal("STOPPING=1", Receive());

        ulong before = MonotonicClock.NowUsec();
        notifier.Notify(ServiceStates.Reloading());
        string[] lines = Receive().Split('\n');
        Assert.Equal("RELOADING=1", lines[0]);
        Assert.StartsWith("MONOTONIC_USEC=", lines[1], StringComparison.Ordinal);
        ulong told = ulong.Parse(lines[1]["MONOTONIC_USEC=".Length..], CultureInfo.InvariantCulture);
        Assert.InRange(told, before, MonotonicClock.NowUsec());

        // The clock that systemd compares it with.
        double uptime = double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], CultureInfo.InvariantCulture);
        Assert.True(told / 1e6 <= uptime + 1, $"{told} µs at an uptime of {uptime} s");
        Assert.False(notifier.WaitsToWrite);
    }

    [Fact]
    public void A_status_of_several_lines_sets_nothing_else()
    {
        using NotifySocket notifier = new(_folder["socket"]);
        notifier.Notify(ServiceStates.Status("a job said\nMAINPID=1\r\nSTOPPING=1"));
        Assert.Equal("STATUS=a job said MAINPID=1 STOPPING=1", Receive());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("vsock:2:1234")]
    public void Without_a_manager_nothing_happens(string? address)
    {
        using NotifySocket notifier = new(address);
        Assert.False(notifier.IsEnabled);
        notifier.Notify(ServiceState.Ready);
        Assert.False(notifier.WaitsToWrite);
    }

    [Fact]
    public void A_socket_that_is_missing_is_no_fault()
    {
        using NotifySocket notifier = new(_folder["missing"]);
        notifier.Notify(ServiceState.Ready);
        Assert.False(notifier.WaitsToWrite);
    }

    [Fact]
    public void An_abstract_name_is_understood()
    {
        string name = $"hookagent-test-{Guid.NewGuid():N}";
        using Socket manager = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        manager.Bind(new UnixDomainSocketEndPoint($"\0{name}"));
        manager.ReceiveTimeout = 20_000;
        using NotifySocket notifier = new($"@{name}");
        notifier.Notify(ServiceState.Ready);
        Assert.Equal("READY=1", Receive(manager));
    }

    /// <summary>The package's own notifier would stand still here, and with it the loop.</summary>
    [Fact]
    public void What_a_manager_that_stands_still_does_not_take_waits_and_comes_in_its_order()
    {
        using NotifySocket notifier = new(_folder["socket"]);
        int sent = 0;
        while (!notifier.WaitsToWrite)
        {
            notifier.Notify(new ServiceState($"X_SENT={++sent}"));
            Assert.True(sent < 10_000, "the queue of a datagram socket has an end");
        }

        for (int i = 0; i < 50; i++)
        {
            notifier.Notify(ServiceState.Ready);
            notifier.Notify(ServiceStates.Reloading());
            notifier.Notify(ServiceStates.Status($"status {i}"));
            notifier.Notify(ServiceStates.Watchdog);
        }

        notifier.Notify(ServiceState.Ready);
        List<string> heard = [];
        for (int i = 0; i < sent; i++)
        {
            heard.Add(Receive());
            notifier.Flush();
        }

        Assert.Equal(Enumerable.Range(1, sent).Select(i => $"X_SENT={i}"), heard);
        Assert.StartsWith("RELOADING=1", Receive(), StringComparison.Ordinal); // The last, with everything that came before it gone.
        notifier.Flush();
        Assert.Equal(["STATUS=status 49", "WATCHDOG=1", "READY=1"], [Receive(), Receive(), Receive()]);
        Assert.False(notifier.WaitsToWrite);
    }

    [Fact]
    public void A_manager_that_makes_its_socket_anew_hears_the_rest()
    {
        using NotifySocket notifier = new(_folder["socket"]);
        notifier.Notify(ServiceState.Ready);
        Receive();
        _manager.Close();
        File.Delete(_folder["socket"]);
        using Socket next = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        Bind(next);
        notifier.Notify(ServiceStates.Watchdog);
        Assert.Equal("WATCHDOG=1", Receive(next));
    }

    private void Bind(Socket manager)
    {
        manager.Bind(new UnixDomainSocketEndPoint(_folder["socket"]));
        manager.ReceiveTimeout = 20_000;
    }

    private string Receive() => Receive(_manager);

    private static string Receive(Socket manager)
    {
        byte[] buffer = new byte[4096];
        return Encoding.UTF8.GetString(buffer, 0, manager.Receive(buffer));
    }
}
