using HookAgent.Core.Time;

namespace HookAgent.Core.Node;

/// <summary>
/// Something that happened. An event says what it changes in the facts; what follows from the facts is
/// decided in one place, <see cref="NodeMachine"/>, the same way after every event.
/// </summary>
public abstract record NodeEvent : Unprinted
{
    /// <summary>The model with this event's facts in it; what is to be told about them goes to <paramref name="effects"/>.</summary>
    internal abstract NodeModel Apply(NodeModel model, BootTime now, List<NodeEffect> effects);
}

/// <summary>Time passed: a deadline may be due.</summary>
public sealed record TimePassed : NodeEvent
{
    internal override NodeModel Apply(NodeModel model, BootTime now, List<NodeEffect> effects) => model;
}
