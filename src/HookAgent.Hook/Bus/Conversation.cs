using System.Text;

namespace HookAgent.Hook.Bus;

/// <summary>
/// Our side of the talk with the bus. All that we have to say is said at once (the authentication of the
/// specification's EXTERNAL mechanism, Hello, and the call); then the bus's words are taken as they come, in
/// whatever pieces, until one of them decides.
/// </summary>
/// <param name="buffer">Holds what came and is not yet taken; a message must fit into it.</param>
internal ref struct Conversation(Span<byte> buffer)
{
    /// <summary>More than any request of ours takes.</summary>
    public const int MaxRequestBytes = 1024;

    private const uint HelloSerial = 1;
    private const uint CallSerial = 2;
    private const int MaxAuthenticationLine = 512;

    private readonly Span<byte> _buffer = buffer;
    private int _filled;
    private bool _authenticated;
    private bool _greeted;

    /// <summary>Where the next bytes go.</summary>
    public readonly Span<byte> Free => _buffer[_filled..];

    /// <summary>What it means that nothing more came until the deadline.</summary>
    public readonly CallResult Silence => new(_greeted ? CallOutcome.DaemonSilent : CallOutcome.BusSilent);

    /// <summary>Writes all that we say, and returns how many bytes that is.</summary>
    public static int Write(Span<byte> destination, ReadOnlySpan<byte> method, ReadOnlySpan<byte> argument)
    {
        MessageWriter writer = new(destination);
        // 30 is the digit 0 in hex: root, who alone gets here.
        writer.Raw("\0AUTH EXTERNAL 30\r\nBEGIN\r\n"u8);
        writer.Call(
            HelloSerial,
            0,
            "org.freedesktop.DBus"u8,
            "/org/freedesktop/DBus"u8,
            "org.freedesktop.DBus"u8,
            "Hello"u8,
            default);
        writer.Call(
            CallSerial,
            MessageWriter.NoAutoStart,
            "org.hookagent.Node1"u8,
            "/org/hookagent/Node1"u8,
            "org.hookagent.Node1"u8,
            method,
            argument);
        return writer.Length;
    }

    /// <summary>Takes <paramref name="count"/> new bytes of <see cref="Free"/>; null while nothing is decided.</summary>
    public CallResult? Take(int count)
    {
        _filled += count;
        if (!_authenticated && TakeAuthentication() is { } failure)
        {
            return failure;
        }

        while (_authenticated)
        {
            ReadOutcome outcome = MessageReader.Read(_buffer[.._filled], out MessageReader message);
            if (outcome == ReadOutcome.Malformed)
            {
                return new CallResult(CallOutcome.Garbled, Detail: "it sent something that is no D-Bus message");
            }

            if (outcome == ReadOutcome.Incomplete)
            {
                break;
            }

            if (Judge(message) is { } result)
            {
                return result;
            }

            Drop(message.Length);
        }

        return Free.IsEmpty
            ? new CallResult(CallOutcome.Garbled, Detail: "it sent a message larger than any that the hook waits for")
            : null;
    }

    private CallResult? TakeAuthentication()
    {
        ReadOnlySpan<byte> received = _buffer[.._filled];
        int end = received.IndexOf("\r\n"u8);
        if (end < 0)
        {
            return _filled > MaxAuthenticationLine
                ? new CallResult(CallOutcome.Garbled, Detail: "it did not answer the authentication with a line")
                : null;
        }

        ReadOnlySpan<byte> line = received[..end];
        if (line.StartsWith("REJECTED"u8))
        {
            return new CallResult(CallOutcome.Rejected, Detail: Printable(line));
        }

        if (!line.StartsWith("OK "u8))
        {
            return new CallResult(CallOutcome.Garbled, Detail: $"it answered the authentication with '{Printable(line)}'");
        }

        Drop(end + 2);
        _authenticated = true;
        return null;
    }

    /// <summary>The result if <paramref name="message"/> brings it. Whatever else a bus sends is not for us to judge.</summary>
    private CallResult? Judge(scoped in MessageReader message)
    {
        bool answersHello = message.ReplySerial == HelloSerial;
        bool answersCall = message.ReplySerial == CallSerial;
        switch (message.Kind)
        {
            case MessageKind.MethodReturn when answersHello:
                _greeted = true;
                return null;
            case MessageKind.MethodReturn when answersCall:
                return new CallResult(CallOutcome.Answered);
            case MessageKind.Error when answersHello:
                return new CallResult(CallOutcome.Rejected, Detail: Describe(message));
            case MessageKind.Error when answersCall:
                bool absent = message.ErrorName.SequenceEqual("org.freedesktop.DBus.Error.ServiceUnknown"u8)
                    || message.ErrorName.SequenceEqual("org.freedesktop.DBus.Error.NameHasNoOwner"u8);
                bool gone = message.ErrorName.SequenceEqual("org.freedesktop.DBus.Error.NoReply"u8);
                return new CallResult(absent ? CallOutcome.DaemonAbsent : gone ? CallOutcome.DaemonSilent : CallOutcome.Refused, Detail: Describe(message));
            default:
                return null;
        }
    }

    private static string Describe(scoped in MessageReader message) =>
        $"{Printable(message.ErrorName)}: {Printable(message.FirstString)}";

    private static string Printable(ReadOnlySpan<byte> text) =>
        Encoding.UTF8.GetString(text[..Math.Min(text.Length, MaxAuthenticationLine)]);

    private void Drop(int count)
    {
        _buffer[count.._filled].CopyTo(_buffer);
        _filled -= count;
    }
}
