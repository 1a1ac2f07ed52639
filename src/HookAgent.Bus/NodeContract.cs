using System.Text;

namespace HookAgent.Bus;

/// <summary>
/// The names of the agent's bus interface. What they mean, with units, ranges and errors, is told once, in
/// org.hookagent.Node1.xml beside this file.
/// </summary>
public static class NodeContract
{
    /// <summary>Root's name: the hooks', the operators'. The bus lets nobody else send to its owner.</summary>
    public const string BusName = "org.hookagent.Node1";

    /// <summary>Everybody's: the same object, to be read alone, on a connection of its own, so that no reader holds up a job.</summary>
    public const string StatusName = "org.hookagent.Status1";

    public const string ObjectPath = "/org/hookagent/Node1";
    public const string Interface = "org.hookagent.Node1";

    public const string PropertiesInterface = "org.freedesktop.DBus.Properties";
    public const string IntrospectableInterface = "org.freedesktop.DBus.Introspectable";

    /// <summary>The longest reason of a hold, in UTF-16 code units.</summary>
    public const int MaxHoldReason = 200;

    /// <summary>The longest name of a user on whose behalf root calls.</summary>
    public const int MaxSudoUser = 64;

    /// <summary>Whether it may be the name of such a user.</summary>
    public static bool IsSudoUser(string name) =>
        name.Length is > 0 and <= MaxSudoUser && !name.Any(static letter => char.IsControl(letter) || char.IsWhiteSpace(letter));

    private static readonly Lazy<string> s_document = new(ReadDocument);

    /// <summary>The document the object answers to Introspect.</summary>
    public static string IntrospectionDocument => s_document.Value;

    private static string ReadDocument()
    {
        using Stream stream = typeof(NodeContract).Assembly.GetManifestResourceStream("org.hookagent.Node1.xml")
            ?? throw new InvalidOperationException("org.hookagent.Node1.xml is not embedded");
        using StreamReader reader = new(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}

/// <summary>The methods of <see cref="NodeContract.Interface"/>.</summary>
public static class NodeMethod
{
    public const string JobStarted = "JobStarted";
    public const string JobEnded = "JobEnded";
    public const string RecordFailed = "RecordFailed";
    public const string Hold = "Hold";
    public const string Release = "Release";
    public const string Retry = "Retry";
    public const string Forget = "Forget";
    public const string Reconciled = "Reconciled";
    public const string Refresh = "Refresh";
}
