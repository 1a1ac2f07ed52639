using System.Collections.Immutable;

namespace HookAgent.Daemon.State;

/// <summary>Durations counted in buckets, each of which counts all that are not above its bound.</summary>
/// <param name="Buckets">How many, one for each of <see cref="Bounds"/>.</param>
/// <param name="Count">How many in all.</param>
/// <param name="Sum">All of them together.</param>
internal sealed record DurationHistogram(ImmutableArray<ulong> Buckets, ulong Count, TimeSpan Sum)
{
    /// <summary>
    /// Zero alone counts the jobs that shared nothing with the provider. An idle provider stops within 5 to 100 ms, one
    /// that finishes its task within StopGrace, 10 s by default; with that, up to 12.5 s it was the second SIGTERM
    /// that ended it and up to 15 s SIGKILL. 15 s is also the PrologWait that rules out an overlap.
    /// </summary>
    /// <remarks>In milliseconds.</remarks>
    public static ReadOnlySpan<int> Bounds =>
        [0, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 12_500, 15_000, 30_000];

    public static DurationHistogram Empty { get; } = new(ImmutableArray.Create(new ulong[Bounds.Length]), 0, TimeSpan.Zero);

    public DurationHistogram With(TimeSpan duration)
    {
        ulong[] buckets = Buckets.AsSpan().ToArray();
        for (int i = 0; i < buckets.Length; i++)
        {
            buckets[i] += duration <= TimeSpan.FromMilliseconds(Bounds[i]) ? 1UL : 0;
        }

        return new DurationHistogram(ImmutableArray.Create(buckets), Count + 1, Sum + duration);
    }
}
