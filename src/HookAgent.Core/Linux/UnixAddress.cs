using System.Text;

namespace HookAgent.Core.Linux;

/// <summary>struct sockaddr_un of a socket in the file system (unix(7)): the family, the path, a zero byte.</summary>
internal static class UnixAddress
{
    /// <summary>Size of the structure, in bytes.</summary>
    public const int Size = 2 + MaxPathBytes;

    private const int MaxPathBytes = 108;

    /// <summary>Writes the address; returns its length, or 0 if <paramref name="path"/> is empty or does not fit.</summary>
    public static uint Write(string path, Span<byte> destination)
    {
        BitConverter.TryWriteBytes(destination, (ushort)Libc.UnixFamily);
        if (!Encoding.UTF8.TryGetBytes(path, destination[2..(Size - 1)], out int length) || length == 0)
        {
            return 0;
        }

        destination[2 + length] = 0;
        return (uint)(2 + length + 1);
    }
}
