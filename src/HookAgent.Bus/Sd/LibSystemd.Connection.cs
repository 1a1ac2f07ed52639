using System.Runtime.InteropServices;

namespace HookAgent.Bus.Sd;

// sd_bus_new(3), sd_bus_set_address(3), sd_bus_start(3), sd_bus_get_fd(3), sd_bus_process(3), sd_bus_wait(3)
internal static unsafe partial class LibSystemd
{
    [LibraryImport(Library)]
    internal static partial int sd_bus_new(nint* bus);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int sd_bus_set_address(nint bus, string address);

    [LibraryImport(Library)]
    internal static partial int sd_bus_set_bus_client(nint bus, int isClient);

    [LibraryImport(Library)]
    internal static partial int sd_bus_negotiate_fds(nint bus, int accept);

    [LibraryImport(Library)]
    internal static partial int sd_bus_start(nint bus);

    [LibraryImport(Library)]
    internal static partial void sd_bus_close(nint bus);

    [LibraryImport(Library)]
    internal static partial nint sd_bus_unref(nint bus);

    [LibraryImport(Library)]
    internal static partial int sd_bus_is_open(nint bus);

    [LibraryImport(Library)]
    internal static partial int sd_bus_is_ready(nint bus);

    [LibraryImport(Library)]
    internal static partial int sd_bus_get_unique_name(nint bus, byte** name);

    [LibraryImport(Library)]
    internal static partial int sd_bus_get_fd(nint bus);

    [LibraryImport(Library)]
    internal static partial int sd_bus_get_events(nint bus);

    [LibraryImport(Library)]
    internal static partial int sd_bus_get_timeout(nint bus, ulong* monotonicUsec);

    [LibraryImport(Library)]
    internal static partial int sd_bus_process(nint bus, nint* message);

    [LibraryImport(Library)]
    internal static partial int sd_bus_wait(nint bus, ulong timeoutUsec);

    [LibraryImport(Library)]
    internal static partial int sd_bus_send(nint bus, nint message, ulong* cookie);
}
