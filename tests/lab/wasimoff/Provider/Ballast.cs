using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace HookAgent.Wasimoff.Provider;

/// <summary>Memory that is really there, as the real provider's is.</summary>
internal static unsafe class Ballast
{
    private const int Mebibyte = 1 << 20;
    private const int RuntimeMebibytes = 66;
    private const int WorkerMebibytes = 19;

    /// <summary>Brings the process to the size of an idle provider, and keeps it there.</summary>
    public static void TakeFor(int workers)
    {
        long missing = (RuntimeMebibytes + ((long)workers * WorkerMebibytes)) * Mebibyte - ResidentBytes();
        if (missing > 0)
        {
            Touch(NativeMemory.Alloc((nuint)missing), missing);
        }
    }

    /// <summary>What a task holds; give it back with <see cref="Release"/>.</summary>
    public static nint Hold(int mebibytes)
    {
        void* memory = NativeMemory.Alloc((nuint)mebibytes * Mebibyte);
        Touch(memory, (long)mebibytes * Mebibyte);
        return (nint)memory;
    }

    public static void Release(nint memory) => NativeMemory.Free((void*)memory);

    // A page that was never written to takes no memory.
    [MethodImpl(MethodImplOptions.NoOptimization)]
    private static void Touch(void* memory, long bytes)
    {
        for (long at = 0; at < bytes; at += Environment.SystemPageSize)
        {
            ((byte*)memory)[at] = 1;
        }
    }

    private static long ResidentBytes()
    {
        string[] pages = File.ReadAllText("/proc/self/statm").Split(' ');
        return long.Parse(pages[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize;
    }
}
