using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using HookAgent.Bus.Sd;
using HookAgent.Bus.Tests.Harness;

namespace HookAgent.Bus.Tests.Sd;

/// <summary>Against a socket of the test's own; alone in the process, since the environment is the whole process's.</summary>
[Collection(nameof(CountsWholeProcess))]
public sealed partial class ServiceNotifyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hookagent-notify-").FullName;
    private readonly Socket _manager = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    public ServiceNotifyTests()
    {
        string path = Path.Combine(_folder, "socket");
        _manager.Bind(new UnixDomainSocketEndPoint(path));
        _manager.ReceiveTimeout = 20_000;
        Set("NOTIFY_SOCKET", path);
    }

    public void Dispose()
    {
        Set("NOTIFY_SOCKET", null);
        Set("WATCHDOG_USEC", null);
        Set("WATCHDOG_PID", null);
        _manager.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Each_state_is_told_in_the_words_of_sd_notify()
    {
        ServiceNotify.Ready("lending");
        Assert.Equal("READY=1\nSTATUS=lending", Receive());
        ServiceNotify.Status("busy: 2 jobs");
        Assert.Equal("STATUS=busy: 2 jobs", Receive());
        ServiceNotify.Watchdog();
        Assert.Equal("WATCHDOG=1", Receive());
        ServiceNotify.Stopping("told to");
        Assert.Equal("STOPPING=1\nSTATUS=told to", Receive());

        ulong before = MonotonicClock.NowUsec();
        ServiceNotify.Reloading();
        string[] lines = Receive().Split('\n');
        Assert.Equal("RELOADING=1", lines[0]);
        Assert.StartsWith("MONOTONIC_USEC=", lines[1], StringComparison.Ordinal);
        ulong told = ulong.Parse(lines[1]["MONOTONIC_USEC=".Length..], CultureInfo.InvariantCulture);
        Assert.InRange(told, before, MonotonicClock.NowUsec());

        // The clock that systemd compares it with.
        double uptime = double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], CultureInfo.InvariantCulture);
        Assert.True(told / 1e6 <= uptime + 1, $"{told} µs at an uptime of {uptime} s");
    }

    [Fact]
    public void A_status_of_several_lines_sets_nothing_else()
    {
        ServiceNotify.Status("a job said\nMAINPID=1\r\nSTOPPING=1");
        Assert.Equal("STATUS=a job said MAINPID=1 STOPPING=1", Receive());
    }

    [Fact]
    public void Without_a_manager_nothing_happens()
    {
        Set("NOTIFY_SOCKET", null);
        ServiceNotify.Ready("nobody hears");
        Assert.Null(ServiceNotify.WatchdogInterval);
        Set("NOTIFY_SOCKET", Path.Combine(_folder, "missing"));
        ServiceNotify.Ready("nobody hears");
    }

    [Fact]
    public void The_watchdog_is_told_to_this_process_only()
    {
        Set("WATCHDOG_USEC", "10000000");
        Set("WATCHDOG_PID", Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        Assert.Equal(TimeSpan.FromSeconds(10), ServiceNotify.WatchdogInterval);
        Set("WATCHDOG_PID", "1");
        Assert.Null(ServiceNotify.WatchdogInterval);
    }

    private static void Set(string name, string? value) =>
        Assert.Equal(0, value is null ? unsetenv(name) : setenv(name, value, 1));

    // .NET's own view of the environment never reaches C.
    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int unsetenv(string name);

    private string Receive()
    {
        byte[] buffer = new byte[4096];
        return Encoding.UTF8.GetString(buffer, 0, _manager.Receive(buffer));
    }
}
