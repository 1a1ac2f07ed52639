using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using HookAgent.Bus.Wire;

namespace HookAgent.Bus.Tests.Harness;

/// <summary>
/// A bus of one client, written byte by byte: it lets the client in, then says whatever a test wants, which a
/// real bus would never pass on. Little-endian, protocol version 1.
/// </summary>
internal sealed class RawBus : IDisposable
{
    public const byte MethodCall = 1;
    public const byte MethodReturn = 2;
    public const byte Error = 3;
    public const byte Signal = 4;

    private const string ClientName = ":1.1";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly string _folder = Directory.CreateTempSubdirectory("hookagent-raw-").FullName;
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Socket _client;
    private uint _serial = 100;

    /// <param name="refusesHello">The client is told an error where it asks for its name.</param>
    public RawBus(bool refusesHello = false)
    {
        _listener.Bind(new UnixDomainSocketEndPoint($"{_folder}/socket"));
        _listener.Listen();
        Task<bool> opening = OwnThread.Run(() =>
        {
            bool open = BusConnection.TryOpen($"unix:path={_folder}/socket", s_patience, out BusConnection? bus, out int errno);
            Opened = bus;
            OpenErrno = errno;
            return open;
        });
        _client = _listener.Accept();
        _client.ReceiveTimeout = (int)s_patience.TotalMilliseconds;
        Authenticate();
        uint hello = ReadSerialOfNextMessage();
        Send(Message(refusesHello ? Error : MethodReturn, "s", Text(ClientName), replyTo: hello));
        Assert.Equal(!refusesHello, opening.GetAwaiter().GetResult());
    }

    /// <summary>Null where it was refused.</summary>
    public BusConnection? Opened { get; private set; }

    public int OpenErrno { get; private set; }

    public BusConnection Connection => Opened!;

    public static byte[] Text(string text) => [.. Number((uint)Encoding.UTF8.GetByteCount(text)), .. Encoding.UTF8.GetBytes(text), 0];

    public static byte[] Number(uint number)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, number);
        return bytes;
    }

    public void Send(byte[] bytes) => Assert.Equal(bytes.Length, _client.Send(bytes));

    /// <summary>A call of member "M" to /x, with this body, whether or not it fits its signature.</summary>
    public byte[] Call(string signature, byte[] body) => Message(MethodCall, signature, body, replyTo: 0);

    public byte[] Message(byte type, string signature, byte[] body, uint replyTo)
    {
        List<byte> fields = [];
        if (type is MethodCall or Signal)
        {
            Field(fields, 1, "o", Text("/x"));
            Field(fields, 2, "s", Text("test.Raw"));
            Field(fields, 3, "s", Text("M"));
        }

        if (replyTo > 0)
        {
            Field(fields, 5, "u", Number(replyTo));
        }

        if (type == Error)
        {
            Field(fields, 4, "s", Text("test.Error"));
        }

        Field(fields, 6, "s", Text(ClientName));
        Field(fields, 7, "s", Text("org.freedesktop.DBus"));
        if (signature.Length > 0)
        {
            Field(fields, 8, "g", [(byte)signature.Length, .. Encoding.ASCII.GetBytes(signature), 0]);
        }

        List<byte> message = [(byte)'l', type, 0, 1];
        message.AddRange(Number((uint)body.Length));
        message.AddRange(Number(++_serial));
        message.AddRange(Number((uint)fields.Count));
        message.AddRange(fields);
        Align(message);
        message.AddRange(body);
        return [.. message];
    }

    public void HangUp() => _client.Shutdown(SocketShutdown.Send);

    public void Dispose()
    {
        Opened?.Dispose();
        _client.Dispose();
        _listener.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static void Field(List<byte> fields, byte code, string signature, byte[] value)
    {
        Align(fields);
        fields.AddRange([code, 1, (byte)signature[0], 0]);
        fields.AddRange(value);
    }

    private static void Align(List<byte> bytes)
    {
        while (bytes.Count % 8 != 0)
        {
            bytes.Add(0);
        }
    }

    private void Authenticate()
    {
        string line;
        do
        {
            line = ReadAuthLine();
            if (line.StartsWith("AUTH EXTERNAL ", StringComparison.Ordinal))
            {
                Send("OK 0123456789abcdef0123456789abcdef\r\n"u8.ToArray());
            }
        }
        while (line != "BEGIN");
    }

    private string ReadAuthLine()
    {
        StringBuilder line = new();
        while (!line.ToString().EndsWith("\r\n", StringComparison.Ordinal))
        {
            line.Append((char)Read(1)[0]);
        }

        return line.ToString().TrimStart('\0').TrimEnd();
    }

    /// <summary>The serial of the next message that the client sends; waits for it.</summary>
    public uint ReadSerialOfNextMessage()
    {
        byte[] header = Read(16);
        uint body = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(4));
        uint fields = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(12));
        Read((int)(((fields + 7) & ~7u) + body));
        return BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(8));
    }

    private byte[] Read(int count)
    {
        byte[] bytes = new byte[count];
        int got = 0;
        while (got < count)
        {
            int more = _client.Receive(bytes, got, count - got, SocketFlags.None);
            Assert.NotEqual(0, more);
            got += more;
        }

        return bytes;
    }
}
