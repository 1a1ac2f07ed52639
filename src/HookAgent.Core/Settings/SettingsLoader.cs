using System.Text;

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
            parser.Refuse(root, 0, $"cannot look for settings: {failure.Message}");
        }

        return parser.Finish();
    }

    private static void ReadFile(SettingsParser parser, string file)
    {
        try
        {
            byte[] content = Content(file);
            if (content.Length > MostBytes)
            {
                parser.Refuse(file, 0, $"is larger than {MostBytes} bytes, which no settings file is");
            }
            else if (!System.Text.Unicode.Utf8.IsValid(content))
            {
                parser.Refuse(file, 0, "is not UTF-8 text");
            }
            else
            {
                parser.Read(file, Encoding.UTF8.GetString(content));
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            parser.Refuse(file, 0, $"cannot be read: {failure.Message}");
        }
    }

    /// <summary>The file's bytes, one more than allowed at the most.</summary>
    private static byte[] Content(string file)
    {
        using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        byte[] buffer = new byte[MostBytes + 1];
        int length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        return buffer[..length];
    }
}
