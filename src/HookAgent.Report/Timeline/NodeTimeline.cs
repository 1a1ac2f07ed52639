using System.Runtime.InteropServices;
using HookAgent.Report.Events;

namespace HookAgent.Report.Timeline;

/// <summary>A time, in µs since the Epoch, in which state and reason stayed the same.</summary>
/// <param name="FirstJob">Its jobs among those of <see cref="NodeTimeline.Jobs"/>.</param>
internal readonly record struct Interval(long From, long To, ReportedState State, string Reason, int FirstJob, int JobCount)
{
    public long Length => To - From;
}

/// <summary>A job came while the node was lent.</summary>
/// <param name="At">When the provider was gone, in µs since the Epoch.</param>
/// <param name="Job">0 where the journal does not tell.</param>
/// <param name="Usec">From the Prolog's start until then.</param>
/// <param name="OverlapUsec">For how long the two may have shared the node.</param>
internal readonly record struct HandoverMark(long At, uint Job, long Usec, long OverlapUsec);

/// <summary>One node's time: intervals without gap or overlap from the span's beginning to its end, and what is counted in it.</summary>
internal sealed class NodeTimeline(ReportSpan span)
{
    public ReportSpan Span { get; } = span;

    public List<Interval> Intervals { get; } = [];

    /// <summary>The jobs of the intervals, one after the other.</summary>
    public List<uint> Jobs { get; } = [];

    /// <summary>Those of which a part lies in the span.</summary>
    public List<Lending> Lendings { get; } = [];

    /// <summary>When the provider aborted tasks.</summary>
    public List<AbortMark> Aborts { get; } = [];

    /// <summary>Of the provider's node to a job, by time.</summary>
    public List<HandoverMark> Handovers { get; } = [];

    public Figures Figures { get; } = new();

    public ReadOnlySpan<uint> JobsOf(in Interval interval) =>
        CollectionsMarshal.AsSpan(Jobs).Slice(interval.FirstJob, interval.JobCount);
}
