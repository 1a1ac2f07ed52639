namespace HookAgent.SystemTests.Authorisation;

/// <summary>The agent's bus interface as shell lines, for whoever is to try them.</summary>
internal static class NodeBus
{
    private const string Destination = "org.hookagent.Node1 /org/hookagent/Node1";
    private const string Everybodys = "org.hookagent.Status1 /org/hookagent/Node1";
    private const string Properties = "org.freedesktop.DBus.Properties";

    /// <summary>Answers after all that was sent before it by others has been dealt with: the agent is one loop.</summary>
    public const string Look = $"busctl call {Everybodys} {Properties} GetAll s org.hookagent.Node1";

    /// <summary>The same by root's name, whose owner has what hooks and systemd say to the agent.</summary>
    public const string LookByRootsName = $"busctl call {Destination} {Properties} GetAll s org.hookagent.Node1";

    public const string SetState = $"busctl set-property {Destination} org.hookagent.Node1 State s lending";

    /// <summary>To take the place of the agent, and of what shows its status.</summary>
    public static IReadOnlyList<string> OwnNames { get; } = [.. ((string[])["org.hookagent.Node1", "org.hookagent.Status1"])
        .Select(name => $"busctl call org.freedesktop.DBus /org/freedesktop/DBus org.freedesktop.DBus RequestName su {name} 4")];

    /// <summary>What everybody may do.</summary>
    public static IReadOnlyList<string> Reading { get; } =
    [
        Look,
        $"busctl get-property {Everybodys} org.hookagent.Node1 State",
        $"busctl introspect {Everybodys}",
        $"busctl call {Everybodys} org.freedesktop.DBus.Peer Ping",
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

    /// <summary>A method by everybody's name, which has none.</summary>
    public const string ReleaseByStatusName = $"busctl call {Everybodys} org.hookagent.Node1 Release";

    public static string Call(string methodAndArguments) => $"busctl call {Destination} org.hookagent.Node1 {methodAndArguments}";
}
