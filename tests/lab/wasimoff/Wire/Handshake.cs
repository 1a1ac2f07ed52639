using System.Diagnostics.CodeAnalysis;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;

namespace HookAgent.Wasimoff.Wire;

/// <summary>How a connection becomes a WebSocket (RFC 6455, section 4), from both sides.</summary>
internal static class Handshake
{
    /// <summary>Where the real broker has it.</summary>
    public const string Path = "/api/provider/ws";

    // Of the standard, as is SHA-1 for it.
    private const string Magic = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    public static async Task<WebSocket> AcceptAsync(Stream stream, HttpHead request, CancellationToken cancel)
    {
        string? protocol = request["Sec-WebSocket-Protocol"]?.Split(',')[0].Trim();
        string offered = protocol is null ? "" : $"Sec-WebSocket-Protocol: {protocol}\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n{offered}" +
            $"Sec-WebSocket-Accept: {Answer(request["Sec-WebSocket-Key"] ?? "")}\r\n\r\n"), cancel);
        return WebSocket.CreateFromStream(stream, isServer: true, protocol, Timeout.InfiniteTimeSpan);
    }

    /// <exception cref="IOException">What answers is no broker.</exception>
    public static async Task<WebSocket> OfferAsync(Stream stream, Uri broker, CancellationToken cancel)
    {
        string key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"GET {Path} HTTP/1.1\r\nHost: {broker.Authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
            $"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n"), cancel);
        HttpHead? answer = await HttpHead.ReadAsync(stream, cancel);
        if (answer?.FirstLine.StartsWith("HTTP/1.1 101 ", StringComparison.Ordinal) != true || answer["Sec-WebSocket-Accept"] != Answer(key))
        {
            throw new IOException($"{broker} is no broker: it answers '{answer?.FirstLine}'");
        }

        return WebSocket.CreateFromStream(stream, isServer: false, subProtocol: null, Timeout.InfiniteTimeSpan);
    }

    [SuppressMessage("Security", "CA5350", Justification = "RFC 6455 names SHA-1; nothing is kept secret by it.")]
    private static string Answer(string key) => Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + Magic)));
}
