using HookAgent.Core.Time;

namespace HookAgent.SystemTests.Harness;

/// <summary>Waits for something to become so, and fails when it has not by a deadline.</summary>
internal static class Eventually
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    public static void True(string what, TimeSpan limit, Func<bool> probe) =>
        Get(what, limit, () => probe() ? "" : null, () => "");

    /// <summary>What <paramref name="probe"/> gives as soon as it is not null.</summary>
    public static T Get<T>(string what, TimeSpan limit, Func<T?> probe, Func<string> lastSeen)
        where T : class
    {
        BootTime deadline = BootClock.Now() + limit;
        while (true)
        {
            // Asked before the probe: what became so in time counts, however slow the probe is.
            bool last = BootClock.Now() >= deadline;
            if (probe() is { } found)
            {
                return found;
            }

            if (last)
            {
                Assert.Fail($"not within {limit.TotalSeconds:0.0} s: {what}. {lastSeen()}");
            }

            Thread.Sleep(s_pause);
        }
    }
}
