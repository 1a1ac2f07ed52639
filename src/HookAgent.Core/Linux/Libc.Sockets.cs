using System.Runtime.InteropServices;

namespace HookAgent.Core.Linux;

/// <summary>Sockets and waiting. The numbers are those of asm-generic, which x86, Arm and RISC-V share.</summary>
internal static unsafe partial class Libc
{
    public const int UnixFamily = 1;
    public const int Stream = 1;
    public const int Datagram = 2;
    public const int SocketNonBlocking = 0x800;
    public const int SocketCloseOnExec = 0x80000;

    public const int SocketLevel = 1;
    public const int SendTimeout = 21;

    /// <summary>MSG_DONTWAIT | MSG_NOSIGNAL: neither block nor be killed by SIGPIPE.</summary>
    public const int NeverBlockNorSignal = 0x40 | 0x4000;

    [LibraryImport(Library, EntryPoint = "socket", SetLastError = true)]
    public static partial int Socket(int family, int type, int protocol);

    [LibraryImport(Library, EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetSocketOption(int socket, int level, int option, void* value, uint length);

    [LibraryImport(Library, EntryPoint = "connect", SetLastError = true)]
    public static partial int Connect(int socket, byte* address, uint length);

    [LibraryImport(Library, EntryPoint = "send", SetLastError = true)]
    public static partial nint Send(int socket, byte* buffer, nuint count, int flags);

    [LibraryImport(Library, EntryPoint = "recv", SetLastError = true)]
    public static partial nint Receive(int socket, byte* buffer, nuint count, int flags);

    [LibraryImport(Library, EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(PollEntry* entries, nuint count, int milliseconds);
}

/// <summary>struct pollfd (poll.h).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollEntry
{
    public const short Readable = 0x1;
    public const short Writable = 0x4;

    /// <summary>POLLERR, which a pipe shows to its writer once its last reader has closed it (poll(2)).</summary>
    public const short Error = 0x8;

    public int Descriptor;
    public short Events;
    public short Returned;

    /// <summary>poll(2) passes over a descriptor of -1.</summary>
    public static PollEntry ForReading(int descriptor) => new() { Descriptor = descriptor, Events = Readable };

    public static PollEntry ForWriting(int descriptor) => new() { Descriptor = descriptor, Events = Writable };
}

/// <summary>struct timeval of a 64-bit C library (sys/time.h).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TimeValue
{
    public long Seconds;
    public long Microseconds;
}
