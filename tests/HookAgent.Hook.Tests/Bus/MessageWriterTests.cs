using System.Text;
using HookAgent.Hook.Bus;

namespace HookAgent.Hook.Tests.Bus;

public sealed class MessageWriterTests
{
    /// <summary>Laid out by hand after "Message Protocol" of the D-Bus specification.</summary>
    [Fact]
    public void A_call_is_laid_out_as_the_specification_says()
    {
        byte[] expected =
        [
            (byte)'l', 1, 2, 1, // little-endian, method call, NO_AUTO_START, protocol version 1
            8, 0, 0, 0, // length of the body
            5, 0, 0, 0, // serial
            71, 0, 0, 0, // length of the header fields, without the padding that ends the header
            1, 1, (byte)'o', 0, 2, 0, 0, 0, (byte)'/', (byte)'p', 0, 0, 0, 0, 0, 0, // PATH, padded to 8
            6, 1, (byte)'s', 0, 3, 0, 0, 0, (byte)'d', (byte)'.', (byte)'e', 0, 0, 0, 0, 0, // DESTINATION
            2, 1, (byte)'s', 0, 3, 0, 0, 0, (byte)'i', (byte)'.', (byte)'f', 0, 0, 0, 0, 0, // INTERFACE
            3, 1, (byte)'s', 0, 1, 0, 0, 0, (byte)'M', 0, // MEMBER
            0, 0, 0, 0, 0, 0,
            8, 1, (byte)'g', 0, 1, (byte)'s', 0, // SIGNATURE
            0,
            3, 0, 0, 0, (byte)'1', (byte)'2', (byte)'3', 0, // the argument
        ];
        Assert.Equal(expected, Write(5, MessageWriter.NoAutoStart, "d.e", "/p", "i.f", "M", "123"));
    }

    [Fact]
    public void A_call_without_argument_has_neither_signature_nor_body()
    {
        byte[] message = Write(1, 0, "d.e", "/p", "i.f", "M", "");
        Assert.Equal(0, message[4]);
        Assert.Equal(16 + 48 + 10 + 6, message.Length);
        Assert.Equal(48 + 10, message[12]);
    }

    [Fact]
    public void What_the_hook_says_is_authentication_and_two_calls()
    {
        byte[] request = new byte[Conversation.MaxRequestBytes];
        request = request[..Conversation.Write(request, "RecordFailed"u8, "4294967293"u8)];

        string text = Encoding.Latin1.GetString(request);
        Assert.StartsWith("\0AUTH EXTERNAL 30\r\nBEGIN\r\nl\u0001\u0000\u0001", text, StringComparison.Ordinal);

        int start = text.IndexOf("BEGIN\r\n", StringComparison.Ordinal) + 7;
        Assert.Equal(ReadOutcome.Message, MessageReader.Read(request.AsSpan(start), out MessageReader hello));
        Assert.Equal(ReadOutcome.Message, MessageReader.Read(request.AsSpan(start + hello.Length), out MessageReader call));
        Assert.Equal(request.Length, start + hello.Length + call.Length);
        Assert.Equal("4294967293", Encoding.ASCII.GetString(call.FirstString));
    }

    private static byte[] Write(uint serial, byte flags, string destination, string path, string interfaceName, string member, string argument)
    {
        byte[] buffer = new byte[512];
        MessageWriter writer = new(buffer);
        writer.Call(serial, flags, Utf8(destination), Utf8(path), Utf8(interfaceName), Utf8(member), Utf8(argument));
        return buffer[..writer.Length];
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
