using System.Collections.Immutable;
using HookAgent.Core.Node;
using HookAgent.Core.Time;

namespace HookAgent.Daemon.Loop;

/// <summary>
/// The one writer of node state: takes events in their order, steps the machine, and has its effects carried
/// out. An event that comes of an effect waits for its turn.
/// </summary>
internal sealed class EventPump(NodeModel start, TimeProvider clock, Action<NodeEffect> carryOut)
{
    private readonly Queue<NodeEvent> _waiting = [];
    private bool _pumping;

    public NodeModel Model { get; private set; } = start;

    public void Dispatch(NodeEvent happened)
    {
        _waiting.Enqueue(happened);
        if (_pumping)
        {
            return;
        }

        _pumping = true;
        try
        {
            while (_waiting.TryDequeue(out NodeEvent? next))
            {
                (Model, ImmutableArray<NodeEffect> effects) = NodeMachine.Step(Model, next, BootTime.Now(clock));
                foreach (NodeEffect effect in effects)
                {
                    carryOut(effect);
                }
            }
        }
        finally
        {
            _pumping = false;
        }
    }
}
