using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using HookAgent.Bus.Tests.Harness;
using HookAgent.Bus.Wire;

namespace HookAgent.Bus.Tests.Wire;

/// <summary>Buses that are missing, full or deaf: none of them may hold the loop up.</summary>
public sealed class BusConnectTests : IDisposable
{
    private const int NoSuchFile = 2;
    private const int WouldBlock = 11;
    private const int InvalidArgument = 22;
    private const int ConnectionReset = 104;
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
        foreach (string address in new[] { "unix:nonsense", "unix:abstract=x", "tcp:host=localhost,port=1", "", $"unix:path={new string('x', 200)}" })
        {
            Assert.False(BusConnection.TryStart(address, TimeSpan.FromSeconds(5), out bus, out errno));
            Assert.Equal(InvalidArgument, errno);
        }
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
        lost.CallAsync(Ask.Id, TimeSpan.FromMilliseconds(1), answer => answers.Add(answer.Outcome));

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
        List<string> heard = [];
        starting.AddObject("/early", call =>
        {
            call.Reply();
            return true;
        });
        starting.MatchSignalAsync(new SignalMatch { Member = "Early" }, signal => heard.Add(signal.SenderAsString!));
        starting.CallAsync<string>(Ask.Id, TimeSpan.FromSeconds(15), BodyReaders.Text, answer => id = answer.Value);

        // Nobody to send it to yet.
        starting.EmitText("/early", "test.E", "Early", "dropped");

        PollLoop.Until(() => id is not null, starting);

        Assert.True(starting.IsReady);
        Assert.StartsWith(":", starting.UniqueName, StringComparison.Ordinal);
        starting.EmitText("/early", "test.E", "Early", "heard");
        bool? answered = null;
        starting.CallAsync(new BusCall(starting.UniqueName!, "/early", "test.E", "M"), TimeSpan.FromSeconds(15), answer => answered = answer.IsSuccess);
        PollLoop.Until(() => answered is not null, starting);
        Assert.True(answered);
        Assert.Equal([starting.UniqueName!], heard);
    }

    [Fact]
    public void Nothing_to_do_means_no_deadline()
    {
        using PrivateBus daemon = new();
        using BusConnection bus = daemon.Open();

        // NameAcquired may still be on its way.
        PollLoop.Until(() => bus.Process() == BusProgress.Idle, bus);

        Assert.Null(bus.DeadlineMonotonicUsec);
        Assert.Equal(PollLoop.Readable, bus.PollEvents);
        Assert.True(bus.Descriptor >= 0);
    }

    /// <summary>What was lost on the way in is told as what it was.</summary>
    [Theory]
    [InlineData("REJECTED ANONYMOUS\r\n")]
    [InlineData("OK not-a-guid\r\n")]
    [InlineData("nonsense\n")]
    [InlineData("")]
    public void A_bus_that_does_not_let_us_in_is_lost(string says)
    {
        using Socket listener = Listen(8);
        Assert.True(BusConnection.TryStart(Address, TimeSpan.FromSeconds(60), out BusConnection? bus, out _));
        using BusConnection refused = bus;
        List<BusOutcome> answers = [];
        refused.CallAsync(Ask.Id, Timeout.InfiniteTimeSpan, answer => answers.Add(answer.Outcome));
        using (Socket client = listener.Accept())
        {
            // Twice, because there are two ways of authentication to be refused.
            client.Send(Encoding.ASCII.GetBytes(says + says));
        }

        PollLoop.UntilLost(refused);
        Assert.Equal([BusOutcome.Disconnected], answers);
    }

    [Fact]
    public void A_bus_that_refuses_our_greeting_is_lost()
    {
        using RawBus raw = new(refusesHello: true);
        Assert.Null(raw.Opened);
        Assert.Equal(ConnectionReset, raw.OpenErrno);
    }

    [Fact]
    public void A_connection_may_be_disposed_while_it_connects()
    {
        using Socket listener = Listen(8);
        Assert.True(BusConnection.TryStart(Address, TimeSpan.FromSeconds(60), out BusConnection? bus, out _));
        List<BusOutcome> answers = [];
        bus.CallAsync(Ask.Id, Timeout.InfiniteTimeSpan, answer => answers.Add(answer.Outcome));
        bus.AddObject("/x", _ => true);
        bus.Dispose();
        Assert.Equal([BusOutcome.Disconnected], answers);
        Assert.Equal(-1, bus.Descriptor);
        using Socket client = listener.Accept();
        client.ReceiveTimeout = 20_000;
        byte[] said = new byte[100];
        while (client.Receive(said) > 0)
        {
        }
    }

    private Socket Listen(int backlog)
    {
        Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint($"{_folder}/socket"));
        listener.Listen(backlog);
        return listener;
    }
}
