using System.Runtime.InteropServices;

namespace HookAgent.Core.Linux;

/// <summary>
/// The C library's functions that the hook and the record directory live on. Only blittable types cross, so
/// no marshalling code is made; with DirectPInvoke each call is a plain call through the PLT. Where a
/// function is marked SetLastError, <see cref="Marshal.GetLastPInvokeError"/> holds errno after a failure
/// (reading errno by a second call would see whatever the runtime did in between).
/// <para>
/// <c>open</c>, <c>openat</c> are variadic in C. Declared here with their mode argument fixed, which passes
/// it in the same register on every Linux ABI .NET runs on.
/// </para>
/// </summary>
internal static unsafe partial class Libc
{
    private const string Library = "libc";

    /// <summary>Stands for the working directory as a directory descriptor (fcntl.h).</summary>
    public const int CurrentDirectory = -100;

    [LibraryImport(Library, EntryPoint = "open", SetLastError = true)]
    public static partial int Open(byte* path, int flags, uint mode);

    [LibraryImport(Library, EntryPoint = "openat", SetLastError = true)]
    public static partial int OpenAt(int directory, byte* path, int flags, uint mode);

    [LibraryImport(Library, EntryPoint = "close")]
    public static partial int Close(int descriptor);

    [LibraryImport(Library, EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int descriptor, byte* buffer, nuint count);

    [LibraryImport(Library, EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int descriptor, byte* buffer, nuint count);

    [LibraryImport(Library, EntryPoint = "fchmod", SetLastError = true)]
    public static partial int FChMod(int descriptor, uint mode);

    [LibraryImport(Library, EntryPoint = "fsync", SetLastError = true)]
    public static partial int Synchronize(int descriptor);

    [LibraryImport(Library, EntryPoint = "rename", SetLastError = true)]
    public static partial int Rename(byte* from, byte* to);

    /// <summary>rename within open directories, with <see cref="RenameFlags"/>; in glibc since 2.28.</summary>
    [LibraryImport(Library, EntryPoint = "renameat2", SetLastError = true)]
    public static partial int RenameAt(int fromDirectory, byte* from, int toDirectory, byte* to, uint flags);

    [LibraryImport(Library, EntryPoint = "unlink", SetLastError = true)]
    public static partial int Unlink(byte* path);

    [LibraryImport(Library, EntryPoint = "unlinkat", SetLastError = true)]
    public static partial int UnlinkAt(int directory, byte* path, int flags);

    [LibraryImport(Library, EntryPoint = "statx", SetLastError = true)]
    public static partial int StatX(int directory, byte* path, int flags, uint mask, FileStatus* status);

    [LibraryImport(Library, EntryPoint = "getdents64", SetLastError = true)]
    public static partial nint GetDirectoryEntries(int directory, byte* buffer, nuint count);

    [LibraryImport(Library, EntryPoint = "clock_gettime")]
    public static partial int ClockGetTime(int clock, TimeSpec* time);

    [LibraryImport(Library, EntryPoint = "geteuid")]
    public static partial uint GetEffectiveUser();

    [LibraryImport(Library, EntryPoint = "getpid")]
    public static partial int GetPid();
}

/// <summary>Flags of renameat2(2).</summary>
internal static class RenameFlags
{
    /// <summary>RENAME_NOREPLACE: fails with EEXIST where something has the new name.</summary>
    public const uint NoReplace = 1;
}

/// <summary>struct timespec of a 64-bit C library (time.h).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TimeSpec
{
    public long Seconds;
    public long Nanoseconds;
}
