namespace HookAgent.Report.Timeline;

/// <summary>The time that a report is about, in µs since the Epoch; <paramref name="To"/> is not before <paramref name="From"/>.</summary>
internal readonly record struct ReportSpan(long From, long To)
{
    public long Length => To - From;

    public bool Holds(long time) => time >= From && time <= To;
}
