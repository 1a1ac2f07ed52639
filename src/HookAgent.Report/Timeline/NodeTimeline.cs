using System.Runtime.InteropServices;

namespace HookAgent.Report.Timeline;

/// <summary>One node's time: intervals without gap or overlap from the span's beginning to its end, and what is counted in it.</summary>
internal sealed class NodeTimeline
{
    public List<Interval> Intervals { get; } = [];

    /// <summary>The jobs of the intervals, one after the other.</summary>
    public List<uint> Jobs { get; } = [];

    /// <summary>Those of which a part lies in the span.</summary>
    public List<Lending> Lendings { get; init; } = [];

    /// <summary>When the provider aborted tasks.</summary>
    public List<AbortMark> Aborts { get; init; } = [];

    public Figures Figures { get; } = new();

    public ReadOnlySpan<uint> JobsOf(in Interval interval) =>
        CollectionsMarshal.AsSpan(Jobs).Slice(interval.FirstJob, interval.JobCount);
}
