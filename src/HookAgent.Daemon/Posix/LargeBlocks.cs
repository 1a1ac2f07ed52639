using System.Runtime.InteropServices;

namespace HookAgent.Daemon.Posix;

/// <summary>How libc's allocator treats what libsystemd asks for while a message comes in.</summary>
internal static partial class LargeBlocks
{
    private const int MapThreshold = -3; // M_MMAP_THRESHOLD of mallopt(3)
    private const int ThresholdBytes = 256 * 1024;

    /// <summary>
    /// Gives each large block back to the kernel once it is free. Left to itself glibc raises its threshold to the
    /// size of a block that was freed, up to 32 MiB, and then keeps as much for ever (mallopt(3)).
    /// </summary>
    public static void GiveBack() => _ = MallocOption(MapThreshold, ThresholdBytes);

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int MallocOption(int option, int value);
}
