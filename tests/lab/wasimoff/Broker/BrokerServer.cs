using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using HookAgent.Wasimoff.Wire;

namespace HookAgent.Wasimoff.Broker;

/// <summary>Accepts providers, and those who bring tasks or ask for counts.</summary>
internal sealed class BrokerServer(IPEndPoint listen)
{
    private readonly TaskBoard _board = new();

    public async Task<int> RunAsync()
    {
        using Socket listener = new(listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp);

        // Its old connections may still linger when it is started again.
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        try
        {
            listener.Bind(listen);
            listener.Listen();
        }
        catch (SocketException exception)
        {
            Log.Line($"cannot listen at {listen}: {exception.Message}");
            return ExitCode.Failed;
        }

        Log.Line($"listening at {listener.LocalEndPoint}");
        while (true)
        {
            _ = ServeAsync(await listener.AcceptAsync());
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            await using NetworkStream stream = new(socket, ownsSocket: true);
            if (await HttpHead.ReadAsync(stream, CancellationToken.None) is not { } head)
            {
                return;
            }

            if (head.FirstLine.StartsWith($"GET {Handshake.Path} ", StringComparison.Ordinal) && head["Sec-WebSocket-Key"] is not null)
            {
                TcpLife.Watch(socket);
                using WebSocket provider = await Handshake.AcceptAsync(stream, head, CancellationToken.None);
                await new ProviderSession(_board, new Peer(provider)).RunAsync();
                return;
            }

            HttpAnswer answer = BrokerPages.Answer(_board, head.FirstLine);
            await stream.WriteAsync(Encoding.UTF8.GetBytes(answer.Text));
        }
        catch (Exception exception) when (exception is IOException or SocketException or WebSocketException)
        {
            Log.Line($"a connection broke: {exception.Message}");
        }
    }
}
