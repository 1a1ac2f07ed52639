using System.Runtime.InteropServices;

namespace HookAgent.Bus.Sd;

/// <summary>The error numbers of errno(3) this binding decides on; the same on every Linux of ours.</summary>
internal static class Errno
{
    internal const int IOError = 5;
    internal const int InvalidArgument = 22;
    internal const int BrokenPipe = 32;
    internal const int NoBufferSpace = 105;
    internal const int ConnectionAborted = 103;
    internal const int ConnectionReset = 104;
    internal const int NotConnected = 107;
    internal const int Shutdown = 108;
    internal const int TimedOut = 110;

    /// <summary>
    /// Whether a send that failed with this number (positive) tells that the connection is of no more use.
    /// A full queue counts: a bus that reads nothing for 384k messages is gone.
    /// </summary>
    internal static bool MeansLost(int errno) => errno
        is BrokenPipe or NoBufferSpace or ConnectionAborted or ConnectionReset or NotConnected or Shutdown;

    internal static string Text(int errno) => Marshal.GetPInvokeErrorMessage(errno);
}
