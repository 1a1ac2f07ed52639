using System.Text;

namespace HookAgent.Core.Linux;

/// <summary>Paths as libc takes them: UTF-8 and ended by a zero byte.</summary>
internal static class PathBytes
{
    /// <summary>PATH_MAX of Linux, in bytes and with the ending zero.</summary>
    public const int Max = 4096;

    public static byte[] Of(string path)
    {
        byte[] bytes = new byte[Encoding.UTF8.GetByteCount(path) + 1];
        Encoding.UTF8.GetBytes(path, bytes);
        return bytes;
    }
}
