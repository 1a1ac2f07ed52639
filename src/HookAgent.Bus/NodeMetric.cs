namespace HookAgent.Bus;

/// <summary>
/// A metric of Prometheus's: the rows here are those that are no property of the bus, or more than its value; those of the counters
/// are in <see cref="NodeProperty"/>'s table. A name, once published, keeps its meaning; hookagentd(8) lists them.
/// </summary>
public sealed class NodeMetric
{
    internal const string Counter = "counter";
    private const string Gauge = "gauge";
    private const string Histogram = "histogram";

    internal NodeMetric(string name, string type, string help)
    {
        Name = name;
        Type = type;
        Help = help;
    }

    public static NodeMetric State { get; } = new("state", Gauge, "1 for the state that the node is in, 0 for the others.");

    public static NodeMetric Reason { get; } = new("state_reason", Gauge, "1, with the reason why the node is in its state.");

    public static NodeMetric Since { get; } = new("state_since_timestamp_seconds", Gauge, "When the node entered the state it is in, in seconds since 1970.");

    public static NodeMetric StateSeconds { get; } = new("state_seconds_total", Counter, "Time spent in each state until the state was left; the time since is not in it.");

    public static NodeMetric Jobs { get; } = new("jobs", Gauge, "Slurm jobs on the node.");

    public static NodeMetric StaleRecords { get; } = new("stale_records", Gauge, "Records whose job should long have ended, and of which no slurmstepd runs.");

    public static NodeMetric HookDeadlines { get; } = new("hook_deadlines_total", Counter, "Prologs whose hook had reached its deadline before the agent heard its call.");

    public static NodeMetric PrologWaitsExceeded { get; } = new("prolog_waits_exceeded_total", Counter, "Prologs that were answered while the provider still ran, because PrologWait= was over.");

    public static NodeMetric HandoverSeconds { get; } = new("handover_seconds", Histogram, "From the first instruction of a job's hook to the provider being off.");

    public static NodeMetric OverlapSeconds { get; } = new("overlap_seconds", Histogram, "How long a job that met the provider may have run beside it.");

    public static NodeMetric Stops { get; } = new("provider_stops_total", Counter, "Stops of the provider by the agent, by what it took.");

    public static NodeMetric Failures { get; } = new("provider_failures_total", Counter, "Failures of the provider to start or to stay up, by reason.");

    public static NodeMetric StartTime { get; } = new("start_time_seconds", Gauge, "When the agent started, which is when the counters began at 0, in seconds since 1970.");

    public static NodeMetric Info { get; } = new("info", Gauge, "1, with the version of the agent and the unit that the node is lent to.");

    /// <summary>Without the "hookagent_" that all begin with.</summary>
    public string Name { get; }

    /// <summary>As a TYPE line has it.</summary>
    public string Type { get; }

    /// <summary>What it tells, in a sentence: the HELP line, and the beginning of its text in hookagentd(8).</summary>
    public string Help { get; }
}
