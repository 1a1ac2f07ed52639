using System.Runtime.InteropServices;

namespace HookAgent.Core.Linux;

/// <summary>A connected socket in the file system on which nothing blocks (unix(7)).</summary>
internal static unsafe class UnixSocket
{
    /// <summary>
    /// Its descriptor; -1, with the error number, where there is none to connect to, or it takes nobody now (EAGAIN).
    /// </summary>
    /// <param name="type">SOCK_STREAM or SOCK_DGRAM.</param>
    /// <param name="address">struct sockaddr_un, as long as its path.</param>
    public static int Connect(int type, ReadOnlySpan<byte> address, out int errno)
    {
        int descriptor = Libc.Socket(Libc.UnixFamily, type | Libc.SocketNonBlocking | Libc.SocketCloseOnExec, 0);
        fixed (byte* start = address)
        {
            errno = descriptor < 0 || Libc.Connect(descriptor, start, (uint)address.Length) < 0 ? Marshal.GetLastPInvokeError() : 0;
        }

        if (errno == 0)
        {
            return descriptor;
        }

        if (descriptor >= 0)
        {
            _ = Libc.Close(descriptor);
        }

        return -1;
    }
}
