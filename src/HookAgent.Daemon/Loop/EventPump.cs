using System.Collections.Immutable;
using HookAgent.Core.Node;
using HookAgent.Core.Time;

namespace HookAgent.Daemon.Loop;

/// <summary>
/// The one writer of node state: what happens enters here, in its order, steps the machine once, and leaves as effects.
/// Whoever brings an event is not called back; an event that comes of an effect waits for its turn.
/// </summary>
internal sealed class EventPump(NodeModel start, TimeProvider clock, Action<NodeEffect> carryOut)
{
    private readonly Queue<object> _waiting = [];

    public NodeModel Model { get; private set; } = start;

    public void Add(NodeEvent happened) => _waiting.Enqueue(happened);

    /// <summary>What somebody asked for is carried out and answered in its turn, and steps the machine itself.</summary>
    public void Add(Action request) => _waiting.Enqueue(request);

    /// <summary>Takes everything that waits, and what comes of it. From the loop alone.</summary>
    public void Run()
    {
        while (_waiting.TryDequeue(out object? next))
        {
            if (next is Action request)
            {
                request();
            }
            else
            {
                Step((NodeEvent)next);
            }
        }
    }

    /// <summary>One event now, for the request that is being served.</summary>
    public void Step(NodeEvent happened)
    {
        (Model, ImmutableArray<NodeEffect> effects) = NodeMachine.Step(Model, happened, BootTime.Now(clock));
        foreach (NodeEffect effect in effects)
        {
            carryOut(effect);
        }
    }
}
