namespace HookAgent.Bus.Sd;

/// <summary>
/// The functions of libsystemd this project calls, by concern in the other parts of this class. They return
/// a negative errno on failure and are never variadic: the C calling convention of variadic functions cannot
/// be expressed in a P/Invoke.
/// </summary>
internal static unsafe partial class LibSystemd
{
    /// <summary>
    /// The run-time name, so that the package without development files suffices. NativeLibsystemd.props
    /// spells it the same way when it links the executables.
    /// </summary>
    private const string Library = "libsystemd.so.0";

    /// <summary>"For ever", where libsystemd takes microseconds.</summary>
    internal const ulong Forever = ulong.MaxValue;

    /// <summary>Microseconds as libsystemd takes them; <see cref="Timeout.InfiniteTimeSpan"/> is for ever.</summary>
    internal static ulong Microseconds(TimeSpan span)
    {
        if (span == Timeout.InfiniteTimeSpan)
        {
            return Forever;
        }

        // sd-bus reads 0 as "the default of 25 s".
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(span, TimeSpan.Zero);
        return Math.Max(1, (ulong)(span.Ticks / TimeSpan.TicksPerMicrosecond));
    }
}
