using HookAgent.Core.Linux;
using HookAgent.Core.Time;

namespace HookAgent.Hook;

/// <summary>When the hook began, which is when a job's hand-over begins.</summary>
/// <param name="BootTime">On the clock that is never set.</param>
/// <param name="UnixMicroseconds">Since 1970, UTC.</param>
internal readonly record struct Entry(BootTime BootTime, long UnixMicroseconds)
{
    private const int RealTimeClock = 0;

    public static unsafe Entry Now()
    {
        BootTime bootTime = BootClock.Now();
        TimeSpec now;
        _ = Libc.ClockGetTime(RealTimeClock, &now);
        return new Entry(bootTime, (now.Seconds * 1_000_000) + (now.Nanoseconds / 1000));
    }
}
