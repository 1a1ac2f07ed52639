using System.Diagnostics;
using HookAgent.Bus;
using HookAgent.Bus.Systemd;
using HookAgent.Core.Settings;
using HookAgent.Ctl.Agent;
using HookAgent.Ctl.Host;
using HookAgent.Ctl.Slurm;

namespace HookAgent.Ctl.Doctor;

/// <summary>All that the checks look at, gathered at one moment. A check only judges.</summary>
/// <param name="Root">The node's files.</param>
/// <param name="IsRoot">Whether hookctl may see everything.</param>
/// <param name="Slurmd">The slurmd of this node, as far as it can be seen.</param>
/// <param name="Slurm">What tells what Slurm goes by.</param>
/// <param name="Settings">What the settings files of hookagentd say.</param>
internal sealed record NodeFacts(
    SystemRoot Root, bool IsRoot, LocalSlurmd Slurmd, SlurmWitnesses Slurm, SettingsResult Settings)
{
    /// <summary>So many that one slow answer of a busy machine does not decide.</summary>
    private const int RoundTrips = 21;

    public const string RunDirectory = "/run/hookagent";

    public const string AgentUnit = "hookagentd.service";

    /// <summary>Where the slurm.conf is that counts; null where none was found.</summary>
    public SlurmConfLocation? Place => Slurm.Main?.Place;

    /// <summary>What that one says; null as before.</summary>
    public SlurmConf? Conf => Slurm.Main?.Conf;

    /// <summary>The files as the slurmd of that one sees them.</summary>
    public SystemRoot SlurmRoot => Slurm.Main?.Root ?? Root;

    /// <summary>The release of Slurm that runs; null where it cannot be told.</summary>
    public SlurmVersion? Version { get; init; }

    /// <summary>Why the system bus cannot be reached; null where it can.</summary>
    public string? BusProblem { get; init; }

    /// <summary>How the agent answered, or did not.</summary>
    public NodeAnswer Answer { get; init; } = new(NodeOutcome.NoBus, "", "");

    /// <summary>What the agent says; null where it does not answer.</summary>
    public NodeStatus? Status { get; init; }

    /// <summary>The median time of a message to the agent and back, in microseconds; null where there is none.</summary>
    public long? RoundTripUsec { get; init; }

    /// <summary>hookagentd's own unit, and what is lent the node; null where systemd does not answer.</summary>
    public UnitSettings? Agent { get; init; }

    public UnitSettings? Provider { get; init; }

    /// <summary>What the node is not lent without; of a pattern that nothing matches, the pattern itself.</summary>
    public IReadOnlyList<RequiredUnit> Required { get; init; } = [];

    /// <summary>What the lent unit requires and systemd cannot start: its name, and why.</summary>
    public IReadOnlyList<UnstartableUnit> Unstartable { get; init; } = [];

    /// <summary>What the shipped provider's own check came to; null where another is lent.</summary>
    public ProviderCheckResult? ProviderCheckResult { get; init; }

    /// <summary>The settings, with the defaults in place of such as cannot be used.</summary>
    public AgentSettings Set => Settings is SettingsResult.Valid valid ? valid.Settings : AgentSettings.Defaults;

    /// <summary>The unit that is lent the node: the agent's word before the files'.</summary>
    public string Unit => Status is { Unit.Length: > 0 } status ? status.Unit : Set.Unit;

    /// <summary>Whether a job is on the node: names that begin with a dot are no records.</summary>
    public bool HasRecords => Root.Glob($"{RunDirectory}/jobs/*").Count > 0;

    /// <summary>How long a Prolog may take: the hook's own deadline and what it waits for the provider.</summary>
    public TimeSpan LongestProlog => Set.HookTimeout + Set.PrologWait;

    /// <summary>What files, the slurmd processes and Slurm's own programs tell.</summary>
    public static NodeFacts OfFiles(DoctorOptions options)
    {
        SystemRoot root = new(options.Root);
        LocalSlurmd slurmd = LocalSlurmd.Find(root.Real("/proc"));
        SlurmVersion? version = options.IsThisNode ? SlurmVersion.Of(slurmd) : null;
        return new NodeFacts(
            root,
            Environment.IsPrivilegedProcess,
            slurmd,
            SlurmWitnesses.Hear(root, slurmd, options.Units(root), options.Controllers(), version),
            SettingsLoader.Load(options.Root))
        {
            Version = version,
        };
    }

    /// <summary>Gathers them from files, the slurmd process, the bus and systemd. Nothing is changed.</summary>
    public static NodeFacts Gather(DoctorOptions options)
    {
        NodeFacts facts = OfFiles(options);
        if (!AgentConnection.TryOpen(options.Bus, out AgentConnection? agent, out string? sentence))
        {
            return facts with { BusProblem = sentence };
        }

        using (agent)
        {
            facts = AskBus(facts, agent);
            return options.IsThisNode ? facts with { ProviderCheckResult = new ProviderCheckUnit("systemctl", "journalctl").Report(facts) } : facts;
        }
    }

    private static NodeFacts AskBus(NodeFacts facts, AgentConnection agent)
    {
        NodeAnswer answer = agent.Node.GetStatus(out NodeStatus? status);
        facts = facts with { Answer = answer, Status = status };
        UnitSettings? provider = agent.ReadUnit(facts.Unit);
        return facts with
        {
            RoundTripUsec = answer.IsOk ? MedianRoundTrip(agent.Node) : null,
            Agent = agent.ReadUnit(NodeFacts.AgentUnit),
            Provider = provider,
            Unstartable = [.. Unstarted(agent, provider)],
            Required = [.. RequiredUnits.Words(facts.Set.RequireUnit).SelectMany(word => ReadRequired(agent, word)).DistinctBy(static unit => unit.Name)],
        };
    }

    private static IEnumerable<RequiredUnit> ReadRequired(AgentConnection agent, string word)
    {
        IReadOnlyList<string>? names = UnitName.IsWild(word) ? agent.FindUnits(word) : [word];
        return names is null or [] ? [new RequiredUnit(word, null, Matches: names is not [])] : names.Select(name => new RequiredUnit(name, agent.ReadUnit(name)));
    }

    private static IEnumerable<UnstartableUnit> Unstarted(AgentConnection agent, UnitSettings? provider)
    {
        foreach (string name in provider is null ? [] : provider.Requires.Concat(provider.BindsTo))
        {
            if (agent.ReadUnit(name) is { LoadState: not ("loaded" or "") } required)
            {
                yield return new UnstartableUnit(name, required.LoadState);
            }
        }
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

/// <summary>A unit of RequireUnit=.</summary>
/// <param name="Name">Or a pattern, where no unit is known of it.</param>
/// <param name="Settings">Null where systemd does not answer.</param>
/// <param name="Matches">False for a pattern of whose units systemd has none.</param>
internal sealed record RequiredUnit(string Name, UnitSettings? Settings, bool Matches = true);

/// <summary>A unit that systemd cannot start.</summary>
/// <param name="LoadState">"not-found", "masked", "bad-setting", "error".</param>
internal sealed record UnstartableUnit(string Name, string LoadState);
