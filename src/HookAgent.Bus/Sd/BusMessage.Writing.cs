using System.Runtime.InteropServices.Marshalling;

namespace HookAgent.Bus.Sd;

/// <content>
/// Writing a body, in order. A value that D-Bus cannot carry (a NUL in a string, an invalid path, a container
/// left open) is a fault of this program and throws.
/// </content>
public sealed unsafe partial class BusMessage
{
    public BusMessage WriteString(string value) => WriteText((byte)'s', value);

    public BusMessage WriteObjectPath(string path) => WriteText((byte)'o', path);

    public BusMessage WriteBool(bool value)
    {
        int wire = value ? 1 : 0;
        return WriteBasic((byte)'b', &wire);
    }

    public BusMessage WriteInt32(int value) => WriteBasic((byte)'i', &value);

    public BusMessage WriteUInt32(uint value) => WriteBasic((byte)'u', &value);

    public BusMessage WriteUInt64(ulong value) => WriteBasic((byte)'t', &value);

    /// <summary>Opens an array of <paramref name="element"/>, such as "s" or "{sv}".</summary>
    public BusMessage OpenArray(string element) => Open((byte)'a', element);

    public BusMessage OpenVariant(string contents) => Open((byte)'v', contents);

    public BusMessage OpenStruct(string contents) => Open((byte)'r', contents);

    /// <summary>Opens an entry of a dictionary, whose <see cref="OpenArray"/> named it in braces.</summary>
    public BusMessage OpenDictEntry(string contents) => Open((byte)'e', contents);

    public BusMessage Close()
    {
        SdBusException.Check(LibSystemd.sd_bus_message_close_container(Native), "sd_bus_message_close_container");
        return this;
    }

    /// <summary>Writes an "as".</summary>
    public BusMessage WriteStringArray(IEnumerable<string> values)
    {
        OpenArray("s");
        foreach (string value in values)
        {
            WriteString(value);
        }

        return Close();
    }

    private BusMessage Open(byte type, string contents)
    {
        SdBusException.Check(
            LibSystemd.sd_bus_message_open_container(Native, type, contents),
            "sd_bus_message_open_container");
        return this;
    }

    private BusMessage WriteText(byte type, string value)
    {
        if (value.Contains('\0'))
        {
            throw new ArgumentException("D-Bus cannot carry a NUL in a string", nameof(value));
        }

        scoped Utf8StringMarshaller.ManagedToUnmanagedIn utf8 = default;
        try
        {
            utf8.FromManaged(value, stackalloc byte[Utf8StringMarshaller.ManagedToUnmanagedIn.BufferSize]);
            return WriteBasic(type, utf8.ToUnmanaged());
        }
        finally
        {
            utf8.Free();
        }
    }

    private BusMessage WriteBasic(byte type, void* value)
    {
        SdBusException.Check(
            LibSystemd.sd_bus_message_append_basic(Native, type, value),
            "sd_bus_message_append_basic");
        return this;
    }
}
