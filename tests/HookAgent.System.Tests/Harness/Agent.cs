namespace HookAgent.SystemTests.Harness;

/// <summary>hookagentd on a node: its settings, its status, its records.</summary>
internal sealed class Agent(Node node)
{
    public const string Unit = "hookagentd.service";
    public const string Records = "/run/hookagent/jobs";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    public IReadOnlyList<string> RecordedJobs => node.List(Records);

    /// <summary>Null while it does not answer.</summary>
    public NodeStatus? Status()
    {
        CommandResult said = node.Try("hookctl", "status", "--json");
        return said.Succeeded ? NodeStatus.Parse(said.Output) : null;
    }

    public NodeStatus WaitFor(string state, string reason, TimeSpan? patience = null)
    {
        NodeStatus? seen = null;
        return Eventually.Get(
            $"the node is {state} ({reason})",
            patience ?? s_patience,
            () => (seen = Status()) is { } status && status.Is(state, reason) ? status : null,
            () => $"It is {seen?.ToString() ?? "not to be asked"}.");
    }

    public NodeStatus WaitUntilLent(TimeSpan? patience = null) => WaitFor("lending", "running", patience);

    public void Set(string settings) => node.Write("/etc/hookagent/hookagent.conf.d/test.conf", settings);

    public void Start() => node.Run("systemctl", "start", Unit);

    /// <summary>Stops it, and its provider with it, however that one takes a SIGTERM.</summary>
    public void Stop()
    {
        node.Shell($"systemctl stop --no-block {Unit}; systemctl kill --signal=KILL {Provider.Unit} 2>/dev/null; true");
        Eventually.True("daemon and provider are off", s_patience, () =>
            node.Try("systemctl", "is-active", Unit, Provider.Unit).Lines.All(state => state is "inactive" or "failed"));
        node.Shell($"systemctl reset-failed {Unit} {Provider.Unit} 2>/dev/null; true");
    }
}
