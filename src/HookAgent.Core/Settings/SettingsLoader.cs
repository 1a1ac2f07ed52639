using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;
using HookAgent.Core.Linux;

namespace HookAgent.Core.Settings;

/// <summary>Reads the settings of a node from its files.</summary>
public static class SettingsLoader
{
    /// <summary>A larger settings file is an error: 1 MiB.</summary>
    public const int MostBytes = 1 << 20;

    /// <summary>
    /// The settings of the files below <paramref name="root"/>, or everything that is wrong with them, a file
    /// that cannot be read included. No file at all gives the defaults.
    /// </summary>
    /// <param name="root">The folder that stands for "/".</param>
    public static SettingsResult Load(string root = "/")
    {
        SettingsParser parser = new();
        try
        {
            foreach (string file in SettingsFiles.Find(root))
            {
                ReadFile(parser, file);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            parser.Refuse(root, 0, $"cannot look for settings: {failure.Message.TrimEnd('.')}");
        }

        return parser.Finish();
    }

    private static void ReadFile(SettingsParser parser, string file)
    {
        byte[] buffer = new byte[MostBytes + 1];
        int length = Read(file, buffer, out int errno);
        ReadOnlySpan<byte> content = buffer.AsSpan(0, Math.Max(0, length));
        if (length < 0)
        {
            parser.Refuse(file, 0, $"cannot be read: {Marshal.GetPInvokeErrorMessage(errno)}");
        }
        else if (length > MostBytes)
        {
            parser.Refuse(file, 0, $"is larger than {MostBytes} bytes, which no settings file is");
        }
        else if (!Utf8.IsValid(content))
        {
            parser.Refuse(file, 0, "is not UTF-8 text");
        }
        else
        {
            parser.Read(file, Encoding.UTF8.GetString(content));
        }
    }

    /// <summary>Links are followed, as masking needs; a FIFO reads as empty instead of blocking.</summary>
    private static unsafe int Read(string file, Span<byte> buffer, out int errno)
    {
        int descriptor;
        fixed (byte* path = PathBytes.Of(file))
        {
            descriptor = Libc.Open(path, OpenFlags.ReadOnly | OpenFlags.NonBlocking | OpenFlags.CloseOnExec, 0);
        }

        if (descriptor < 0)
        {
            errno = Marshal.GetLastPInvokeError();
            return -1;
        }

        int length = SmallFile.ReadAll(descriptor, buffer, out errno);
        _ = Libc.Close(descriptor);
        return length;
    }
}
