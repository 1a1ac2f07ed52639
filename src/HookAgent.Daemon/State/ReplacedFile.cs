namespace HookAgent.Daemon.State;

/// <summary>Writes a file so that a reader sees the old one or the new one, whole.</summary>
internal static class ReplacedFile
{
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static void Write(string path, string text)
    {
        string temporary = Path.Combine(Path.GetDirectoryName(path) ?? "/", $".{Path.GetFileName(path)}.new");
        try
        {
            File.WriteAllText(temporary, text);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
