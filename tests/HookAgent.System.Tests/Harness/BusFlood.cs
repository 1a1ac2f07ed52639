using System.Globalization;

namespace HookAgent.SystemTests.Harness;

/// <summary>An ordinary user of the node who calls over many connections to the bus without a pause, until it is disposed of.</summary>
internal sealed class BusFlood : IDisposable
{
    private const string Service = "bus-flood.service";
    private const string Output = "/run/bus-flood.said";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private readonly Node _node;

    /// <param name="call">A name on the bus, an object's path, an interface, its method, an argument if it takes one, and how its answers are dealt with.</param>
    public BusFlood(Node node, int connections, params string[] call)
    {
        _node = node;
        const int mostSeconds = 60;
        string program = NativeProgram.Bring(node, "bus-flood");
        node.Run(
        [
            "systemd-run", "--quiet", "--collect", $"--unit={Service}", "--uid=alice", $"--property=StandardOutput=file:{Output}",
            program, "/run/dbus/system_bus_socket", connections.ToString(CultureInfo.InvariantCulture), mostSeconds.ToString(CultureInfo.InvariantCulture), .. call,
        ]);
        Eventually.True("the flood has begun", s_patience, () => node.Try("grep", "-qsx", "flooding", Output).Succeeded);
    }

    /// <summary>Ends it; how many calls were sent and answered.</summary>
    public string End()
    {
        _node.Try("systemctl", "stop", Service);
        return _node.Read(Output).Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];
    }

    public void Dispose() => _node.Shell($"systemctl stop {Service} 2>/dev/null; rm -f {Output}");
}
