using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace HookAgent.Bus.Sd;

/// <content>
/// Reading a body, in order. Peers can send anything, so each read tells whether the next value was of the
/// asked type; where it was of another, nothing is consumed. A body that is malformed answers false as well.
/// </content>
public sealed unsafe partial class BusMessage
{
    /// <summary>
    /// The longest text that is read, in bytes; a longer one reads as none. The bus passes on 32 MiB, which would be
    /// twice as much in memory; nothing that is said here, on either side, comes near to this.
    /// </summary>
    public const int MaxTextBytes = 64 * 1024;

    /// <summary>Whether the body, or the container entered last, has nothing more.</summary>
    public bool AtEnd => LibSystemd.sd_bus_message_at_end(Native, 0) > 0;

    public bool TryReadString([NotNullWhen(true)] out string? value) => TryReadText((byte)'s', out value);

    public bool TryReadObjectPath([NotNullWhen(true)] out string? value) => TryReadText((byte)'o', out value);

    public bool TryReadBool(out bool value)
    {
        int wire = 0;
        bool read = LibSystemd.sd_bus_message_read_basic(Native, (byte)'b', &wire) > 0;
        value = wire != 0;
        return read;
    }

    public bool TryReadByte(out byte value)
    {
        fixed (byte* wire = &value)
        {
            *wire = 0;
            return LibSystemd.sd_bus_message_read_basic(Native, (byte)'y', wire) > 0;
        }
    }

    public bool TryReadInt32(out int value)
    {
        fixed (int* wire = &value)
        {
            *wire = 0;
            return LibSystemd.sd_bus_message_read_basic(Native, (byte)'i', wire) > 0;
        }
    }

    public bool TryReadUInt32(out uint value)
    {
        fixed (uint* wire = &value)
        {
            *wire = 0;
            return LibSystemd.sd_bus_message_read_basic(Native, (byte)'u', wire) > 0;
        }
    }

    public bool TryReadUInt64(out ulong value)
    {
        fixed (ulong* wire = &value)
        {
            *wire = 0;
            return LibSystemd.sd_bus_message_read_basic(Native, (byte)'t', wire) > 0;
        }
    }

    /// <summary>Enters an array of <paramref name="element"/>, such as "s" or "{sv}"; true for an empty one too.</summary>
    public bool TryEnterArray(string element) => TryEnter((byte)'a', element);

    public bool TryEnterVariant(string contents) => TryEnter((byte)'v', contents);

    /// <summary>False also where the array around it has no further element.</summary>
    public bool TryEnterStruct(string contents) => TryEnter((byte)'r', contents);

    /// <summary>False also where the dictionary around it has no further entry.</summary>
    public bool TryEnterDictEntry(string contents) => TryEnter((byte)'e', contents);

    /// <summary>
    /// Leaves the container entered last. False where something of it is unread, so that a loop "while an
    /// element could be read" followed by this tells the end of an array from a malformed element.
    /// </summary>
    public bool TryExit() => LibSystemd.sd_bus_message_exit_container(Native) > 0;

    /// <summary>Passes over values of these types; false where others follow.</summary>
    public bool TrySkip(string types) => LibSystemd.sd_bus_message_skip(Native, types) > 0;

    /// <summary>
    /// The type code of the next value and, for a container, the types in it; '\0' at the end of the body or
    /// container, and for a body that is malformed.
    /// </summary>
    public char PeekType(out string contents)
    {
        byte type;
        byte* inner;
        bool found = LibSystemd.sd_bus_message_peek_type(Native, &type, &inner) > 0;
        contents = found ? NativeText.Read(inner) ?? "" : "";
        return found ? (char)type : '\0';
    }

    private bool TryEnter(byte type, string contents) =>
        LibSystemd.sd_bus_message_enter_container(Native, type, contents) > 0;

    private bool TryReadText(byte type, [NotNullWhen(true)] out string? value)
    {
        byte* text = null;
        bool read = LibSystemd.sd_bus_message_read_basic(Native, type, &text) > 0;
        value = read && MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text).Length <= MaxTextBytes ? NativeText.Read(text) : null;
        return value is not null;
    }
}
