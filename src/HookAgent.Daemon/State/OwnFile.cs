using System.Runtime.InteropServices;
using System.Text;
using HookAgent.Core.Linux;

namespace HookAgent.Daemon.State;

/// <summary>Reads back a file that the agent wrote, whatever lies in its place by now: a start waits for nothing.</summary>
internal static class OwnFile
{
    /// <summary>The longest that is read, in bytes.</summary>
    public const int Longest = 1024 * 1024;

    /// <summary>Its lines; null where there is no file. A FIFO without a writer reads as empty.</summary>
    /// <exception cref="IOException">It cannot be read, is a symlink, or longer than <see cref="Longest"/>.</exception>
    public static string[]? ReadLines(string path)
    {
        for (int size = 4096; size <= Longest; size *= 4)
        {
            byte[] bytes = new byte[size];
            int length = SmallFile.Read(path, bytes, out int errno);
            if (errno == Errno.NoSuchEntry)
            {
                return null;
            }

            if (errno != 0)
            {
                throw new IOException(Marshal.GetPInvokeErrorMessage(errno));
            }

            if (length < size)
            {
                return Encoding.UTF8.GetString(bytes, 0, length).Split('\n');
            }
        }

        throw new IOException($"it is longer than {Longest} bytes");
    }
}
