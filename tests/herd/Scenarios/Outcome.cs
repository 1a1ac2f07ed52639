using HookAgent.Core.Node;
using HookAgent.Core.Time;
using HookAgent.Herd.Model;

namespace HookAgent.Herd.Scenarios;

/// <summary>What a run came to.</summary>
/// <param name="Starts">When provider starts reached the broker, in seconds from the scenario's moment.</param>
/// <param name="Lent">When nodes that are wanted were registered, likewise.</param>
/// <param name="Wanted">How many nodes are.</param>
/// <param name="MostProbes">In any second.</param>
internal sealed record Outcome(double[] Starts, double[] Lent, int Wanted, int MostProbes)
{
    private const double Share = 0.95;

    /// <summary>Provider starts at the broker in any second, not only in one that a clock begins.</summary>
    public int MostStarts => MostInASecond(Starts);

    /// <summary>When 95 % of the wanted nodes were lent; infinite where they never were.</summary>
    public double LentAfter
    {
        get
        {
            int needed = (int)Math.Ceiling(Wanted * Share);
            return Lent.Length >= needed ? Lent[needed - 1] : double.PositiveInfinity;
        }
    }

    public static Outcome Of(Cluster cluster, BootTime from)
    {
        HashSet<Node> lent = [];
        List<double> at = [];
        foreach ((BootTime registered, Node node) in cluster.Broker.Registered)
        {
            if (registered >= from && node.IsWanted && lent.Add(node))
            {
                at.Add((registered - from).TotalSeconds);
            }
        }

        return new Outcome(
            Since(cluster.Broker.Starts, from), [.. at], cluster.Nodes.Count(static node => node.IsWanted),
            MostInASecond(Since(cluster.Broker.Probes, from)));
    }

    private static double[] Since(List<BootTime> moments, BootTime from) =>
        [.. moments.Where(at => at >= from).Select(at => (at - from).TotalSeconds)];

    private static int MostInASecond(double[] moments)
    {
        int most = 0;
        for (int first = 0, next = 0; next < moments.Length; next++)
        {
            while (moments[next] - moments[first] >= 1)
            {
                first++;
            }

            most = Math.Max(most, next - first + 1);
        }

        return most;
    }
}
