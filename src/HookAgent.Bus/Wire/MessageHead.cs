using System.Buffers.Binary;

namespace HookAgent.Bus.Wire;

/// <summary>The beginning of a message (D-Bus specification, "Message Format"): its size, and whether it is an answer.</summary>
internal readonly struct MessageHead
{
    /// <summary>The fixed part of the header, with the length of the fields behind it.</summary>
    public const int FixedBytes = 16;

    private const int LargestOfAnyBus = 128 * 1024 * 1024;
    private const byte ProtocolVersion = 1;
    private const byte MethodReturn = 2;
    private const byte Error = 3;
    private const byte ReplySerialField = 5;

    private readonly bool _isBigEndian;
    private readonly int _fields;

    private MessageHead(ReadOnlySpan<byte> bytes)
    {
        _isBigEndian = bytes[0] == (byte)'B';
        uint body = Number(bytes[4..]);
        uint fields = Number(bytes[12..]);

        // The fields end on a multiple of eight bytes.
        Size = FixedBytes + (((long)fields + 7) & ~7L) + body;
        HeaderSize = Size - body;
        IsWellFormed = (_isBigEndian || bytes[0] == (byte)'l') && bytes[3] == ProtocolVersion && Size <= LargestOfAnyBus;
        IsAnswer = bytes[1] is MethodReturn or Error;
        _fields = IsWellFormed ? (int)fields : 0;
    }

    /// <summary>A bus passes on nothing else.</summary>
    public bool IsWellFormed { get; }

    /// <summary>Of the whole message, in bytes.</summary>
    public long Size { get; }

    /// <summary>In bytes, with the padding in front of the body.</summary>
    public long HeaderSize { get; }

    /// <summary>A return or an error: a bus passes one on only where we asked for it.</summary>
    public bool IsAnswer { get; }

    public static MessageHead Read(ReadOnlySpan<byte> bytes) => new(bytes);

    /// <summary>
    /// Whether the fields have the serial of a call that is answered, or cannot be told apart. Anybody may add it to a signal
    /// or a call; dbus-daemon stops that where its policy does not allow it, which is no promise of every bus.
    /// </summary>
    /// <param name="message">The whole header, or more.</param>
    public bool SaysItIsAnAnswer(ReadOnlySpan<byte> message)
    {
        ReadOnlySpan<byte> bytes = message[..(FixedBytes + _fields)];
        int at = FixedBytes;
        while (at < bytes.Length)
        {
            // A field: its code, the signature of its value, and that value.
            at = (at + 7) & ~7;
            if (bytes.Length - at < 5 || bytes[at] == ReplySerialField || bytes[at + 1] != 1)
            {
                return true;
            }

            byte type = bytes[at + 2];
            at += 4;
            long length = type switch
            {
                (byte)'g' => bytes[at] + 2L,
                (byte)'u' => 4,
                (byte)'s' or (byte)'o' when bytes.Length - at >= 4 => Number(bytes[at..]) + 5L,
                _ => int.MaxValue,
            };
            if (length > bytes.Length - at)
            {
                return true;
            }

            at += (int)length;
        }

        return false;
    }

    private uint Number(ReadOnlySpan<byte> bytes) =>
        _isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
