using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace HookAgent.Core.Linux;

/// <summary>The process itself: who it is, what it was given, how it ends.</summary>
internal static unsafe partial class Libc
{
    [LibraryImport(Library, EntryPoint = "geteuid")]
    public static partial uint GetEffectiveUserId();

    /// <summary>A pointer into the environment, or null. It stays good: nothing here changes the environment.</summary>
    [LibraryImport(Library, EntryPoint = "getenv")]
    public static partial byte* GetEnvironment(byte* name);

    [LibraryImport(Library, EntryPoint = "isatty")]
    public static partial int IsTerminal(int descriptor);

    /// <summary>TIOCGWINSZ of ioctl_tty(2): lines and columns first. Not 0 where the descriptor is no terminal.</summary>
    [LibraryImport(Library, EntryPoint = "ioctl")]
    public static partial int InputOutputControl(int descriptor, nuint request, ushort* size);

    /// <summary>Ends the process at once: no exit handlers, no finalizers.</summary>
    [DoesNotReturn]
    [LibraryImport(Library, EntryPoint = "_exit")]
    public static partial void Exit(int status);
}
