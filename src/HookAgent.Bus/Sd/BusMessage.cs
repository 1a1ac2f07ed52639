namespace HookAgent.Bus.Sd;

/// <summary>
/// One D-Bus message: its header here, its body written and read in the other parts of this class.
/// A message given to a callback is taken back when the callback returns; <see cref="Keep"/> what is needed
/// longer. Belongs to the thread of its connection, and must be disposed of there.
/// </summary>
public sealed unsafe partial class BusMessage : IDisposable
{
    private static int s_alive;
    private nint _native;

    /// <summary>Takes over the caller's reference.</summary>
    internal BusMessage(nint native)
    {
        _native = native;
        Interlocked.Increment(ref s_alive);
    }

    /// <summary>How many are not disposed of: what the tests look at for leaks.</summary>
    internal static int Alive => Volatile.Read(ref s_alive);

    internal nint Native
    {
        get
        {
            ObjectDisposedException.ThrowIf(_native == 0, this);
            return _native;
        }
    }

    /// <summary>The unique name of the sender as the bus vouches for it; null on a message not yet sent.</summary>
    public string? Sender => NativeText.Read(LibSystemd.sd_bus_message_get_sender(Native));

    public string? Path => NativeText.Read(LibSystemd.sd_bus_message_get_path(Native));

    /// <summary>Null where the caller named none, as the specification allows it.</summary>
    public string? Interface => NativeText.Read(LibSystemd.sd_bus_message_get_interface(Native));

    public string? Member => NativeText.Read(LibSystemd.sd_bus_message_get_member(Native));

    /// <summary>The types of the whole body, "" for an empty one. Check it before reading.</summary>
    public string Signature => NativeText.Read(LibSystemd.sd_bus_message_get_signature(Native, 1)) ?? "";

    /// <summary>False for a call whose sender does not wait: an answer would be dropped.</summary>
    public bool ExpectsReply => LibSystemd.sd_bus_message_get_expect_reply(Native) > 0;

    /// <summary>A second handle on the same message, with the same read position, to be disposed of by the caller.</summary>
    public BusMessage Keep() => Borrow(Native);

    /// <summary>Asks the bus not to start the destination (NO_AUTO_START), only to deliver where it already runs.</summary>
    public BusMessage WithoutAutoStart()
    {
        SdBusException.Check(LibSystemd.sd_bus_message_set_auto_start(Native, 0), "sd_bus_message_set_auto_start");
        return this;
    }

    public void Dispose()
    {
        if (_native != 0)
        {
            LibSystemd.sd_bus_message_unref(_native);
            _native = 0;
            Interlocked.Decrement(ref s_alive);
        }
    }

    /// <summary>A handle of our own on a message that libsystemd lends us.</summary>
    internal static BusMessage Borrow(nint native) => new(LibSystemd.sd_bus_message_ref(native));
}
