using System.Text.Unicode;
using HookAgent.Core.Posix;

namespace HookAgent.Hook;

/// <summary>
/// One entry for the journal, in its native protocol (systemd's JOURNAL_NATIVE_PROTOCOL), by one datagram
/// that never waits: while journald is stopped or its queue is full the entry is lost.
/// </summary>
internal ref struct JournalEntry(Span<byte> buffer)
{
    /// <summary>Room for any entry of the hook's.</summary>
    public const int MaxBytes = 4096;

    private readonly Span<byte> _buffer = buffer;
    private int _length;

    /// <summary>
    /// Adds a field on a line of its own. Control characters, of which a newline would begin another field,
    /// become '?'; what does not fit is cut off.
    /// </summary>
    /// <param name="nameAndEquals">An upper-case name and '='.</param>
    /// <param name="value">At its longest what there is room for.</param>
    public void Add(ReadOnlySpan<byte> nameAndEquals, string value)
    {
        if (_buffer.Length - _length < nameAndEquals.Length + 1)
        {
            return;
        }

        nameAndEquals.CopyTo(_buffer[_length..]);
        _length += nameAndEquals.Length;

        Span<byte> rest = _buffer[_length..^1];
        Utf8.FromUtf16(value, rest, out _, out int used);
        foreach (ref byte c in rest[..used])
        {
            c = c is < 0x20 or 0x7F ? (byte)'?' : c;
        }

        _length += used;
        _buffer[_length++] = (byte)'\n';
    }

    public readonly unsafe void Send(string socketPath)
    {
        byte* address = stackalloc byte[UnixAddress.Size];
        uint addressLength = UnixAddress.Write(socketPath, new Span<byte>(address, UnixAddress.Size));
        int socket = Libc.Socket(Libc.UnixFamily, Libc.Datagram | Libc.SocketCloseOnExec | Libc.SocketNonBlocking, 0);
        if (addressLength == 0 || socket < 0)
        {
            return;
        }

        fixed (byte* bytes = _buffer)
        {
            _ = Libc.SendTo(socket, bytes, (nuint)_length, Libc.NeverBlockNorSignal, address, addressLength);
        }

        _ = Libc.Close(socket);
    }
}
