using HookAgent.Bus;
using HookAgent.Bus.Sd;

namespace HookAgent.Daemon.Object;

/// <summary>org.freedesktop.DBus.Properties of the node: reading for everybody, writing for nobody.</summary>
internal static class NodeProperties
{
    /// <summary>One property: how it is written as a variant, and whether two readings agree on it.</summary>
    internal sealed record Property(string Name, Action<BusMessage, NodeStatus> Write, Func<NodeStatus, NodeStatus, bool> SameIn);

    public static IReadOnlyList<Property> All { get; } =
    [
        Text(NodeProperty.State, status => status.State),
        Text(NodeProperty.Reason, status => status.Reason),
        Number(NodeProperty.Since, status => status.Since),
        new(NodeProperty.Jobs, (message, status) => message.WriteVariantStringArray(status.Jobs), (a, b) => ReferenceEquals(a.Jobs, b.Jobs)),
        Text(NodeProperty.Unit, status => status.Unit),
        Text(NodeProperty.UnitState, status => status.UnitState),
        Text(NodeProperty.HeldBy, status => status.HeldBy),
        Text(NodeProperty.HoldReason, status => status.HoldReason),
        Number(NodeProperty.HoldUntil, status => status.HoldUntil),
        Text(NodeProperty.Version, status => status.Version),
        Number(NodeProperty.LastHandoverUSec, status => status.LastHandoverUSec),
        Number(NodeProperty.ProviderStarts, status => status.ProviderStarts),
        Number(NodeProperty.ProviderStops, status => status.ProviderStops),
        Number(NodeProperty.JobsSeen, status => status.JobsSeen),
        Number(NodeProperty.RecordsWithoutNudge, status => status.RecordsWithoutNudge),
        Number(NodeProperty.ShortLendings, status => status.ShortLendings),
        Number(NodeProperty.SecondSignals, status => status.SecondSignals),
        Number(NodeProperty.Kills, status => status.Kills),
    ];

    /// <summary>False for a method that the interface does not have.</summary>
    public static bool Handle(BusConnection connection, BusMessage call, NodeBoard board)
    {
        switch (call.Member)
        {
            case "Get":
                Get(connection, call, board.Current);
                return true;
            case "GetAll":
                GetAll(connection, call, board.Current);
                return true;
            case "Set":
                connection.ReplyErrorTo(call, BusErrorNames.PropertyReadOnly, "all properties are read-only");
                return true;
            default:
                return false;
        }
    }

    /// <summary>Tells everybody who listens which properties changed, and to what.</summary>
    public static void EmitChanged(BusConnection connection, IEnumerable<string> names, NodeStatus status)
    {
        using BusMessage signal = connection.NewSignal(NodeContract.ObjectPath, NodeContract.PropertiesInterface, "PropertiesChanged");
        signal.WriteString(NodeContract.Interface);
        WriteEntries(signal, All.Where(property => names.Contains(property.Name)), status);
        signal.WriteStringArray([]);
        connection.Send(signal);
    }

    private static void Get(BusConnection connection, BusMessage call, NodeStatus status)
    {
        if (call.Signature != "ss" || !call.TryReadString(out string? interfaceName) || !call.TryReadString(out string? name))
        {
            connection.ReplyErrorTo(call, BusErrorNames.InvalidArgs, "Get takes an interface and a property");
            return;
        }

        if (!IsOurs(interfaceName))
        {
            UnknownInterface(connection, call, interfaceName);
            return;
        }

        if (All.FirstOrDefault(property => property.Name == name) is not { } found)
        {
            connection.ReplyErrorTo(call, BusErrorNames.UnknownProperty, $"no property '{name}'");
            return;
        }

        using BusMessage reply = connection.NewReply(call);
        found.Write(reply, status);
        connection.Send(reply);
    }

    private static void GetAll(BusConnection connection, BusMessage call, NodeStatus status)
    {
        if (call.Signature != "s" || !call.TryReadString(out string? interfaceName))
        {
            connection.ReplyErrorTo(call, BusErrorNames.InvalidArgs, "GetAll takes an interface");
            return;
        }

        if (!IsOurs(interfaceName))
        {
            UnknownInterface(connection, call, interfaceName);
            return;
        }

        using BusMessage reply = connection.NewReply(call);
        WriteEntries(reply, All, status);
        connection.Send(reply);
    }

    /// <summary>The specification lets an empty name stand for every interface; there is one with properties.</summary>
    private static bool IsOurs(string interfaceName) => interfaceName.Length == 0 || interfaceName == NodeContract.Interface;

    private static void UnknownInterface(BusConnection connection, BusMessage call, string name) =>
        connection.ReplyErrorTo(call, BusErrorNames.UnknownInterface, $"no interface '{name}' with properties here");

    private static void WriteEntries(BusMessage message, IEnumerable<Property> properties, NodeStatus status)
    {
        message.OpenArray("{sv}");
        foreach (Property property in properties)
        {
            message.OpenDictEntry("sv").WriteString(property.Name);
            property.Write(message, status);
            message.Close();
        }

        message.Close();
    }

    private static Property Text(string name, Func<NodeStatus, string> of) =>
        new(name, (message, status) => message.WriteVariantString(of(status)), (a, b) => of(a) == of(b));

    private static Property Number(string name, Func<NodeStatus, ulong> of) =>
        new(name, (message, status) => message.WriteVariantUInt64(of(status)), (a, b) => of(a) == of(b));
}
