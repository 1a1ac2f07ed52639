using System.Net.Sockets;

namespace HookAgent.Hook.Tests.Native;

/// <summary>Something at a bus's socket that is no good bus.</summary>
internal sealed class FakeBus : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource _end = new();
    private readonly List<Socket> _open = [];

    /// <param name="path">Where it listens.</param>
    /// <param name="backlog">How many more than one may wait to be accepted.</param>
    public FakeBus(string path, int backlog = 10)
    {
        Path = path;
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen(backlog);
    }

    public string Path { get; }

    public int Accepted { get; private set; }

    /// <summary>
    /// Accepts everybody from now on and does <paramref name="serve"/> with each, on a thread of its own: the pool has as
    /// many as processors, and a hook does not wait for the next one.
    /// </summary>
    public FakeBus Serve(Func<Socket, CancellationToken, Task> serve)
    {
        new Thread(() =>
        {
            while (Accept() is { } client)
            {
                _open.Add(client);
                Accepted++;
                _ = serve(client, _end.Token);
            }
        })
        { IsBackground = true }.Start();
        return this;
    }

    /// <summary>Lets somebody wait, so that with a backlog of 0 the next one finds the queue full.</summary>
    public FakeBus Occupy()
    {
        Socket client = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        client.Connect(new UnixDomainSocketEndPoint(Path));
        _open.Add(client);
        return this;
    }

    public void Dispose()
    {
        _end.Cancel();
        _listener.Shutdown(SocketShutdown.Both); // wakes Accept, which Dispose alone does not
        _listener.Dispose();
        _open.ForEach(socket => socket.Dispose());
        _end.Dispose();
    }

    /// <returns>Null after <see cref="Dispose"/>.</returns>
    private Socket? Accept()
    {
        try
        {
            return _listener.Accept();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return null;
        }
    }
}
