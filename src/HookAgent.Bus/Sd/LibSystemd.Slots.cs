using System.Runtime.InteropServices;

namespace HookAgent.Bus.Sd;

// sd_bus_call_async(3), sd_bus_add_match_async(3), sd_bus_add_object(3), sd_bus_slot_ref(3).
// A handler is int (*)(sd_bus_message *m, void *userdata, sd_bus_error *ret_error).
internal static unsafe partial class LibSystemd
{
    [LibraryImport(Library)]
    internal static partial int sd_bus_call_async(
        nint bus,
        nint* slot,
        nint message,
        delegate* unmanaged[Cdecl]<nint, nint, nint, int> handler,
        nint userdata,
        ulong timeoutUsec);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int sd_bus_add_match_async(
        nint bus,
        nint* slot,
        string rule,
        delegate* unmanaged[Cdecl]<nint, nint, nint, int> seen,
        delegate* unmanaged[Cdecl]<nint, nint, nint, int> installed,
        nint userdata);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int sd_bus_add_object(
        nint bus,
        nint* slot,
        string path,
        delegate* unmanaged[Cdecl]<nint, nint, nint, int> handler,
        nint userdata);

    [LibraryImport(Library)]
    internal static partial nint sd_bus_slot_unref(nint slot);
}
