using System.Collections.Immutable;
using HookAgent.Core.Node;
using HookAgent.Core.Time;
using HookAgent.Daemon.Bus;

namespace HookAgent.Daemon;

/// <summary>
/// The one writer of node state: what happens enters here, in its order, steps the machine once, and leaves as effects.
/// Whoever brings an event is not called back; an event that comes of an effect waits for its turn.
/// </summary>
/// <param name="serve">Carries out and answers what somebody asked for.</param>
internal sealed class EventPump(NodeModel start, TimeProvider clock, Action<NodeEffect> carryOut, Action<NodeRequest> serve)
{
    private readonly Queue<object> _waiting = [];

    public NodeModel Model { get; private set; } = start;

    public void Add(NodeEvent happened) => _waiting.Enqueue(happened);

    public void Add(NodeRequest request) => _waiting.Enqueue(request);

    /// <summary>Takes everything that waits, and what comes of it. From the loop alone.</summary>
    public void Run()
    {
        while (_waiting.TryDequeue(out object? next))
        {
            if (next is NodeRequest request)
            {
                serve(request);
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
