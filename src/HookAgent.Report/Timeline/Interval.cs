namespace HookAgent.Report.Timeline;

/// <summary>A time, in µs since the Epoch, in which state and reason stayed the same.</summary>
/// <param name="FirstJob">Its jobs among those of <see cref="NodeTimeline.Jobs"/>.</param>
internal readonly record struct Interval(long From, long To, LaneState State, byte Reason, int FirstJob, int JobCount)
{
    public long Length => To - From;
}
