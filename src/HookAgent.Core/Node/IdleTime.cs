using HookAgent.Core.Time;

namespace HookAgent.Core.Node;

/// <summary>Whether slurmstepd processes were scanned for before the node is lent.</summary>
public enum StepScan
{
    NotAsked,
    Asked,
    Done,
}

/// <summary>How far an idle node is on its way to be lent.</summary>
/// <param name="JitterState">State of the generator that spreads the starts of a cluster; seeded once per agent.</param>
public sealed record IdleTime(ulong JitterState) : Unprinted
{
    /// <summary>When the idle delay of this idle stretch is, or was, over; null while the provider must be off.</summary>
    public BootTime? DelayEndsAt { get; init; }

    public StepScan Scan { get; init; }

    /// <summary>With the delay begun: IdleDelay and a share of StartJitter.</summary>
    internal IdleTime Begun(NodeSettings settings, BootTime now)
    {
        IdleTime drawn = Drawn(out double share);
        return drawn with { DelayEndsAt = now + settings.IdleDelay + (settings.StartJitter * share) };
    }

    /// <param name="share">From 0 to below 1.</param>
    internal IdleTime Drawn(out double share)
    {
        // splitmix64: the starts of a cluster whose jobs end together spread out.
        ulong state = JitterState + 0x9E3779B97F4A7C15;
        ulong mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        mixed ^= mixed >> 31;
        share = (mixed >> 11) * (1.0 / (1UL << 53));
        return this with { JitterState = state };
    }
}
