using System.Diagnostics.CodeAnalysis;

namespace HookAgent.Bus.Sd;

/// <summary>
/// A connection to a message bus through sd-bus, for one thread: an event loop that polls
/// <see cref="Descriptor"/> (see the loop's part of this class), or a program that waits for each call.
/// </summary>
public sealed unsafe partial class BusConnection : IDisposable
{
    /// <summary>Where every systemd node has its bus. Not taken from the environment: a caller could point it elsewhere.</summary>
    public const string SystemBusAddress = "unix:path=/run/dbus/system_bus_socket";

    private readonly HashSet<BusSlot> _slots = [];
    private nint _bus;

    private BusConnection(nint bus, ulong connectDeadline)
    {
        _bus = bus;
        _connectDeadline = connectDeadline;
    }

    /// <summary>
    /// Begins to connect, and never blocks. What is sent meanwhile is queued. A bus that has not let us in
    /// after <paramref name="connectTimeout"/> counts as lost (sd-bus itself would wait 90 s).
    /// False where the socket is missing, refuses, or has its backlog full (EAGAIN), or the address is
    /// malformed (EINVAL): <paramref name="errno"/>, positive, tells which.
    /// </summary>
    public static bool TryStart(
        string address,
        TimeSpan connectTimeout,
        [NotNullWhen(true)] out BusConnection? connection,
        out int errno)
    {
        nint bus;
        SdBusException.Check(LibSystemd.sd_bus_new(&bus), "sd_bus_new");
        int result = LibSystemd.sd_bus_set_address(bus, address);
        if (result >= 0)
        {
            SdBusException.Check(LibSystemd.sd_bus_set_bus_client(bus, 1), "sd_bus_set_bus_client");

            // We take no file descriptor from anybody, so nobody can fill our table with them.
            SdBusException.Check(LibSystemd.sd_bus_negotiate_fds(bus, 0), "sd_bus_negotiate_fds");
            result = LibSystemd.sd_bus_start(bus);
        }

        if (result < 0)
        {
            LibSystemd.sd_bus_unref(bus);
            connection = null;
            errno = -result;
            return false;
        }

        ulong now = MonotonicClock.NowUsec();
        ulong patience = LibSystemd.Microseconds(connectTimeout);
        connection = new BusConnection(bus, patience > LibSystemd.Forever - now ? LibSystemd.Forever : now + patience);
        errno = 0;
        return true;
    }

    /// <summary>
    /// Connects and waits until the bus has let us in. False with the error number (errno(3), positive) where
    /// that cannot be had within <paramref name="timeout"/>: ETIMEDOUT, ECONNRESET, or as <see cref="TryStart"/>.
    /// </summary>
    public static bool TryOpen(
        string address,
        TimeSpan timeout,
        [NotNullWhen(true)] out BusConnection? connection,
        out int errno)
    {
        if (!TryStart(address, timeout, out connection, out errno))
        {
            return false;
        }

        BusConnection opening = connection;
        if (opening.RunUntil(() => opening.IsReady))
        {
            return true;
        }

        errno = opening._connectTimedOut ? Errno.TimedOut : Errno.ConnectionReset;
        opening.Dispose();
        connection = null;
        return false;
    }

    /// <summary>Whether the bus has let us in: connected, authenticated, greeted.</summary>
    public bool IsReady => _bus != 0 && LibSystemd.sd_bus_is_ready(_bus) > 0;

    /// <summary>Our name on the bus, such as ":1.7"; null until <see cref="IsReady"/>.</summary>
    public string? UniqueName
    {
        get
        {
            byte* name;
            return IsReady && LibSystemd.sd_bus_get_unique_name(_bus, &name) >= 0 ? NativeText.Read(name) : null;
        }
    }

    internal bool IsOpen => _bus != 0 && LibSystemd.sd_bus_is_open(_bus) > 0;

    private nint Bus
    {
        get
        {
            ObjectDisposedException.ThrowIf(_bus == 0, this);
            return _bus;
        }
    }

    /// <summary>
    /// Ends the connection without blocking: what the socket has not taken yet is dropped. Each call still
    /// outstanding is answered <see cref="BusOutcome.Disconnected"/>, and may not call again.
    /// </summary>
    /// <exception cref="Exception">What one of those answers threw, once all are given.</exception>
    public void Dispose()
    {
        nint bus = _bus;
        if (bus == 0)
        {
            return;
        }

        _bus = 0;
        LibSystemd.sd_bus_close(bus);
        AnswerOutstanding();
        foreach (BusSlot slot in _slots.ToArray())
        {
            slot.Release();
        }

        LibSystemd.sd_bus_unref(bus);
        ThrowCaught();
    }

    internal void Register(BusSlot slot) => _slots.Add(slot);

    internal void Unregister(BusSlot slot) => _slots.Remove(slot);
}
