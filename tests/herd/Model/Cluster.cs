using HookAgent.Core.Node;
using HookAgent.Core.Time;
using HookAgent.Herd.Time;

namespace HookAgent.Herd.Model;

/// <summary>What a run is of.</summary>
/// <param name="SameSeed">Every agent draws the same jitter. What the check must find out.</param>
internal sealed record Setup(int Nodes, TimeSpan StartJitter, StartMode Mode = StartMode.Shipped, bool SameSeed = false)
{
    public static readonly TimeSpan IdleDelay = TimeSpan.FromSeconds(5);
}

/// <summary>The nodes, their broker, and the time they live in. Two of the same setup do the same.</summary>
internal sealed class Cluster
{
    private readonly Agenda _agenda = new(new VirtualClock());

    public Cluster(Setup setup)
    {
        Setup = setup;
        Broker = new Broker(_agenda);
        NodeSettings settings = new(
            Setup.IdleDelay, setup.StartJitter, StopGrace: TimeSpan.FromSeconds(10), PrologWait: TimeSpan.Zero, RequiresUnit: true);
        Nodes = [.. Enumerable.Range(0, setup.Nodes).Select(number => new Node(
            _agenda, number, settings, setup.SameSeed ? 1 : (ulong)Random.NextInt64(), Broker, setup.Mode, Random))];
    }

    public Setup Setup { get; }

    public Broker Broker { get; }

    public Node[] Nodes { get; }

    /// <summary>The seed is any number: what a table says must not depend on it, and must not change by itself.</summary>
    public Random Random { get; } = new(20260101);

    public BootTime Now => _agenda.Now;

    public void After(double seconds, Action action) => _agenda.After(seconds, action);

    public void Run(double seconds) => _agenda.RunTo(Now + TimeSpan.FromSeconds(seconds));

    /// <summary>Every node is lent and registered, and has been for longer than any failure is remembered.</summary>
    public void LendAll()
    {
        foreach (Node node in Nodes)
        {
            node.Boot();
        }

        Run(Setup.StartJitter.TotalSeconds + (Nodes.Length * Broker.Registration.TotalSeconds) + 60);
        if (Nodes.FirstOrDefault(static node => node.State is not (NodeState.Lending, Reason.Running)) is { } other)
        {
            throw new InvalidOperationException($"node {other.Number} is {other.State} where all are to be lent");
        }
    }
}
