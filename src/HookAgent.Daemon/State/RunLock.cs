using System.Runtime.InteropServices;
using HookAgent.Core.Linux;
using HookAgent.Daemon.Linux;

namespace HookAgent.Daemon.State;

/// <summary>
/// The run folder's lock (flock(2)), which a process has until it ends: a second agent would take away the first one's
/// permits and write its own view into the first one's files, long before the bus refuses it the name. It is a file that
/// nobody else may open: who may read a file, or a folder, may lock it.
/// </summary>
internal static unsafe class RunLock
{
    /// <param name="folder">The run folder.</param>
    public static string FileOf(string folder) => Path.Combine(folder, "agent.lock");

    /// <summary>Takes it. False where another process has it; that of a folder that is missing, or cannot be written to, is nobody's.</summary>
    public static bool TryTake(string folder)
    {
        const uint ownerAlone = 0x180; // 0600
        int descriptor;
        fixed (byte* path = PathBytes.Of(FileOf(folder)))
        {
            descriptor = Libc.Open(path, OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.NoFollow | OpenFlags.CloseOnExec, ownerAlone);
        }

        if (descriptor < 0 || LinuxCalls.FileLock(descriptor, LinuxCalls.LockExclusive | LinuxCalls.LockNonBlocking) == 0)
        {
            // Left open: with the descriptor goes the lock.
            return true;
        }

        bool isTaken = Marshal.GetLastPInvokeError() == Errno.TryAgain;
        _ = Libc.Close(descriptor);
        return !isTaken;
    }

    /// <summary>The same, waiting for the other process to end. Looks ten times a second: only a start comes here.</summary>
    public static bool TryTakeWithin(TimeSpan span, string folder)
    {
        const int pause = 100;
        for (int left = (int)span.TotalMilliseconds / pause; left > 0; left--)
        {
            Thread.Sleep(pause);
            if (TryTake(folder))
            {
                return true;
            }
        }

        return false;
    }
}
