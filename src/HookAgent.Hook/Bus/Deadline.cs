using HookAgent.Core.Jobs;
using HookAgent.Core.Linux;
using HookAgent.Core.Settings;
using HookAgent.Core.Time;

namespace HookAgent.Hook.Bus;

/// <summary>The moment by which the hook ends. Computed once, so that no number of small waits adds up past it.</summary>
internal readonly record struct Deadline(BootTime At)
{
    /// <summary>A hook's deadline counts from its beginning; a Prolog may wait for the hand-over too.</summary>
    public static Deadline Of(SlurmScript script, BootTime entered, HookSettings settings) =>
        new(entered + settings.Timeout + (script == SlurmScript.Prolog ? settings.PrologWait : TimeSpan.Zero));

    /// <summary>What is left, in microseconds; 0 when it has passed.</summary>
    public long MicrosecondsLeft() => Math.Max(0, At.Microseconds - BootClock.Now().Microseconds);

    /// <summary>The same in milliseconds for poll(2), rounded up, so that the last wait is not a busy one.</summary>
    public int MillisecondsLeft() => (int)Math.Min(int.MaxValue, (MicrosecondsLeft() + 999) / 1000);

    /// <summary>
    /// Waits so long, at most until the deadline; false when no such time is left after it. A call that the deadline cuts
    /// short would tell less than the one before: that the bus is silent, of one that answered a moment ago.
    /// </summary>
    public unsafe bool Pause(int milliseconds)
    {
        _ = Libc.Poll(null, 0, Math.Min(milliseconds, MillisecondsLeft()));
        return MillisecondsLeft() > milliseconds;
    }
}
