using System.Buffers;
using System.Buffers.Binary;
using System.Text.Unicode;

namespace HookAgent.Core.Journal;

/// <summary>
/// One entry for the journal in its native protocol (systemd's JOURNAL_NATIVE_PROTOCOL), laid out in a buffer of the
/// caller's. A value that does not fit is clipped and ends in "[clipped]"; a field of which not even that fits is left out.
/// </summary>
internal ref struct JournalEntry(Span<byte> buffer)
{
    /// <summary>What a field takes beside the bytes of its name and its value, at most: two line feeds and a length.</summary>
    public const int MostBytesAroundField = 2 + sizeof(ulong);

    private readonly Span<byte> _buffer = buffer;
    private int _length;

    private static ReadOnlySpan<byte> ClippedMark => " [clipped]"u8;

    public readonly ReadOnlySpan<byte> Bytes => _buffer[.._length];

    /// <summary>
    /// Adds a field of one line: KEY=value. Control characters, of which a line feed would begin another field, become '?'.
    /// </summary>
    /// <param name="name">Of capitals, digits and underscores, as systemd.journal-fields(7) asks.</param>
    public void AddLine(string name, string value)
    {
        if (Begin(name, '=', 0) is { IsEmpty: false } room)
        {
            Span<byte> written = Encode(value, room);
            foreach (ref byte c in written)
            {
                c = c is < 0x20 or 0x7F ? (byte)'?' : c;
            }

            End(written.Length);
        }
    }

    /// <summary>
    /// Adds a field that may have several lines: KEY, a length in 64 bits (little endian), and that many bytes. Control
    /// characters but line feed and tab become '?'; journalctl(1) would show the whole field as "blob data".
    /// </summary>
    public void AddText(string name, string value)
    {
        if (!value.Contains('\n', StringComparison.Ordinal))
        {
            AddLine(name, value);
        }
        else if (Begin(name, '\n', sizeof(ulong)) is { IsEmpty: false } room)
        {
            Span<byte> written = Encode(value, room);
            foreach (ref byte c in written)
            {
                c = c is (< 0x20 and not (byte)'\n' and not (byte)'\t') or 0x7F ? (byte)'?' : c;
            }

            BinaryPrimitives.WriteUInt64LittleEndian(_buffer[(_length - sizeof(ulong))..], (ulong)written.Length);
            End(written.Length);
        }
    }

    /// <summary>Writes name and separator, and skips the bytes of the length; the room for the value, empty where there is none.</summary>
    private Span<byte> Begin(string name, char separator, int lengthBytes)
    {
        int head = name.Length + 1 + lengthBytes;
        if (_buffer.Length - _length - head - 1 < ClippedMark.Length)
        {
            return default;
        }

        for (int i = 0; i < name.Length; i++)
        {
            _buffer[_length + i] = (byte)name[i];
        }

        _buffer[_length + name.Length] = (byte)separator;
        _length += head;
        return _buffer[_length..^1];
    }

    private static Span<byte> Encode(string value, Span<byte> room)
    {
        if (Utf8.FromUtf16(value, room, out _, out int used) == OperationStatus.DestinationTooSmall)
        {
            used = Math.Min(used, room.Length - ClippedMark.Length);
            while (used > 0 && (room[used] & 0xC0) == 0x80)
            {
                used--;
            }

            ClippedMark.CopyTo(room[used..]);
            used += ClippedMark.Length;
        }

        return room[..used];
    }

    private void End(int valueBytes)
    {
        _length += valueBytes;
        _buffer[_length++] = (byte)'\n';
    }
}
