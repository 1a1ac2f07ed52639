using HookAgent.Core.Time;

namespace HookAgent.Herd.Time;

/// <summary>A clock that stands still until the next event moves it.</summary>
internal sealed class VirtualClock : TimeProvider
{
    private long _microseconds = 1_000_000_000;

    public override long TimestampFrequency => 1_000_000;

    public override long GetTimestamp() => _microseconds;

    public BootTime Now => BootTime.Now(this);

    public void MoveTo(BootTime at)
    {
        if (at < Now)
        {
            throw new ArgumentOutOfRangeException(nameof(at), "time does not go back");
        }

        _microseconds = at.Microseconds;
    }
}
