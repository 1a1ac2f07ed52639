using System.Runtime.InteropServices;
using HookAgent.Core.Posix;
using HookAgent.Daemon.Journal;
using Microsoft.Extensions.Logging;

namespace HookAgent.Daemon.State;

/// <summary>
/// Sends a replaced file and its folder's entry to the disk, so that an operator's word survives a power cut. On a
/// thread of its own, which lives as long as that takes: a disk may need seconds, and the loop must answer Prologs
/// meanwhile. Until it is done a power cut may bring back the file as it was before, and a kill of the daemon may not.
/// </summary>
internal sealed unsafe class DiskFlush(string path, ILogger logger)
{
    private int _asked;

    /// <summary>The file was replaced. Returns at once.</summary>
    public void Ask()
    {
        if (Interlocked.Increment(ref _asked) == 1)
        {
            new Thread(Run, 256 * 1024) { IsBackground = true, Name = "flush" }.Start();
        }
    }

    /// <summary>Flushes until nothing was asked meanwhile.</summary>
    private void Run()
    {
        int served;
        do
        {
            served = Volatile.Read(ref _asked);
            int errno = Flush(path);
            errno = errno != 0 ? errno : Flush(Path.GetDirectoryName(path) ?? "/");
            if (errno != 0)
            {
                logger.StateFileFailed("flush", path, Marshal.GetPInvokeErrorMessage(errno), "A power cut may undo a hold or a release.");
            }
        }
        while (Interlocked.CompareExchange(ref _asked, 0, served) != served);
    }

    /// <summary>0, or errno(3).</summary>
    private static int Flush(string what)
    {
        int descriptor;
        fixed (byte* bytes = PathBytes.Of(what))
        {
            descriptor = Libc.Open(bytes, OpenFlags.ReadOnly | OpenFlags.NoFollow | OpenFlags.CloseOnExec, 0);
        }

        if (descriptor < 0)
        {
            return Marshal.GetLastPInvokeError();
        }

        int errno = Libc.Synchronize(descriptor) < 0 ? Marshal.GetLastPInvokeError() : 0;
        _ = Libc.Close(descriptor);
        return errno;
    }
}
