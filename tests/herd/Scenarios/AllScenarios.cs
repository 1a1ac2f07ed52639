using System.Globalization;
using HookAgent.Core.Jobs;
using HookAgent.Core.Node;
using HookAgent.Core.Time;
using HookAgent.Herd.Model;

namespace HookAgent.Herd.Scenarios;

internal static class AllScenarios
{
    public static readonly Scenario[] List =
    [
        new("idle", "All nodes idle at once", StartMode.Shipped, IsTimed: true, AllIdle),
        new("reservation", "A reservation of all nodes ends", StartMode.Shipped, IsTimed: true, ReservationEnds),
        new("restart", "Broker restarted, away 2 s", StartMode.Shipped, IsTimed: true, static cluster => BrokerAway(cluster, 2)),
        new("outage", "Broker away for 5 min", StartMode.Shipped, IsTimed: true, static cluster => BrokerAway(cluster, 300)),
        new("quick", "Broker back before a probe", StartMode.Shipped, IsTimed: true, static cluster => BrokerAway(cluster, 0.005)),
        new("no-probe", "Broker away 30 s, no probe", StartMode.NoProbe, IsTimed: false, static cluster => BrokerAway(cluster, 30)),
        new("release", "A hold of half the nodes ends", StartMode.Shipped, IsTimed: true, HoldEnds),
        new("drain", "Half resumed, hookagent-in-service", StartMode.Shipped, IsTimed: false, DrainEnds),
    ];

    private static JobId Job(int number) =>
        JobId.TryParse(number.ToString(CultureInfo.InvariantCulture), out JobId job) ? job : throw new ArgumentException("no job id", nameof(number));

    private static BootTime AllIdle(Cluster cluster)
    {
        RunJobEverywhere(cluster);
        BootTime from = cluster.Now;
        foreach (Node node in cluster.Nodes)
        {
            node.JobEnds(Job(1));
        }

        return from;
    }

    /// <summary>
    /// Jobs of all sizes are ended within two seconds. The queue's next ones get a third of the nodes within half a minute,
    /// and keep them: starts that were under way are for nothing.
    /// </summary>
    private static BootTime ReservationEnds(Cluster cluster)
    {
        RunJobEverywhere(cluster);
        BootTime from = cluster.Now;
        foreach (Node node in cluster.Nodes)
        {
            cluster.After(2 * cluster.Random.NextDouble(), () => node.JobEnds(Job(1)));
            if (node.Number % 3 == 0)
            {
                node.IsWanted = false;
                cluster.After(3 + (27 * cluster.Random.NextDouble()), () => node.JobStarts(Job(2)));
            }
        }

        return from;
    }

    private static BootTime BrokerAway(Cluster cluster, double seconds)
    {
        cluster.LendAll();
        cluster.Broker.GoDown();
        cluster.Run(seconds);
        cluster.Broker.ComeUp();
        return cluster.Now;
    }

    /// <summary>The nodes of even number are held for ten minutes, as a roll-out or a health check does it, and released at once.</summary>
    private static BootTime HoldEnds(Cluster cluster)
    {
        cluster.LendAll();
        Node[] half = Half(cluster);
        foreach (Node node in half)
        {
            node.Feed(new HoldAsked(new Hold(HoldKind.Operator, "root", "drain", null, null, Persistent: false)));
        }

        cluster.Run(600);
        BootTime from = cluster.Now;
        foreach (Node node in half)
        {
            node.Feed(new ReleaseAsked());
        }

        return from;
    }

    /// <summary>
    /// The nodes of even number are drained while a job is on them, and resumed a quarter of an hour after its end: until then the
    /// unit's ExecCondition= refuses each start.
    /// </summary>
    private static BootTime DrainEnds(Cluster cluster)
    {
        Node[] half = Half(cluster);
        foreach (Node node in cluster.Nodes)
        {
            node.Unit.HasCondition = true;
            node.Unit.MayStart = node.Number % 2 != 0;
        }

        RunJobEverywhere(cluster);
        foreach (Node node in cluster.Nodes)
        {
            node.JobEnds(Job(1));
        }

        cluster.Run(900);
        foreach (Node node in half)
        {
            node.Unit.MayStart = true;
        }

        return cluster.Now;
    }

    private static Node[] Half(Cluster cluster)
    {
        foreach (Node node in cluster.Nodes)
        {
            node.IsWanted = node.Number % 2 == 0;
        }

        return [.. cluster.Nodes.Where(static node => node.IsWanted)];
    }

    private static void RunJobEverywhere(Cluster cluster)
    {
        foreach (Node node in cluster.Nodes)
        {
            node.JobStarts(Job(1));
            node.Boot();
        }

        cluster.Run(60);
    }
}
