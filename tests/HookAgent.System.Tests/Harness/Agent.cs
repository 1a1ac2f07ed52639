using System.Text.RegularExpressions;
using HookAgent.Core.Settings;

namespace HookAgent.SystemTests.Harness;

/// <summary>hookagentd on a node: its settings, its status, its records.</summary>
internal sealed partial class Agent(Node node)
{
    public const string Unit = "hookagentd.service";
    public const string Records = "/run/hookagent/jobs";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    public string MainPid => node.UnitProperty(Unit, "MainPID");

    /// <summary>Waits until systemd has started a new daemon after the one that was killed.</summary>
    public string NextMainPid(string last) => Eventually.Get(
        "there is a new daemon", s_patience, () => MainPid is var pid && pid != "0" && pid != last ? pid : null, () => $"It is {node.ActiveState(Unit)}.");

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

    /// <summary>How long a hook may take by the settings that were set last.</summary>
    public HookSettings HookLimits { get; private set; } = HookSettings.Default;

    public void Set(string settings)
    {
        HookLimits = new HookSettings(
            Value(settings, "Timeout", HookSettings.Default.Timeout), Value(settings, "PrologWait", HookSettings.Default.PrologWait));
        node.Write("/etc/hookagent/hookagent.conf.d/test.conf", settings);
    }

    public void Start() => node.Run("systemctl", "start", Unit);

    /// <summary>Stops it, and its provider with it, however that one takes a SIGTERM.</summary>
    public void Stop()
    {
        node.Shell($"systemctl stop --no-block {Unit}; systemctl kill --signal=KILL {Provider.Unit} 2>/dev/null; true");
        Eventually.True("daemon and provider are off", s_patience, () =>
            node.Try("systemctl", "is-active", Unit, Provider.Unit).Lines.All(state => state is "inactive" or "failed"));
        node.Shell($"systemctl reset-failed {Unit} {Provider.Unit} 2>/dev/null; true");
    }

    private static TimeSpan Value(string settings, string key, TimeSpan byDefault)
    {
        Match line = SettingLine().Matches(settings).LastOrDefault(line => line.Groups[1].Value == key) ?? Match.Empty;
        return line.Success && TimeSpanText.TryParse(line.Groups[2].Value, out TimeSpan value) ? value : byDefault;
    }

    [GeneratedRegex(@"^\s*(\w+)\s*=\s*(.*?)\s*$", RegexOptions.Multiline)]
    private static partial Regex SettingLine();
}
