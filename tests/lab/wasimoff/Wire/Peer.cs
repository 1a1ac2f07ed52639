using System.Net.WebSockets;
using System.Text;
using System.Threading.Channels;

namespace HookAgent.Wasimoff.Wire;

/// <summary>
/// One end of a WebSocket. What is to be said waits in a queue of its own, so that a peer that does not read (it may be
/// stopped, or its network gone) holds up nobody else.
/// </summary>
internal sealed class Peer(WebSocket socket)
{
    private readonly Channel<Message> _outgoing = Channel.CreateUnbounded<Message>(new() { SingleReader = true });

    public void Say(Message message) => _outgoing.Writer.TryWrite(message);

    /// <summary>Hands over every message, until the connection ends in whatever way.</summary>
    public async Task ListenAsync(Action<Message> hear)
    {
        using CancellationTokenSource over = new();
        Task sending = SendAsync(over.Token);
        byte[] buffer = new byte[4096];
        try
        {
            while (true)
            {
                ValueWebSocketReceiveResult got = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
                if (got.MessageType == WebSocketMessageType.Close)
                {
                    return;
                }

                // A real provider's frames are binary and may be long: they are read and understood by nobody.
                if (got is { MessageType: WebSocketMessageType.Text, EndOfMessage: true }
                    && Message.Parse(Encoding.UTF8.GetString(buffer, 0, got.Count)) is { } message)
                {
                    hear(message);
                }
            }
        }
        catch (Exception exception) when (exception is WebSocketException or IOException)
        {
            // The other end has gone without a word.
        }
        finally
        {
            await over.CancelAsync();
            await sending;
        }
    }

    private async Task SendAsync(CancellationToken over)
    {
        try
        {
            await foreach (Message message in _outgoing.Reader.ReadAllAsync(over))
            {
                await socket.SendAsync(Encoding.UTF8.GetBytes(message.Text), WebSocketMessageType.Text, endOfMessage: true, over);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException or IOException)
        {
            // Who listens sees the end, too.
        }
    }
}
