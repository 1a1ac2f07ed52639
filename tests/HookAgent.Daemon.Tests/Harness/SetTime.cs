using HookAgent.Core.Time;

namespace HookAgent.Daemon.Tests.Harness;

/// <summary>A clock that stands where it is put.</summary>
internal sealed class SetTime : TimeProvider
{
    public DateTimeOffset Calendar { get; set; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public BootTime Boot { get; set; } = new(1_000_000_000);

    public override long TimestampFrequency => 1_000_000;

    public override long GetTimestamp() => Boot.Microseconds;

    public override DateTimeOffset GetUtcNow() => Calendar;

    public void Pass(TimeSpan span)
    {
        Boot += span;
        Calendar += span;
    }
}
