namespace HookAgent.SystemTests.Authorisation;

/// <summary>The agent's bus interface as shell lines, for whoever is to try them.</summary>
internal static class NodeBus
{
    private const string Destination = "org.hookagent.Node1 /org/hookagent/Node1";
    private const string Properties = "org.freedesktop.DBus.Properties";

    /// <summary>Answers after all that was sent before it by others has been dealt with: the agent is one loop.</summary>
    public const string Look = $"busctl call {Destination} {Properties} GetAll s org.hookagent.Node1";

    public const string SetState = $"busctl set-property {Destination} org.hookagent.Node1 State s lending";

    public const string OwnName = "busctl call org.freedesktop.DBus /org/freedesktop/DBus org.freedesktop.DBus RequestName su org.hookagent.Node1 4";

    /// <summary>What everybody may do.</summary>
    public static IReadOnlyList<string> Reading { get; } =
    [
        Look,
        $"busctl get-property {Destination} org.hookagent.Node1 State",
        $"busctl introspect {Destination}",
        $"busctl call {Destination} org.freedesktop.DBus.Peer Ping",
        "hookctl status",
    ];

    /// <summary>The methods that the agent itself leaves to root as well, each so that it would change something.</summary>
    public static IReadOnlyDictionary<string, string> ForRoot { get; } = new Dictionary<string, string>
    {
        ["RecordFailed"] = Call("RecordFailed s 4712"),
        ["Hold"] = Call("Hold stb mine 0 true"),
        ["Release"] = Call("Release"),
        ["Retry"] = Call("Retry"),
        ["Forget"] = Call("Forget ss 4711 7:1"),
        ["Reconciled"] = Call("Reconciled asa{ss} 0 0"),
        ["Refresh"] = Call("Refresh"),
    };

    public static string JobStarted(string job) => Call($"JobStarted s {job}");

    public static string JobEnded(string job) => Call($"JobEnded s {job}");

    public static string Call(string methodAndArguments) => $"busctl call {Destination} org.hookagent.Node1 {methodAndArguments}";
}
