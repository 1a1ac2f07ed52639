using System.Text;

namespace HookAgent.Daemon.State;

/// <summary>
/// Writes a file that everybody may read, so that a reader sees the old one or the new one, whole. What is in the
/// making has a dot-name with another ending, which nobody takes for a record or for metrics.
/// </summary>
internal static class ReplacedFile
{
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static void Write(string path, string text)
    {
        string temporary = Path.Combine(Path.GetDirectoryName(path) ?? "/", $".{Path.GetFileName(path)}.new");
        try
        {
            // Made anew, never opened: whatever lies at its name, a link to elsewhere too, is not written through.
            File.Delete(temporary);
            using (FileStream file = new(temporary, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                BufferSize = 0,
#pragma warning disable CA1416 // All of the program is for Linux.
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
#pragma warning restore CA1416
            }))
            {
                file.Write(Encoding.UTF8.GetBytes(text));
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
