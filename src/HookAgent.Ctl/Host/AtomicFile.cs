using System.Text;

namespace HookAgent.Ctl.Host;

/// <summary>
/// A file that appears whole or not at all, also over a power cut: it is written beside its place, and renamed when it is
/// finished. A device or a pipe is written to directly.
/// </summary>
internal sealed class AtomicFile : IDisposable
{
    private readonly string _path = "";
    private readonly string? _temporary;
    private readonly FileStream? _file;
    private bool _finished;

    /// <exception cref="IOException">It cannot be written.</exception>
    public AtomicFile(string path)
    {
        // The file that a link points to is replaced, not the link.
        _path = Path.GetFullPath((File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName : null) ?? path);
        if (Directory.Exists(_path))
        {
            throw new IOException($"{path} is a folder");
        }

        try
        {
            _temporary = IsDirect(_path)
                ? null
                : Path.Combine(Path.GetDirectoryName(_path)!, $".{Path.GetFileName(_path)}.{Environment.ProcessId}.new");
            _file = new FileStream(_temporary ?? _path, _temporary is null ? FileMode.Open : FileMode.Create, FileAccess.Write);
            Writer = new StreamWriter(_file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 1 << 16);
        }
        catch (DirectoryNotFoundException)
        {
            throw new IOException($"there is no folder {Path.GetDirectoryName(_path)}");
        }
        catch (UnauthorizedAccessException)
        {
            throw new IOException(_temporary is null ? $"permission denied for {_path}" : $"permission denied in {Path.GetDirectoryName(_path)}");
        }
    }

    /// <summary>One that is open already, such as standard output: what is written is written.</summary>
    public AtomicFile(TextWriter direct) => Writer = direct;

    public TextWriter Writer { get; }

    /// <exception cref="IOException">What was written does not fit, or the file cannot be put into its place.</exception>
    public void Finish()
    {
        Writer.Flush();
        if (_file is null)
        {
            return;
        }

        if (_temporary is not null)
        {
            _file.Flush(flushToDisk: true);
        }

        Writer.Dispose();
        if (_temporary is not null)
        {
            File.Move(_temporary, _path, overwrite: true);
        }

        _finished = true;
    }

    public void Dispose()
    {
        if (_finished || _file is null)
        {
            return;
        }

        try
        {
            Writer.Dispose();
        }
        catch (IOException)
        {
            // The file is dropped anyway.
        }

        if (_temporary is not null)
        {
            File.Delete(_temporary);
        }
    }

    /// <summary>Whether it is a device or a pipe, which cannot be replaced.</summary>
    private static bool IsDirect(string path)
    {
        if (path.StartsWith("/dev/", StringComparison.Ordinal))
        {
            return true;
        }

        if (!File.Exists(path))
        {
            return false;
        }

        using FileStream existing = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        return !existing.CanSeek;
    }
}
