using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using HookAgent.Core.Linux;

namespace HookAgent.Bus.Wire;

/// <summary>
/// A stream socket to a bus on which nothing blocks. Not .NET's Socket, which would bring threads of its own for what the
/// caller's poll(2) does.
/// </summary>
internal sealed unsafe class BusSocket : IDisposable
{
    private const string Transport = "unix:";
    private const string PathKey = "path=";

    private BusSocket(int descriptor) => Descriptor = descriptor;

    /// <summary>What to poll; -1, which poll(2) ignores, once it is closed.</summary>
    public int Descriptor { get; private set; }

    /// <summary>
    /// Connects. False where the socket is missing, refuses, or has its backlog full (EAGAIN), or where
    /// <paramref name="address"/> is not "unix:path=…" (EINVAL): <paramref name="errno"/>, positive, tells which.
    /// </summary>
    public static bool TryConnect(string address, [NotNullWhen(true)] out BusSocket? socket, out int errno)
    {
        socket = null;
        Span<byte> name = stackalloc byte[UnixAddress.Size];
        uint length = PathOf(address) is { } path ? UnixAddress.Write(path, name) : 0;
        if (length == 0)
        {
            errno = Errno.InvalidArgument;
            return false;
        }

        int descriptor = UnixSocket.Connect(Libc.Stream, name[..(int)length], out errno);
        socket = descriptor >= 0 ? new BusSocket(descriptor) : null;
        return socket is not null;
    }

    /// <summary>How many bytes came; 0 where there are none now; -1 where no more will come.</summary>
    public int Receive(Span<byte> into)
    {
        fixed (byte* start = into)
        {
            nint count = Libc.Receive(Descriptor, start, (nuint)into.Length, Libc.NeverBlockNorSignal);
            return count switch
            {
                > 0 => (int)count,
                0 => -1,
                _ => IsForNow() ? 0 : -1,
            };
        }
    }

    /// <summary>How many bytes the socket took; 0 where it takes none now; -1 where it never will.</summary>
    public int Send(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            nint count = Libc.Send(Descriptor, start, (nuint)bytes.Length, Libc.NeverBlockNorSignal);
            return count >= 0 ? (int)count : IsForNow() ? 0 : -1;
        }
    }

    public void Dispose()
    {
        if (Descriptor >= 0)
        {
            _ = Libc.Close(Descriptor);
            Descriptor = -1;
        }
    }

    private static bool IsForNow() => Marshal.GetLastPInvokeError() is Errno.TryAgain or Errno.Interrupted;

    /// <summary>The path of an address of the D-Bus specification with this one transport; null where it is another.</summary>
    private static string? PathOf(string address)
    {
        if (!address.StartsWith(Transport, StringComparison.Ordinal) || address.Contains(';'))
        {
            return null;
        }

        foreach (string pair in address[Transport.Length..].Split(','))
        {
            if (pair.StartsWith(PathKey, StringComparison.Ordinal))
            {
                return Uri.UnescapeDataString(pair[PathKey.Length..]);
            }
        }

        return null;
    }
}
