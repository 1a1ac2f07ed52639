using System.Net.Sockets;

namespace HookAgent.Wasimoff.Wire;

/// <summary>
/// When a connection whose other end has vanished counts as ended: after 15 s of silence nine questions, 15 s apart, which
/// is what a Go server does to all of its connections.
/// </summary>
internal static class TcpLife
{
    private const int Seconds = 15;
    private const int Questions = 9;

    public static void Watch(Socket socket)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, Seconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, Seconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, Questions);
        socket.NoDelay = true;
    }
}
