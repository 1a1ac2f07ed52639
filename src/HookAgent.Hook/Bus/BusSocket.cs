using System.Runtime.InteropServices;
using HookAgent.Core.Linux;

namespace HookAgent.Hook.Bus;

/// <summary>A connection to the bus on which nothing lasts longer than the deadline.</summary>
internal readonly unsafe struct BusSocket
{
    private readonly int _descriptor;
    private readonly Deadline _deadline;

    private BusSocket(int descriptor, Deadline deadline)
    {
        _descriptor = descriptor;
        _deadline = deadline;
    }

    /// <summary>Connects; null with the error number when that fails, ETIMEDOUT when the deadline passes over it.</summary>
    public static BusSocket? Connect(string path, Deadline deadline, out int errno)
    {
        byte* address = stackalloc byte[UnixAddress.Size];
        uint length = UnixAddress.Write(path, new Span<byte>(address, UnixAddress.Size));
        if (length == 0)
        {
            errno = Errno.NameTooLong;
            return null;
        }

        int descriptor = Open(Libc.SocketNonBlocking, address, length, out errno);
        while (errno is Errno.TryAgain or Errno.Interrupted)
        {
            // The queue of those who wait to be accepted is full, which poll(2) cannot wait for: a blocking
            // connect can, for as long as a send may take.
            long left = deadline.MicrosecondsLeft();
            if (left == 0)
            {
                errno = Errno.TimedOut;
                return null;
            }

            descriptor = Open(0, address, length, out errno, left);
        }

        return errno == 0 ? new BusSocket(descriptor, deadline) : null;
    }

    public void Close() => _ = Libc.Close(_descriptor);

    /// <summary>Sends all of it; false with the error number, which is 0 when the deadline has passed.</summary>
    public bool TrySend(ReadOnlySpan<byte> bytes, out int errno)
    {
        fixed (byte* start = bytes)
        {
            for (int sent = 0; sent < bytes.Length;)
            {
                nint count = Libc.Send(_descriptor, start + sent, (nuint)(bytes.Length - sent), Libc.NeverBlockNorSignal);
                if (count >= 0)
                {
                    sent += (int)count;
                    continue;
                }

                errno = Marshal.GetLastPInvokeError();
                if (errno == Errno.TryAgain && !Wait(PollEntry.Writable))
                {
                    errno = 0;
                    return false;
                }

                if (errno is not (Errno.TryAgain or Errno.Interrupted))
                {
                    return false;
                }
            }
        }

        errno = 0;
        return true;
    }

    /// <summary>
    /// Receives what is there, or waits for something. Returns the number of bytes, 0 when the bus has hung
    /// up, or -1 with the error number, which is 0 when the deadline has passed.
    /// </summary>
    public int Receive(Span<byte> buffer, out int errno)
    {
        while (Wait(PollEntry.Readable))
        {
            fixed (byte* start = buffer)
            {
                nint count = Libc.Receive(_descriptor, start, (nuint)buffer.Length, Libc.NeverBlockNorSignal);
                if (count >= 0)
                {
                    errno = 0;
                    return (int)count;
                }
            }

            errno = Marshal.GetLastPInvokeError();
            if (errno is not (Errno.TryAgain or Errno.Interrupted))
            {
                return -1;
            }
        }

        errno = 0;
        return -1;
    }

    /// <summary>Waits until the socket is ready or has an error, which the next call then tells; false at the deadline.</summary>
    private bool Wait(short events)
    {
        PollEntry entry = new() { Descriptor = _descriptor, Events = events };
        while (true)
        {
            int left = _deadline.MillisecondsLeft();
            int ready = Libc.Poll(&entry, 1, left);
            if (ready > 0)
            {
                return true;
            }

            if (left == 0 || (ready < 0 && Marshal.GetLastPInvokeError() != Errno.Interrupted))
            {
                return false;
            }
        }
    }

    private static int Open(int flags, byte* address, uint length, out int errno, long sendTimeout = 0)
    {
        int descriptor = Libc.Socket(Libc.UnixFamily, Libc.Stream | Libc.SocketCloseOnExec | flags, 0);
        if (descriptor < 0)
        {
            errno = Marshal.GetLastPInvokeError();
            return -1;
        }

        TimeValue limit = new() { Seconds = sendTimeout / 1_000_000, Microseconds = sendTimeout % 1_000_000 };
        bool limited = sendTimeout == 0
            || Libc.SetSocketOption(descriptor, Libc.SocketLevel, Libc.SendTimeout, &limit, (uint)sizeof(TimeValue)) == 0;
        if (limited && Libc.Connect(descriptor, address, length) == 0)
        {
            errno = 0;
            return descriptor;
        }

        errno = Marshal.GetLastPInvokeError();
        _ = Libc.Close(descriptor);
        return -1;
    }
}
