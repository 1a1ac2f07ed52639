using System.Runtime.InteropServices;
using HookAgent.Core.Linux;

namespace HookAgent.Core.Journal;

/// <summary>
/// journald's native socket, to which an entry goes as one datagram. Nothing here waits: while journald is stopped, or
/// its queue is full, an entry is refused with EAGAIN. Connected, because poll(2) then says when it takes more.
/// </summary>
internal readonly unsafe struct JournalSocket
{
    public const string Path = "/run/systemd/journal/socket";

    private JournalSocket(int descriptor) => Descriptor = descriptor;

    public int Descriptor { get; }

    /// <summary>Connects; null where there is no journald, or no descriptor left.</summary>
    public static JournalSocket? Open(string path)
    {
        Span<byte> address = stackalloc byte[UnixAddress.Size];
        uint length = UnixAddress.Write(path, address);
        int descriptor = length > 0 ? UnixSocket.Connect(Libc.Datagram, address[..(int)length], out _) : -1;
        return descriptor >= 0 ? new JournalSocket(descriptor) : null;
    }

    /// <summary>
    /// Sends an entry: 0, or the error number. EAGAIN: later; EMSGSIZE: larger than the socket's buffer, some 200 KB;
    /// ECONNREFUSED: journald's socket was made anew.
    /// </summary>
    public int Send(ReadOnlySpan<byte> entry)
    {
        fixed (byte* bytes = entry)
        {
            return Libc.Send(Descriptor, bytes, (nuint)entry.Length, Libc.NeverBlockNorSignal) < 0 ? Marshal.GetLastPInvokeError() : 0;
        }
    }

    public void Close() => _ = Libc.Close(Descriptor);
}
