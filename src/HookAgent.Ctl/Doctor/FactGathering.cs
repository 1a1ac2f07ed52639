using System.Diagnostics;
using HookAgent.Bus;
using HookAgent.Core.Settings;
using HookAgent.Ctl.Reconcile;
using HookAgent.Ctl.Slurm;

namespace HookAgent.Ctl.Doctor;

/// <summary>Gathers the facts: files, the slurmd process, the bus and systemd. Nothing is changed by it.</summary>
internal static class FactGathering
{
    /// <summary>Enough that one slow turn of a busy machine is not taken for the rule.</summary>
    private const int RoundTrips = 21;

    public static NodeFacts Gather(DoctorOptions options)
    {
        SystemRoot root = new(options.Root);
        LocalSlurmd slurmd = LocalSlurmd.Find(root.Real("/proc"));
        SlurmConfPlace? place = SlurmConfPlace.Find(root, slurmd);
        NodeFacts facts = new(
            root,
            Environment.IsPrivilegedProcess,
            slurmd,
            place,
            place is null ? null : SlurmConfReader.Read(root, place.Path),
            SettingsLoader.Load(options.Root));
        if (!DaemonLink.TryOpen(options.Bus, out DaemonLink? link, out string? sentence))
        {
            return facts with { BusProblem = sentence };
        }

        using (link)
        {
            facts = AskBus(facts, link);
            return options.Root == "/" ? facts with { ProviderReport = new ProviderCheckUnit("systemctl", "journalctl").Report(facts) } : facts;
        }
    }

    private static NodeFacts AskBus(NodeFacts facts, DaemonLink link)
    {
        NodeAnswer answer = link.Node.GetStatus(out NodeStatus? status);
        facts = facts with { Answer = answer, Status = status };
        return facts with
        {
            RoundTripUsec = answer.IsOk ? MedianRoundTrip(link.Node) : null,
            Agent = link.ReadUnit(NodeFacts.AgentUnit),
            Provider = link.ReadUnit(facts.Unit),
            Required = link.ReadUnit(facts.Set.RequireUnit ?? ""),
        };
    }

    private static long? MedianRoundTrip(NodeProxy node)
    {
        long[] took = new long[RoundTrips];
        for (int i = 0; i < took.Length; i++)
        {
            long began = Stopwatch.GetTimestamp();
            if (!node.Ping().IsOk)
            {
                return null;
            }

            took[i] = (long)Stopwatch.GetElapsedTime(began).TotalMicroseconds;
        }

        Array.Sort(took);
        return took[took.Length / 2];
    }
}
