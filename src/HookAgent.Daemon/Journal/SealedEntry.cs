using System.Runtime.InteropServices;
using HookAgent.Core.Linux;

namespace HookAgent.Daemon.Journal;

/// <summary>
/// An entry larger than a datagram: written to a memory file, sealed so that journald need not copy it
/// (memfd_create(2)), whose descriptor is sent in place of the entry (JOURNAL_NATIVE_PROTOCOL).
/// </summary>
internal static unsafe partial class SealedEntry
{
    private const uint CloseOnExecAllowSealing = 1 | 2;
    private const int AddSeals = 1033;
    private const int SealAgainstAll = 1 | 2 | 4 | 8;
    private const int Rights = 1;

    private const string Library = "libc";

    /// <summary>Sends it by a socket that is connected: 0, or the error number of what failed.</summary>
    public static int Send(int socket, ReadOnlySpan<byte> entry)
    {
        int file;
        fixed (byte* name = "hookagentd-journal-entry\0"u8)
        {
            file = CreateMemoryFile(name, CloseOnExecAllowSealing);
        }

        if (file < 0)
        {
            return Marshal.GetLastPInvokeError();
        }

        int errno = Write(file, entry);
        if (errno == 0)
        {
            errno = FileControl(file, AddSeals, SealAgainstAll) < 0 ? Marshal.GetLastPInvokeError() : SendDescriptor(socket, file);
        }

        _ = Libc.Close(file);
        return errno;
    }

    private static int Write(int file, ReadOnlySpan<byte> entry)
    {
        fixed (byte* start = entry)
        {
            for (int written = 0; written < entry.Length;)
            {
                nint count = Libc.Write(file, start + written, (nuint)(entry.Length - written));
                if (count < 0)
                {
                    return Marshal.GetLastPInvokeError();
                }

                written += (int)count;
            }
        }

        return 0;
    }

    private static int SendDescriptor(int socket, int file)
    {
        ControlMessage control = new() { Length = ControlMessage.HeadBytes + sizeof(int), Level = Libc.SocketLevel, Type = Rights, Descriptor = file };
        MessageHead head = new() { Control = &control, ControlLength = (nuint)sizeof(ControlMessage) };
        return SendMessage(socket, &head, Libc.NeverBlockNorSignal) < 0 ? Marshal.GetLastPInvokeError() : 0;
    }

    [LibraryImport(Library, EntryPoint = "memfd_create", SetLastError = true)]
    private static partial int CreateMemoryFile(byte* name, uint flags);

    /// <summary>Variadic in C; declared with its argument fixed, which goes in the same register.</summary>
    [LibraryImport(Library, EntryPoint = "fcntl", SetLastError = true)]
    private static partial int FileControl(int file, int command, nint argument);

    [LibraryImport(Library, EntryPoint = "sendmsg", SetLastError = true)]
    private static partial nint SendMessage(int socket, MessageHead* message, int flags);

    /// <summary>struct msghdr of a 64-bit C library (sys/socket.h), without address and data.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct MessageHead
    {
        public void* Name;
        public nuint NameLength;
        public void* Vectors;
        public nuint VectorCount;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
    }

    /// <summary>struct cmsghdr (cmsg(3)) with one descriptor, padded to the machine's word.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct ControlMessage
    {
        public const int HeadBytes = 16;

        public nuint Length;
        public int Level;
        public int Type;
        public int Descriptor;
        public int Padding;
    }
}
