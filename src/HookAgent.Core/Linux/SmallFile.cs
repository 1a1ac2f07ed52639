using System.Runtime.InteropServices;

namespace HookAgent.Core.Linux;

/// <summary>Reads a file of a few lines without blocking on whatever lies at its path.</summary>
internal static unsafe class SmallFile
{
    /// <summary>
    /// Reads from <paramref name="path"/> until its end or until <paramref name="buffer"/> is full, whichever
    /// comes first. A symlink is refused; a FIFO without a writer reads as empty.
    /// </summary>
    /// <returns>The bytes read, or -1 with the error number in <paramref name="errno"/>.</returns>
    public static int Read(string path, Span<byte> buffer, out int errno)
    {
        int descriptor;
        fixed (byte* bytes = PathBytes.Of(path))
        {
            descriptor = Libc.Open(bytes, OpenFlags.ReadOnly | OpenFlags.NonBlocking | OpenFlags.NoFollow | OpenFlags.CloseOnExec, 0);
        }

        if (descriptor < 0)
        {
            errno = Marshal.GetLastPInvokeError();
            return -1;
        }

        int length = ReadAll(descriptor, buffer, out errno);
        _ = Libc.Close(descriptor);
        return length;
    }

    /// <summary>The same of an open descriptor, which stays open.</summary>
    public static int ReadAll(int descriptor, Span<byte> buffer, out int errno)
    {
        fixed (byte* start = buffer)
        {
            nint read;
            do
            {
                // Of a file, unlike of a pipe, a read gives less than asked for only at its end.
                read = Libc.Read(descriptor, start, (nuint)buffer.Length);
                errno = read < 0 ? Marshal.GetLastPInvokeError() : 0;
            }
            while (errno == Errno.Interrupted);

            return (int)read;
        }
    }
}
