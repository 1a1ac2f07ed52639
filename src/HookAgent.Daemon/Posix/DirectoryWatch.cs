using System.ComponentModel;

namespace HookAgent.Daemon.Posix;

/// <summary>
/// Becomes readable when a record appears in or vanishes from the job directory, or the directory itself does
/// (inotify(7)). What happened is not read from the events: whoever is woken reads the directory.
/// </summary>
internal sealed unsafe class DirectoryWatch : IDisposable
{
    private const uint MovedFrom = 0x40;
    private const uint MovedTo = 0x80;
    private const uint Created = 0x100;
    private const uint Deleted = 0x200;
    private const uint OnlyDirectory = 0x0100_0000;
    private const int Ignored = 0x8000;

    private readonly string _parent;
    private readonly string _directory;
    private int _recordsWatch;

    /// <param name="directory">The job directory; its parent is watched too, for the directory to come and go.</param>
    public DirectoryWatch(string directory)
    {
        _directory = directory;
        _parent = Path.GetDirectoryName(directory) ?? "/";
        Descriptor = LoopCalls.WatchCreate(LoopCalls.NonBlockingCloseOnExec);
        if (Descriptor < 0)
        {
            throw new Win32Exception();
        }

        Renew();
    }

    public int Descriptor { get; }

    /// <summary>
    /// Watches what is at the two paths now; the kernel keeps one watch per directory however often it is asked.
    /// A path that does not exist is not watched: without the parent there is nothing to lend a node by.
    /// </summary>
    private void Renew()
    {
        // A record is renamed into place and unlinked; its making under a dot-name wakes nobody.
        _recordsWatch = LoopCalls.WatchAdd(Descriptor, _directory, MovedFrom | MovedTo | Deleted | OnlyDirectory);
        _ = LoopCalls.WatchAdd(Descriptor, _parent, Created | MovedFrom | MovedTo | Deleted | OnlyDirectory);
    }

    /// <summary>Takes note of what happened, and watches anew where the directory itself came or went.</summary>
    public void Drain()
    {
        const int headerBytes = 16;
        byte* buffer = stackalloc byte[4096];
        bool renew = false;
        nint length;
        while ((length = LoopCalls.Read(Descriptor, buffer, 4096)) > 0)
        {
            for (nint at = 0; at + headerBytes <= length;)
            {
                // struct inotify_event: wd, mask, cookie, length of the name, name.
                int* header = (int*)(buffer + at);
                renew |= header[0] != _recordsWatch || (header[1] & Ignored) != 0;
                at += headerBytes + header[3];
            }
        }

        if (renew)
        {
            Renew();
        }
    }

    public void Dispose() => _ = LoopCalls.Close(Descriptor);
}
