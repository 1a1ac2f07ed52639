using System.Net.Sockets;
using System.Text;

namespace HookAgent.Tests;

/// <summary>journald's native socket, in the text form of its protocol only: one field a line.</summary>
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
        byte[] datagram = new byte[65536];
        while (_socket.Available > 0 || _socket.Poll(0, SelectMode.SelectRead))
        {
            string text = Encoding.UTF8.GetString(datagram, 0, _socket.Receive(datagram));
            entries.Add(text.TrimEnd('\n').Split('\n').ToDictionary(line => line[..line.IndexOf('=', StringComparison.Ordinal)], line => line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..]));
        }

        return entries;
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
}
