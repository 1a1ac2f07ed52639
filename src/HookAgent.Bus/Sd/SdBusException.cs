namespace HookAgent.Bus.Sd;

/// <summary>
/// libsystemd refused a call that this program should not have made, or ran out of memory: a fault, never
/// the way a peer or a lost connection is told of.
/// </summary>
public sealed class SdBusException : Exception
{
    private SdBusException(string function, int errno)
        : base($"{function}: {Sd.Errno.Text(errno)}") => Errno = errno;

    /// <summary>The error number, positive (errno(3)).</summary>
    public int Errno { get; }

    /// <summary>Passes a result of libsystemd through when it is not negative.</summary>
    internal static int Check(int result, string function) =>
        result >= 0 ? result : throw new SdBusException(function, -result);
}
