using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace HookAgent.Tests;

/// <summary>journald's native socket. Entries in memory files are not read.</summary>
internal sealed class FakeJournal : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    public FakeJournal(string path)
    {
        Path = path;
        _socket.Bind(new UnixDomainSocketEndPoint(path));
    }

    public string Path { get; }

    /// <summary>The entries sent so far. Whoever sent them has ended, so none is under way.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Entries()
    {
        List<IReadOnlyDictionary<string, string>> entries = [];
        while (_socket.Available > 0 || _socket.Poll(0, SelectMode.SelectRead))
        {
            entries.Add(Next());
        }

        return entries;
    }

    /// <summary>Reads until such an entry comes; the MESSAGE_ID of each, empty where it has none.</summary>
    public string[] Until(Func<IReadOnlyDictionary<string, string>, bool> last)
    {
        List<string> ids = [];
        Stopwatch watch = Stopwatch.StartNew();
        while (true)
        {
            bool came = _socket.Poll(TimeSpan.FromSeconds(20) - watch.Elapsed, SelectMode.SelectRead);
            Assert.True(came, $"not within 20 s; so far: {string.Join(' ', ids)}");
            IReadOnlyDictionary<string, string> entry = Next();
            ids.Add(entry.GetValueOrDefault("MESSAGE_ID", ""));
            if (last(entry))
            {
                return [.. ids];
            }
        }
    }

    /// <summary>The fields of a datagram: KEY=value and a line feed, or KEY, a line feed, a length, and that many bytes.</summary>
    public static IReadOnlyDictionary<string, string> Read(ReadOnlySpan<byte> datagram)
    {
        Dictionary<string, string> fields = [];
        while (!datagram.IsEmpty)
        {
            int end = datagram.IndexOf((byte)'\n');
            string line = Encoding.UTF8.GetString(datagram[..end]);
            datagram = datagram[(end + 1)..];
            int equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals >= 0)
            {
                fields.Add(line[..equals], line[(equals + 1)..]);
                continue;
            }

            int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(datagram);
            fields.Add(line, Encoding.UTF8.GetString(datagram.Slice(sizeof(ulong), length)));
            Assert.Equal((byte)'\n', datagram[sizeof(ulong) + length]);
            datagram = datagram[(sizeof(ulong) + length + 1)..];
        }

        return fields;
    }

    /// <summary>Sends until the queue takes no more, as it does while journald is stopped.</summary>
    public void Fill()
    {
        using Socket sender = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
        sender.Connect(new UnixDomainSocketEndPoint(Path));
        try
        {
            while (true)
            {
                sender.Send("MESSAGE=full\n"u8);
            }
        }
        catch (SocketException full) when (full.SocketErrorCode is SocketError.WouldBlock)
        {
        }
    }

    public void Dispose() => _socket.Dispose();

    private IReadOnlyDictionary<string, string> Next()
    {
        byte[] datagram = new byte[1 << 18];
        return Read(datagram.AsSpan(0, _socket.Receive(datagram)));
    }
}
