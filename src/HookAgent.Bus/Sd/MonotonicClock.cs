namespace HookAgent.Bus.Sd;

/// <summary>CLOCK_MONOTONIC, the clock of sd-bus's deadlines and of sd_notify's reloads; .NET reads the same.</summary>
internal static class MonotonicClock
{
    internal static ulong NowUsec() =>
        (ulong)((Int128)TimeProvider.System.GetTimestamp() * 1_000_000 / TimeProvider.System.TimestampFrequency);
}
