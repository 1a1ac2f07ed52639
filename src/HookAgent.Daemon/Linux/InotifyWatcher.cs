using System.Runtime.InteropServices;
using HookAgent.Core.Jobs;
using HookAgent.Core.Linux;

namespace HookAgent.Daemon.Linux;

/// <summary>
/// Becomes readable when a record or the proof appears in or vanishes from the job directory, or the directory itself does
/// (inotify(7)). What happened is not read from the events: whoever is woken reads the directory.
/// </summary>
internal sealed unsafe class InotifyWatcher : IDisposable
{
    private const uint Written = 0x8;
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
    public InotifyWatcher(string directory)
    {
        _directory = directory;
        _parent = Path.GetDirectoryName(directory) ?? "/";
        Renew();
    }

    /// <summary>What to poll for readability; -1, which poll(2) passes over, while the kernel gives none.</summary>
    public int Descriptor { get; private set; } = -1;

    /// <summary>Whether a record that comes or goes will be seen.</summary>
    public bool SeesAll { get; private set; }

    /// <summary>
    /// Why the kernel refuses to watch, or null: ENOSPC and EMFILE are the user's limits of watches and of instances, which
    /// root shares with all that is root's on the node (inotify(7)). Nothing that is simply missing.
    /// </summary>
    public string? Refusal { get; private set; }

    /// <summary>
    /// Watches what is at the two paths now; the kernel keeps one watch per directory however often it is asked.
    /// A job directory that does not exist is seen to come; its parent is not.
    /// </summary>
    public void Renew()
    {
        Refusal = null;
        if (Descriptor < 0)
        {
            Descriptor = LinuxCalls.WatchCreate(LinuxCalls.NonBlockingCloseOnExec);
        }

        SeesAll = Descriptor >= 0;
        if (SeesAll)
        {
            // The hook renames a record into place; what somebody else makes there counts as well.
            _recordsWatch = Add(_directory);
            SeesAll = Add(_parent) >= 0 && Refusal is null;
        }
        else
        {
            Refusal = Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>
    /// Takes note of what happened, and watches anew where the directory itself came or went. False when nothing
    /// but records in the making, which have dot-names, appeared.
    /// </summary>
    public bool Drain()
    {
        const int headerBytes = 16;
        byte* buffer = stackalloc byte[4096];
        bool renew = false;
        bool worthALook = false;
        nint length;
        while ((length = Libc.Read(Descriptor, buffer, 4096)) > 0)
        {
            for (nint at = 0; at + headerBytes <= length;)
            {
                // struct inotify_event: wd, mask, cookie, length of the name, name.
                int* header = (int*)(buffer + at);
                bool ofRecords = header[0] == _recordsWatch && (header[1] & Ignored) == 0;
                bool inTheMaking = ofRecords && (header[1] & (Created | Written)) != 0 && header[3] > 0 && IsInTheMaking(buffer + at + headerBytes);
                renew |= !ofRecords;
                worthALook |= !inTheMaking;
                at += headerBytes + header[3];
            }
        }

        if (renew)
        {
            Renew();
        }

        return worthALook;
    }

    public void Dispose() => _ = Libc.Close(Descriptor);

    private static bool IsInTheMaking(byte* name) =>
        *name == (byte)'.' && !MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name).SequenceEqual(DirectoryProof.Name);

    private int Add(string path)
    {
        int watch = LinuxCalls.WatchAdd(Descriptor, path, Written | Created | MovedFrom | MovedTo | Deleted | OnlyDirectory);
        if (watch < 0 && Marshal.GetLastPInvokeError() is var errno and not (Errno.NoSuchEntry or Errno.NotADirectory))
        {
            Refusal = Marshal.GetPInvokeErrorMessage(errno);
        }

        return watch;
    }
}
