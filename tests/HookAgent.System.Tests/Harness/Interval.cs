using HookAgent.Core.Time;

namespace HookAgent.SystemTests.Harness;

/// <summary>From one moment of CLOCK_BOOTTIME to another, which the whole machine and its nodes share.</summary>
internal readonly record struct Interval(BootTime Begin, BootTime End)
{
    public TimeSpan Length => End - Begin;

    public bool Contains(BootTime moment) => Begin <= moment && moment <= End;

    /// <summary>How long both went on; zero if they never met.</summary>
    public TimeSpan Overlap(Interval other)
    {
        BootTime begin = Begin > other.Begin ? Begin : other.Begin;
        BootTime end = End < other.End ? End : other.End;
        return begin < end ? end - begin : TimeSpan.Zero;
    }
}
