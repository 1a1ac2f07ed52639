using System.Diagnostics;
using System.Net.Sockets;
using HookAgent.Bus.Sd;
using HookAgent.Bus.Tests.Harness;

namespace HookAgent.Bus.Tests.Sd;

/// <summary>Buses that are missing, full or deaf: none of them may hold the loop up.</summary>
public sealed class BusConnectTests : IDisposable
{
    private const int NoSuchFile = 2;
    private const int WouldBlock = 11;
    private const int InvalidArgument = 22;
    private const int TimedOut = 110;

    private readonly string _folder = Directory.CreateTempSubdirectory("hookagent-connect-").FullName;

    private string Address => $"unix:path={_folder}/socket";

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_missing_bus_is_told_at_once()
    {
        Assert.False(BusConnection.TryStart(Address, TimeSpan.FromSeconds(5), out BusConnection? bus, out int errno));
        Assert.Null(bus);
        Assert.Equal(NoSuchFile, errno);
        Assert.False(BusConnection.TryOpen(Address, TimeSpan.FromSeconds(5), out bus, out errno));
        Assert.Equal(NoSuchFile, errno);
        Assert.False(BusConnection.TryStart("unix:nonsense", TimeSpan.FromSeconds(5), out bus, out errno));
        Assert.Equal(InvalidArgument, errno);
    }

    [Fact]
    public void A_full_backlog_does_not_block()
    {
        using Socket listener = Listen(0);
        List<Socket> queued = [];
        try
        {
            bool full = false;
            while (!full)
            {
                Socket one = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
                queued.Add(one);
                try
                {
                    one.Connect(new UnixDomainSocketEndPoint($"{_folder}/socket"));
                }
                catch (SocketException e) when (e.SocketErrorCode == SocketError.WouldBlock)
                {
                    full = true;
                }
            }

            Assert.False(BusConnection.TryStart(Address, TimeSpan.FromSeconds(60), out _, out int errno));
            Assert.Equal(WouldBlock, errno);
        }
        finally
        {
            queued.ForEach(one => one.Dispose());
        }
    }

    [Fact]
    public void A_bus_that_accepts_and_never_speaks_is_lost_after_our_patience()
    {
        using Socket listener = Listen(8);
        TimeSpan patience = TimeSpan.FromMilliseconds(300);
        Stopwatch watch = Stopwatch.StartNew();
        Assert.True(BusConnection.TryStart(Address, patience, out BusConnection? bus, out _));
        using BusConnection lost = bus;
        List<BusOutcome> answers = [];
        using BusMessage call = lost.NewCall("test.deaf", "/", "test.Deaf", "Hear");
        lost.CallAsync(call, TimeSpan.FromMilliseconds(1), reply => answers.Add(reply.Outcome));

        PollLoop.UntilLost(lost);

        Assert.False(lost.IsReady);
        Assert.Null(lost.UniqueName);
        Assert.Equal([BusOutcome.Disconnected], answers);
        Assert.True(watch.Elapsed >= patience, $"lost after {watch.Elapsed}");

        Assert.False(BusConnection.TryOpen(Address, patience, out _, out int errno));
        Assert.Equal(TimedOut, errno);
    }

    [Fact]
    public void What_is_sent_while_it_connects_arrives()
    {
        using PrivateBus daemon = new();
        Assert.True(BusConnection.TryStart(daemon.Address, TimeSpan.FromSeconds(20), out BusConnection? bus, out _));
        using BusConnection starting = bus;
        Assert.False(starting.IsReady);
        string? id = null;
        using BusMessage call = starting.NewCall("org.freedesktop.DBus", "/", "org.freedesktop.DBus", "GetId");
        starting.CallAsync(call, TimeSpan.FromSeconds(15), reply => Assert.True(reply.Message.TryReadString(out id)));

        PollLoop.Until(() => id is not null, starting);

        Assert.True(starting.IsReady);
        Assert.StartsWith(":", starting.UniqueName, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_to_do_means_no_deadline()
    {
        using PrivateBus daemon = new();
        using BusConnection bus = daemon.Open();

        // NameAcquired may still be on its way.
        PollLoop.Until(() => bus.Process() == BusProgress.Idle, bus);

        Assert.Null(bus.DeadlineMonotonicUsec);
        Assert.Equal(PollEvents.Readable, bus.Events);
        Assert.True(bus.Descriptor >= 0);
    }

    private Socket Listen(int backlog)
    {
        Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint($"{_folder}/socket"));
        listener.Listen(backlog);
        return listener;
    }
}
