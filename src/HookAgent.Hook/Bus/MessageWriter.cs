using System.Buffers.Binary;

namespace HookAgent.Hook.Bus;

/// <summary>
/// Lays out method calls byte by byte, as "Message Protocol" of the D-Bus specification says: always
/// little-endian, which each message declares and every bus takes.
/// </summary>
internal ref struct MessageWriter(Span<byte> destination)
{
    public const byte NoAutoStart = 0x2;

    private const byte LittleEndian = (byte)'l';
    private const byte MethodCall = 1;
    private const byte ProtocolVersion = 1;

    private const byte PathField = 1;
    private const byte InterfaceField = 2;
    private const byte MemberField = 3;
    private const byte DestinationField = 6;
    private const byte SignatureField = 8;

    private readonly Span<byte> _destination = destination;
    private int _messageStart;

    /// <summary>Bytes written so far.</summary>
    public int Length { get; private set; }

    /// <summary>Bytes that are no message: what is said before the first one.</summary>
    public void Raw(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_destination[Length..]);
        Length += bytes.Length;
    }

    /// <summary>A method call with one string as argument, or with none where <paramref name="argument"/> is empty.</summary>
    public void Call(
        uint serial,
        byte flags,
        ReadOnlySpan<byte> destination,
        ReadOnlySpan<byte> path,
        ReadOnlySpan<byte> interfaceName,
        ReadOnlySpan<byte> member,
        ReadOnlySpan<byte> argument)
    {
        _messageStart = Length;
        Raw([LittleEndian, MethodCall, flags, ProtocolVersion]);
        UInt32(argument.IsEmpty ? 0 : 4 + (uint)argument.Length + 1);
        UInt32(serial);

        int fieldsLengthAt = Length;
        UInt32(0);
        int fieldsStart = Length;
        StringField(PathField, (byte)'o', path);
        StringField(DestinationField, (byte)'s', destination);
        StringField(InterfaceField, (byte)'s', interfaceName);
        StringField(MemberField, (byte)'s', member);
        if (!argument.IsEmpty)
        {
            Align(8);
            Raw([SignatureField, 1, (byte)'g', 0, 1, (byte)'s', 0]);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(_destination[fieldsLengthAt..], (uint)(Length - fieldsStart));
        Align(8);
        if (!argument.IsEmpty)
        {
            String(argument);
        }
    }

    private void StringField(byte code, byte type, ReadOnlySpan<byte> value)
    {
        Align(8);
        Raw([code, 1, type, 0]);
        String(value);
    }

    private void String(ReadOnlySpan<byte> value)
    {
        UInt32((uint)value.Length);
        Raw(value);
        Raw([0]);
    }

    private void UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_destination[Length..], value);
        Length += 4;
    }

    private void Align(int boundary)
    {
        while ((Length - _messageStart) % boundary != 0)
        {
            _destination[Length++] = 0;
        }
    }
}
