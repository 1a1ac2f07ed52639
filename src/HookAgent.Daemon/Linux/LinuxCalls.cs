using System.Runtime.InteropServices;

namespace HookAgent.Daemon.Linux;

/// <summary>The system calls of the loop that the BCL does not offer. After a failure errno is in <see cref="Marshal.GetLastPInvokeError"/>.</summary>
internal static unsafe partial class LinuxCalls
{
    private const string Library = "libc";

    public const int ClockBootTime = 7;
    public const int TimerAbsolute = 1;

    // The same number on every architecture (asm-generic/unistd.h).
    private const int PidfdOpen = 434;

    public const int LockExclusive = 2;
    public const int LockNonBlocking = 4;

    // The same values on every architecture whose O_NONBLOCK and O_CLOEXEC are the generic ones (x86, arm64).
    public const int NonBlockingCloseOnExec = 0x800 | 0x80000;

    /// <summary>MCL_CURRENT, MCL_FUTURE and MCL_ONFAULT: a page stays once it was used, and none is fetched for that (mlockall(2)).</summary>
    private const int OncePageIsUsed = 7;

    [LibraryImport(Library, EntryPoint = "timerfd_create", SetLastError = true)]
    public static partial int TimerCreate(int clock, int flags);

    [LibraryImport(Library, EntryPoint = "timerfd_settime", SetLastError = true)]
    public static partial int TimerSet(int timer, int flags, TimerSpec* next, TimerSpec* previous);

    [LibraryImport(Library, EntryPoint = "eventfd", SetLastError = true)]
    public static partial int EventCreate(uint initial, int flags);

    [LibraryImport(Library, EntryPoint = "inotify_init1", SetLastError = true)]
    public static partial int WatchCreate(int flags);

    [LibraryImport(Library, EntryPoint = "inotify_add_watch", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int WatchAdd(int watch, string path, uint mask);

    [LibraryImport(Library, EntryPoint = "inotify_rm_watch")]
    public static partial int WatchRemove(int watch, int descriptor);

    /// <summary>pidfd_open(2), for which glibc has a name of its own only from 2.36 on.</summary>
    public static int ProcessOpen(int process) => (int)SystemCall(PidfdOpen, process, 0);

    /// <summary>
    /// Keeps in memory what the process has used there, now and later (mlockall(2)). Not where the kernel lets it have less than it
    /// may ask for (RLIMIT_MEMLOCK): beyond that it would be given no memory any more.
    /// </summary>
    public static void LockMemory()
    {
        // The same values on x86 and arm64 (asm-generic/resource.h): its soft limit comes first.
        const int lockedMemory = 8;
        const ulong infinity = ulong.MaxValue;
        ulong* limit = stackalloc ulong[2];
        if (GetLimit(lockedMemory, limit) == 0 && limit[0] == infinity)
        {
            _ = LockMemory(OncePageIsUsed);
        }
    }

    [LibraryImport(Library, EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, ulong* limit);

    [LibraryImport(Library, EntryPoint = "mlockall")]
    private static partial int LockMemory(int flags);

    /// <param name="thread">Of any process.</param>
    /// <param name="priority">struct sched_param (sched.h) is this number alone.</param>
    [LibraryImport(Library, EntryPoint = "sched_setscheduler")]
    public static partial int SetScheduler(int thread, int policy, int* priority);

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint first, nint second);

    [LibraryImport(Library, EntryPoint = "flock", SetLastError = true)]
    public static partial int FileLock(int descriptor, int operation);
}

/// <summary>struct itimerspec of a 64-bit C library (time.h).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TimerSpec
{
    public long IntervalSeconds;
    public long IntervalNanoseconds;
    public long ValueSeconds;
    public long ValueNanoseconds;
}
