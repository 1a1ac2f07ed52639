using HookAgent.Core.Time;

namespace HookAgent.Core.Node;

/// <summary>An operator wants the provider off; the newest hold replaces an older one.</summary>
public sealed record HoldAsked(Hold Hold) : NodeEvent
{
    internal override NodeModel Absorb(NodeModel model, BootTime now, List<NodeEffect> effects)
    {
        effects.Add(new HoldBegan(Hold));
        return model with { Hold = Hold };
    }
}

/// <summary>An operator ends the hold, whichever it is.</summary>
public sealed record ReleaseAsked : NodeEvent
{
    internal override NodeModel Absorb(NodeModel model, BootTime now, List<NodeEffect> effects)
    {
        if (model.Hold is null)
        {
            return model;
        }

        effects.Add(new HoldEnded(model.Hold, Expired: false));
        return model with { Hold = null };
    }
}
