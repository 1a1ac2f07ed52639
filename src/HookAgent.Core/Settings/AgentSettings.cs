namespace HookAgent.Core.Settings;

/// <summary>
/// All that an administrator can set for a node, with the defaults an empty file gives. Every value inside one of these is
/// within its documented range: only <see cref="SettingsLoader"/> makes others than the defaults.
/// </summary>
public sealed record AgentSettings
{
    /// <summary>The settings of a node on which nobody wrote any file.</summary>
    public static AgentSettings Defaults { get; } = new();

    /// <summary>[Node] Unit=: the unit that is lent the node. A plain or instance name ending in ".service".</summary>
    public string Unit { get; init; } = "wasimoff-provider.service";

    /// <summary>
    /// [Node] RequireUnit=: the units that must all be active before the node is lent, in the form of
    /// <see cref="RequiredUnits"/>; null (written as an empty value) for none.
    /// </summary>
    public string? RequireUnit { get; init; } = "slurmd.service";

    /// <summary>[Node] IdleDelay=: how long the node has been without a job before it is lent; 0 to 1 day.</summary>
    public TimeSpan IdleDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// [Node] StartJitter=: the most that chance adds to <see cref="IdleDelay"/>, so that a cluster does not
    /// start all its providers at one moment; 0 to 1 hour.
    /// </summary>
    public TimeSpan StartJitter { get; init; } = TimeSpan.Zero;

    /// <summary>
    /// [Node] StopGrace=: how long the provider may take to stop before it is told again, and 2 s later
    /// killed; 100 ms to 1 hour.
    /// </summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// [Hook] Timeout=: how long a hook waits for bus and agent, besides <see cref="PrologWait"/>; 10 ms to
    /// 60 s. Slurm waits with it.
    /// </summary>
    public TimeSpan HookTimeout { get; init; } = HookSettings.Default.Timeout;

    /// <summary>
    /// [Hook] PrologWait=: how long a Prolog is held back until the provider is off; 0 (not at all) to 10
    /// minutes.
    /// </summary>
    public TimeSpan PrologWait { get; init; } = HookSettings.Default.PrologWait;

    /// <summary>
    /// [Metrics] TextFile=: the file for node_exporter's textfile collector, an absolute path ending in
    /// ".prom"; null (written as an empty value) for none.
    /// </summary>
    public string? MetricsTextFile { get; init; } = "/var/lib/prometheus/node-exporter/hookagent.prom";
}
