using HookAgent.Core.Time;

namespace HookAgent.Core.Node;

/// <summary>An operator wants the provider off; the newest hold replaces an older one.</summary>
public sealed record HoldAsked(Hold Hold) : NodeEvent
{
    internal override NodeModel Apply(NodeModel model, BootTime now, List<NodeEffect> effects)
    {
        effects.Add(new HoldBegan(Hold));
        return model with { Hold = Hold };
    }
}

/// <summary>An operator ends the hold, whichever it is, and the backoff: "lend this node".</summary>
/// <param name="By">Who asks, as in <see cref="Hold.By"/>.</param>
public sealed record ReleaseAsked(string By = "root") : NodeEvent
{
    internal override NodeModel Apply(NodeModel model, BootTime now, List<NodeEffect> effects)
    {
        model = model with { Backoff = model.Backoff.End() };
        if (model.Hold is null)
        {
            return model;
        }

        effects.Add(new HoldEnded(model.Hold, Expired: false, By));
        return model with { Hold = null };
    }
}

/// <summary>An operator wants a provider that keeps failing to be started now.</summary>
public sealed record RetryAsked : NodeEvent
{
    internal override NodeModel Apply(NodeModel model, BootTime now, List<NodeEffect> effects) =>
        model with { Backoff = model.Backoff.End() };
}

/// <summary>
/// systemd has read its unit files again (daemon-reload), and the units were read after it. Whose file changed is not
/// looked at: it may be that of a unit which the provider's needs, and a try too many costs less than one too late.
/// </summary>
public sealed record UnitFilesReloaded : NodeEvent
{
    internal override NodeModel Apply(NodeModel model, BootTime now, List<NodeEffect> effects) =>
        model with { Backoff = model.Backoff.End() };
}

/// <summary>New settings are in force; a delay that already runs keeps its end, and a backoff is over.</summary>
public sealed record SettingsChanged(NodeSettings Settings) : NodeEvent
{
    internal override NodeModel Apply(NodeModel model, BootTime now, List<NodeEffect> effects) =>
        model with { Settings = Settings, Backoff = model.Backoff.End() };
}
