using System.Collections.Immutable;
using HookAgent.Core.Time;

namespace HookAgent.Core.Node;

/// <summary>How far the stop of a stray has gone.</summary>
public enum StrayStage
{
    /// <summary>Nothing was asked of it: no job is on the node, or what was asked is lost.</summary>
    Running,
    StopAsked,
    Killed,
}

/// <summary>
/// A running unit that is bound to the agent (BindsTo=) and is not the one it lends: that of an earlier Unit=, or one
/// that somebody else started.
/// </summary>
/// <param name="NextAt">When the next stage is due; null for one of which nothing was asked.</param>
public sealed record Stray(StrayStage Stage, BootTime? NextAt) : Unprinted
{
    public static Stray Running { get; } = new(StrayStage.Running, null);
}

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
                known = Stray.Running;
                effects.Add(new StrayFound(unit, model.Jobs.Any));
            }

            strays[unit] = known;
        }

        return model with { Strays = strays.ToImmutable() };
    }

    public static NodeModel Stop(NodeModel model, BootTime now, List<NodeEffect> effects)
    {
        if (model.Strays.IsEmpty || !model.Systemd.IsReachable)
        {
            return model;
        }

        if (!model.Jobs.Any)
        {
            return model with { Strays = FromTheBeginning(model.Strays) };
        }

        foreach ((string unit, Stray stray) in model.Strays)
        {
            if (stray.NextAt > now)
            {
                continue;
            }

            // One that is there after its SIGKILL has come back, or hangs: it is stopped once more.
            bool kill = stray.Stage is StrayStage.StopAsked;
            effects.Add(kill ? new KillStray(unit) : new StopStray(unit));
            Stray next = kill
                ? new Stray(StrayStage.Killed, now + StopEscalation.StageTime)
                : new Stray(StrayStage.StopAsked, now + model.Settings.StopGrace + StopEscalation.StageTime);
            model = model with { Strays = model.Strays.SetItem(unit, next) };
        }

        return model;
    }

    public static BootTime? NextAt(NodeModel model)
    {
        BootTime? next = null;
        foreach (Stray stray in model is { Jobs.Any: true, Systemd.IsReachable: true } ? model.Strays.Values : [])
        {
            next = next is null || stray.NextAt < next ? stray.NextAt : next;
        }

        return next;
    }

    /// <summary>None of them was asked to stop: what was asked is lost, or was for a job that has ended.</summary>
    public static ImmutableSortedDictionary<string, Stray> FromTheBeginning(ImmutableSortedDictionary<string, Stray> strays)
    {
        foreach ((string unit, Stray stray) in strays)
        {
            strays = stray == Stray.Running ? strays : strays.SetItem(unit, Stray.Running);
        }

        return strays;
    }
}
