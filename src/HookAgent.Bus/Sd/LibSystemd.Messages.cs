using System.Runtime.InteropServices;

namespace HookAgent.Bus.Sd;

// sd_bus_message_new(3), sd_bus_message_append_basic(3), sd_bus_message_open_container(3),
// sd_bus_message_read_basic(3), sd_bus_message_get_type(3), sd-bus-errors(3)
internal static unsafe partial class LibSystemd
{
    /// <summary>sd_bus_error, as sd-bus.h lays it out.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal readonly struct SdBusError
    {
        public readonly byte* Name;
        public readonly byte* Message;
        private readonly int _needFree;
    }

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int sd_bus_message_new_method_call(
        nint bus, nint* message, string destination, string path, string interfaceName, string member);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int sd_bus_message_new_signal(
        nint bus, nint* message, string path, string interfaceName, string member);

    [LibraryImport(Library)]
    internal static partial int sd_bus_message_new_method_return(nint call, nint* message);

    [LibraryImport(Library)]
    internal static partial int sd_bus_message_new_method_error(nint call, nint* message, SdBusError* error);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int sd_bus_error_set(SdBusError* error, string name, string message);

    [LibraryImport(Library)]
    internal static partial void sd_bus_error_free(SdBusError* error);

    [LibraryImport(Library)]
    internal static partial nint sd_bus_message_ref(nint message);

    [LibraryImport(Library)]
    internal static partial nint sd_bus_message_unref(nint message);

    [LibraryImport(Library)]
    internal static partial int sd_bus_message_set_auto_start(nint message, int start);

    [LibraryImport(Library)]
    internal static partial int sd_bus_message_get_expect_reply(nint message);

    [LibraryImport(Library)]
    internal static partial byte* sd_bus_message_get_signature(nint message, int complete);

    [LibraryImport(Library)]
    internal static partial byte* sd_bus_message_get_path(nint message);

    [LibraryImport(Library)]
    internal static partial byte* sd_bus_message_get_interface(nint message);

    [LibraryImport(Library)]
    internal static partial byte* sd_bus_message_get_member(nint message);

    [LibraryImport(Library)]
    internal static partial byte* sd_bus_message_get_sender(nint message);

    [LibraryImport(Library)]
    internal static partial SdBusError* sd_bus_message_get_error(nint message);

    [LibraryImport(Library)]
    internal static partial int sd_bus_message_append_basic(nint message, byte type, void* value);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int sd_bus_message_open_container(nint message, byte type, string contents);

    [LibraryImport(Library)]
    internal static partial int sd_bus_message_close_container(nint message);

    [LibraryImport(Library)]
    internal static partial int sd_bus_message_read_basic(nint message, byte type, void* value);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int sd_bus_message_enter_container(nint message, byte type, string contents);

    [LibraryImport(Library)]
    internal static partial int sd_bus_message_exit_container(nint message);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int sd_bus_message_skip(nint message, string? types);

    [LibraryImport(Library)]
    internal static partial int sd_bus_message_peek_type(nint message, byte* type, byte** contents);

    [LibraryImport(Library)]
    internal static partial int sd_bus_message_at_end(nint message, int complete);
}
