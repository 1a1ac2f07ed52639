using System.Collections.Immutable;
using HookAgent.Core.Time;

namespace HookAgent.Core.Node;

/// <summary>
/// A running unit that is bound to the agent (BindsTo=) and is not the one it lends: that of an earlier Unit=, or one
/// that somebody else started.
/// </summary>
/// <param name="StopAskedAt">When its stop was asked for; null while no job is on the node.</param>
public sealed record Stray(BootTime? StopAskedAt, bool Killed);

/// <summary>Stops the strays beside a job. Without a job they are somebody else's business, and only told.</summary>
internal static class Strays
{
    /// <summary>The strays as systemd tells them now; what is known of one that is still there stays.</summary>
    public static NodeModel See(NodeModel model, ImmutableSortedSet<string> running, List<NodeEffect> effects)
    {
        if (running.IsEmpty && model.Strays.IsEmpty)
        {
            return model;
        }

        ImmutableSortedDictionary<string, Stray>.Builder strays = ImmutableSortedDictionary.CreateBuilder<string, Stray>();
        foreach (string unit in running)
        {
            if (!model.Strays.TryGetValue(unit, out Stray? known))
            {
                known = new Stray(null, Killed: false);
                effects.Add(new StrayFound(unit, model.HasJob));
            }

            strays[unit] = known;
        }

        return model with { Strays = strays.ToImmutable() };
    }

    public static NodeModel Stop(NodeModel model, BootTime now, List<NodeEffect> effects)
    {
        if (model.Strays.IsEmpty || !model.HasJob || model.UnreachableSince is not null)
        {
            return model;
        }

        foreach ((string unit, Stray stray) in model.Strays)
        {
            Stray next = stray switch
            {
                { StopAskedAt: null } => stray with { StopAskedAt = now },
                { Killed: false, StopAskedAt: { } asked } when asked + PatienceOf(model) <= now => stray with { Killed = true },
                _ => stray,
            };
            if (next != stray)
            {
                effects.Add(next.Killed ? new KillStray(unit) : new StopStray(unit));
                model = model with { Strays = model.Strays.SetItem(unit, next) };
            }
        }

        return model;
    }

    /// <summary>When a stray is killed that outlives its stop.</summary>
    public static BootTime? KillAt(NodeModel model) => model is { HasJob: true, UnreachableSince: null }
        ? model.Strays.Values.Where(stray => !stray.Killed).Min(stray => stray.StopAskedAt + PatienceOf(model))
        : null;

    /// <summary>As long as the provider has until its own SIGKILL; a stray gets no second SIGTERM.</summary>
    private static TimeSpan PatienceOf(NodeModel model) => model.Settings.StopGrace + StopLadder.RungTime;
}
