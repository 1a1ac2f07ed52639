using System.Runtime.InteropServices;

namespace HookAgent.Bus.Sd;

// sd_notify(3), sd_watchdog_enabled(3), sd_journal_print(3)
internal static unsafe partial class LibSystemd
{
    /// <summary>struct iovec of &lt;sys/uio.h&gt;.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal readonly struct IoVector(byte* start, nuint length)
    {
        public readonly byte* Start = start;
        public readonly nuint Length = length;
    }

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int sd_notify(int unsetEnvironment, string state);

    [LibraryImport(Library)]
    internal static partial int sd_watchdog_enabled(int unsetEnvironment, ulong* usec);

    [LibraryImport(Library)]
    internal static partial int sd_journal_sendv(IoVector* fields, int count);
}
