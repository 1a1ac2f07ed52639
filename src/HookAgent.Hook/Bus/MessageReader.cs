using System.Buffers.Binary;

namespace HookAgent.Hook.Bus;

internal enum MessageKind : byte
{
    MethodCall = 1,
    MethodReturn = 2,
    Error = 3,
    Signal = 4,
}

internal enum ReadOutcome
{
    /// <summary>A whole message was read.</summary>
    Message,

    /// <summary>More bytes must come first.</summary>
    Incomplete,

    /// <summary>This is no message, whatever may follow.</summary>
    Malformed,
}

/// <summary>
/// What matters of one received message. Every length is held against the bytes that are there before it is
/// used, and none can overflow, as a message is at most <see cref="MaxBytes"/> long.
/// </summary>
internal ref struct MessageReader
{
    /// <summary>A message over 1 MiB is refused; the specification allows 128 MiB.</summary>
    public const int MaxBytes = 1 << 20;

    private const int FixedHeader = 16;
    private const byte ErrorNameField = 4;
    private const byte ReplySerialField = 5;
    private const byte SignatureField = 8;

    private ReadOnlySpan<byte> _bytes;
    private bool _bigEndian;
    private int _at;

    public MessageKind Kind { get; private set; }

    /// <summary>The serial of the call that this answers, or 0.</summary>
    public uint ReplySerial { get; private set; }

    /// <summary>All of the message, in bytes.</summary>
    public int Length { get; private set; }

    public ReadOnlySpan<byte> ErrorName { get; private set; }

    /// <summary>The first argument if it is a string, else empty. Of an error it is its text.</summary>
    public ReadOnlySpan<byte> FirstString { get; private set; }

    public static ReadOutcome Read(ReadOnlySpan<byte> bytes, out MessageReader message)
    {
        message = new MessageReader { _bytes = bytes };
        return bytes.Length < FixedHeader ? ReadOutcome.Incomplete : message.Read();
    }

    private ReadOutcome Read()
    {
        const byte protocolVersion = 1;
        if (_bytes[0] is not ((byte)'l' or (byte)'B') || _bytes[1] == 0 || _bytes[3] != protocolVersion)
        {
            return ReadOutcome.Malformed;
        }

        _bigEndian = _bytes[0] == 'B';
        Kind = (MessageKind)_bytes[1];
        uint bodyLength = UInt32At(4);
        uint serial = UInt32At(8);
        uint fieldsLength = UInt32At(12);
        if (bodyLength > MaxBytes || fieldsLength > MaxBytes || serial == 0)
        {
            return ReadOutcome.Malformed;
        }

        int fieldsEnd = FixedHeader + (int)fieldsLength;
        int bodyStart = (fieldsEnd + 7) & ~7;
        Length = bodyStart + (int)bodyLength;
        if (Length > MaxBytes)
        {
            return ReadOutcome.Malformed;
        }

        if (_bytes.Length < Length)
        {
            return ReadOutcome.Incomplete;
        }

        bool hasString = false;
        _bytes = _bytes[..Length];
        _at = FixedHeader;
        while (_at < fieldsEnd)
        {
            if (!ReadField(fieldsEnd, ref hasString))
            {
                return ReadOutcome.Malformed;
            }
        }

        _at = bodyStart;
        if (hasString)
        {
            if (!TryString(Length, out ReadOnlySpan<byte> text))
            {
                return ReadOutcome.Malformed;
            }

            FirstString = text;
        }

        return ReadOutcome.Message;
    }

    /// <summary>One header field: a struct of a code and a variant.</summary>
    private bool ReadField(int end, ref bool bodyStartsWithString)
    {
        _at = (_at + 7) & ~7;
        if (end - _at < 4)
        {
            return false;
        }

        byte code = _bytes[_at++];
        if (_bytes[_at++] != 1)
        {
            // A field of more than a basic type is none that is known, and would have to be walked through.
            return false;
        }

        byte type = _bytes[_at++];
        if (_bytes[_at++] != 0)
        {
            return false;
        }

        switch (type)
        {
            case (byte)'s' or (byte)'o':
                if (!TryString(end, out ReadOnlySpan<byte> text))
                {
                    return false;
                }

                if (code == ErrorNameField)
                {
                    ErrorName = text;
                }

                return true;
            case (byte)'g':
                if (!TrySignature(end, out ReadOnlySpan<byte> signature))
                {
                    return false;
                }

                if (code == SignatureField)
                {
                    bodyStartsWithString = signature is [(byte)'s', ..];
                }

                return true;
            case (byte)'u':
                if (!TryUInt32(end, out uint value))
                {
                    return false;
                }

                if (code == ReplySerialField)
                {
                    ReplySerial = value;
                }

                return true;
            default:
                return TrySkip(end, type);
        }
    }

    private bool TrySkip(int end, byte type)
    {
        int size = type switch
        {
            (byte)'y' => 1,
            (byte)'n' or (byte)'q' => 2,
            (byte)'b' or (byte)'i' or (byte)'h' => 4,
            (byte)'x' or (byte)'t' or (byte)'d' => 8,
            _ => 0,
        };
        if (size == 0)
        {
            return false;
        }

        _at = ((_at + size - 1) & -size) + size;
        return _at <= end;
    }

    private bool TryUInt32(int end, out uint value)
    {
        _at = (_at + 3) & ~3;
        if (end - _at < 4)
        {
            value = 0;
            return false;
        }

        value = UInt32At(_at);
        _at += 4;
        return true;
    }

    private bool TryString(int end, out ReadOnlySpan<byte> text)
    {
        text = default;
        if (!TryUInt32(end, out uint length) || length >= (uint)(end - _at) || _bytes[_at + (int)length] != 0)
        {
            return false;
        }

        text = _bytes.Slice(_at, (int)length);
        _at += (int)length + 1;
        return true;
    }

    private bool TrySignature(int end, out ReadOnlySpan<byte> signature)
    {
        signature = default;
        int length = _at < end ? _bytes[_at++] : end;
        if (length >= end - _at || _bytes[_at + length] != 0)
        {
            return false;
        }

        signature = _bytes.Slice(_at, length);
        _at += length + 1;
        return true;
    }

    private readonly uint UInt32At(int offset) => _bigEndian
        ? BinaryPrimitives.ReadUInt32BigEndian(_bytes[offset..])
        : BinaryPrimitives.ReadUInt32LittleEndian(_bytes[offset..]);
}
