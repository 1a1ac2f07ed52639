namespace HookAgent.Bus;

/// <content>
/// The table of what the agent tells. The agent publishes by it, hookctl reads by it and writes its counters as JSON by it, the
/// metrics of the counters come from it, and tests compare org.hookagent.Node1.xml and the manual pages with it. So a new
/// counter is a row here, and the line in the agent that counts. Metrics that are no property: <see cref="NodeMetric"/>.
/// </content>
public abstract partial class NodeProperty
{
    private static readonly List<NodeProperty> s_all = [];
    private static readonly List<NodeCounter> s_counters = [];

    /// <summary>All of them, in the order in which they go over the bus.</summary>
    public static IReadOnlyList<NodeProperty> All => s_all;

    public static IReadOnlyList<NodeCounter> Counters => s_counters;

    public static NodeProperty State { get; } = Text(
        "State", "state", status => status.State, (status, value) => status with { State = value },
        "The node's state: busy, settling, lending, reclaiming, held, failed or unknown.");

    public static NodeProperty Reason { get; } = Text(
        "Reason", "reason", status => status.Reason, (status, value) => status with { Reason = value },
        "Why the node is in that state: one stable word.");

    public static NodeProperty Since { get; } = Number(
        "Since", "since", status => status.Since, (status, value) => status with { Since = value },
        "When the node entered that state.");

    public static NodeProperty Jobs { get; } = Add(new JobsMember("jobs", "The jobs on the node, by number."));

    public static NodeProperty Unit { get; } = Text(
        "Unit", "unit", status => status.Unit, (status, value) => status with { Unit = value },
        "The provider's unit.");

    public static NodeProperty UnitState { get; } = Text(
        "UnitState", "unit_state", status => status.UnitState, (status, value) => status with { UnitState = value },
        "The unit's ActiveState, as systemd last told it; empty while systemd cannot be asked.");

    public static NodeProperty HeldBy { get; } = Text(
        "HeldBy", "hold.by", status => status.HeldBy, (status, value) => status with { HeldBy = value },
        "Who holds the node: operator, hand-stopped, or empty for nobody.");

    public static NodeProperty HoldReason { get; } = Text(
        "HoldReason", "hold.reason", status => status.HoldReason, (status, value) => status with { HoldReason = value },
        "Why the node is held, in the operator's words.");

    public static NodeProperty HoldUntil { get; } = Number(
        "HoldUntil", "hold.until", status => status.HoldUntil, (status, value) => status with { HoldUntil = value },
        "When the hold ends by itself; 0 for no end, or no hold.");

    public static NodeProperty Version { get; } = Text(
        "Version", "version", status => status.Version, (status, value) => status with { Version = value },
        "The agent's version.");

    public static NodeProperty LastHandoverUSec { get; } = Number(
        "LastHandoverUSec", "last_handover_usec", status => status.LastHandoverUSec, (status, value) => status with { LastHandoverUSec = value },
        "How long the last handover took, in microseconds; 0 before the first.");

    public static NodeProperty Handovers { get; } = Add(new HandoversMember(
        "handovers", "The last ten handovers of this boot, the newest first."));

    public static NodeCounter ProviderStarts { get; } = Counter(
        "ProviderStarts", "provider_starts", "provider_starts_total", "Starts of the provider that the agent asked systemd for.");

    public static NodeCounter ProviderStops { get; } = Counter(
        "ProviderStops", "provider_stops", null, "Stops of the provider that the agent asked systemd for, once they are over.");

    public static NodeCounter JobsSeen { get; } = Counter(
        "JobsSeen", "jobs_seen", "jobs_seen_total", "Jobs that came to the node.");

    public static NodeCounter RecordsWithoutNudge { get; } = Counter(
        "RecordsWithoutNudge", "records_without_nudge", "records_without_nudge_total", "Jobs whose Prolog did not reach the agent, which saw their record.");

    public static NodeCounter ShortLendings { get; } = Counter(
        "ShortLendings", "short_lendings", "provider_short_lendings_total",
        "Lendings that the agent ended within 2 s of the provider being up, or before it was up.");

    public static NodeCounter SecondSignals { get; } = Counter(
        "SecondSignals", "second_signals", null, "Stops that outlasted StopGrace= and needed a second SIGTERM.");

    public static NodeCounter Kills { get; } = Counter(
        "Kills", "kills", null, "Stops that needed SIGKILL.");

    public static NodeProperty LastProlog { get; } = Number(
        "LastProlog", "last_prolog.at", status => status.LastProlog, (status, value) => status with { LastProlog = value },
        "When the hook last called as Prolog, since the agent started; 0 for not yet.");

    public static NodeProperty LastPrologJob { get; } = Text(
        "LastPrologJob", "last_prolog.job", status => status.LastPrologJob, (status, value) => status with { LastPrologJob = value },
        "For which job that was; empty for none.");

    public static NodeProperty LastEpilog { get; } = Number(
        "LastEpilog", "last_epilog.at", status => status.LastEpilog, (status, value) => status with { LastEpilog = value },
        "When the hook last called as Epilog, since the agent started; 0 for not yet.");

    public static NodeProperty LastEpilogJob { get; } = Text(
        "LastEpilogJob", "last_epilog.job", status => status.LastEpilogJob, (status, value) => status with { LastEpilogJob = value },
        "For which job that was; empty for none.");

    public static NodeProperty HoldUser { get; } = Text(
        "HoldUser", "hold.user", status => status.HoldUser, (status, value) => status with { HoldUser = value },
        "Who asked for the hold, such as \"root (sudo: alice)\"; empty where nobody is known.");

    public static NodeProperty HoldSince { get; } = Number(
        "HoldSince", "hold.since", status => status.HoldSince, (status, value) => status with { HoldSince = value },
        "When the hold began; 0 for no hold, or where that is not known.");

    public static NodeProperty NextStart { get; } = Number(
        "NextStart", "next_start", status => status.NextStart, (status, value) => status with { NextStart = value },
        "When the agent starts the provider next, by IdleDelay= or after a failure; 0 where nothing waits for a time.");

    public static NodeProperty RequireUnit { get; } = Text(
        "RequireUnit", "require_unit", status => status.RequireUnit, (status, value) => status with { RequireUnit = value },
        "The units that RequireUnit= names, separated by spaces; empty for none.");

    public static NodeProperty SettingsRefused { get; } = Text(
        "SettingsRefused", "settings_refused", status => status.SettingsRefused, (status, value) => status with { SettingsRefused = value },
        "Why the last reload refused the settings, so that the old ones are in force; empty where it did not.");

    public static NodeProperty HoldPersistent { get; } = Add(new FlagMember(
        "HoldPersistent", "hold.persistent", "Whether the hold outlasts a reboot.", status => status.HoldPersistent, (status, value) => status with { HoldPersistent = value }));

    private static TextMember Text(
        string name, string key, Func<NodeStatus, string> get, Func<NodeStatus, string, NodeStatus> with, string sentence) =>
        Add(new TextMember(name, key, sentence, get, with));

    private static NumberMember Number(
        string name, string key, Func<NodeStatus, ulong> get, Func<NodeStatus, ulong, NodeStatus> with, string sentence) =>
        Add(new NumberMember(name, key, sentence, get, with));

    private static NodeCounter Counter(string name, string key, string? metric, string sentence)
    {
        NodeCounter counter = Add(new NodeCounter(s_counters.Count, name, key, metric, sentence));
        s_counters.Add(counter);
        return counter;
    }

    private static T Add<T>(T row)
        where T : NodeProperty
    {
        s_all.Add(row);
        return row;
    }
}
