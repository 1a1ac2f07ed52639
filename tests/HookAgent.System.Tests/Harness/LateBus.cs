namespace HookAgent.SystemTests.Harness;

/// <summary>
/// Between the agent alone and the node's bus, from the agent's next start on: when the agent first asks who systemd is,
/// all that the bus says comes late. The hooks and hookctl use the bus itself.
/// </summary>
internal sealed class LateBus : IDisposable
{
    private const string Service = "late-bus.service";
    private const string Program = "/usr/local/libexec/late-bus";
    private const string Socket = "/run/late-bus";
    private const string Output = "/run/late-bus.said";
    private const string DropIn = $"/etc/systemd/system/{Agent.Unit}.d/90-late-bus.conf";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private readonly Node _node;

    public LateBus(Node node, int secondsLate)
    {
        _node = node;
        node.Bring(Path.Combine(AppContext.BaseDirectory, "Native", "late-bus.pl"), Program);
        node.Shell($"rm -f {Socket} {Output}; systemd-run --quiet --collect --unit={Service} --property=StandardOutput=file:{Output} perl {Program} {Socket} /run/dbus/system_bus_socket {secondsLate}");
        Await("listening");
        node.Write(DropIn, $"[Service]\nExecStart=\nExecStart=/usr/sbin/hookagentd --bus unix:path={Socket}\n");
        node.Run("systemctl", "daemon-reload");
    }

    /// <summary>Waits until the bus has become silent.</summary>
    public void AwaitSilence() => Await("held back");

    /// <summary>Waits until it has spoken again.</summary>
    public void AwaitAnswer() => Await("let go");

    public void Dispose() => _node.Shell($"rm -f {DropIn}; systemctl daemon-reload; systemctl stop {Service}; rm -f {Socket} {Output}");

    private void Await(string word) =>
        Eventually.True($"the late bus says '{word}'", s_patience, () => _node.Try("grep", "-qsx", word, Output).Succeeded);
}
