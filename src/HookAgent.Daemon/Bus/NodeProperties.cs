using System.Text;
using HookAgent.Bus;
using HookAgent.Bus.Wire;
using Tmds.DBus.Protocol;

namespace HookAgent.Daemon.Bus;

/// <summary>org.freedesktop.DBus.Properties of the node: reading for everybody, writing for nobody.</summary>
internal static class NodeProperties
{
    /// <summary>One property: how it is written as a variant, and whether two readings agree on it.</summary>
    internal sealed record Property(string Name, PropertyWriter Write, Func<NodeStatus, NodeStatus, bool> SameIn);

    internal delegate void PropertyWriter(ref MessageWriter body, NodeStatus status);

    public static IReadOnlyList<Property> All { get; } =
    [
        Text(NodeProperty.State, status => status.State),
        Text(NodeProperty.Reason, status => status.Reason),
        Number(NodeProperty.Since, status => status.Since),
        new(NodeProperty.Jobs, static (ref MessageWriter body, NodeStatus status) => WriteTexts(ref body, status.Jobs), (a, b) => ReferenceEquals(a.Jobs, b.Jobs)),
        Text(NodeProperty.Unit, status => status.Unit),
        Text(NodeProperty.UnitState, status => status.UnitState),
        Text(NodeProperty.HeldBy, status => status.HeldBy),
        Text(NodeProperty.HoldReason, status => status.HoldReason),
        Number(NodeProperty.HoldUntil, status => status.HoldUntil),
        Text(NodeProperty.Version, status => status.Version),
        Number(NodeProperty.LastHandoverUSec, status => status.LastHandoverUSec),
        new(NodeProperty.Handovers, WriteHandovers, (a, b) => ReferenceEquals(a.Handovers, b.Handovers)),
        Number(NodeProperty.ProviderStarts, status => status.ProviderStarts),
        Number(NodeProperty.ProviderStops, status => status.ProviderStops),
        Number(NodeProperty.JobsSeen, status => status.JobsSeen),
        Number(NodeProperty.RecordsWithoutNudge, status => status.RecordsWithoutNudge),
        Number(NodeProperty.ShortLendings, status => status.ShortLendings),
        Number(NodeProperty.SecondSignals, status => status.SecondSignals),
        Number(NodeProperty.Kills, status => status.Kills),
    ];

    /// <summary>False for a method that the interface does not have.</summary>
    public static bool Handle(ReceivedCall call, NodeBoard board)
    {
        switch (call.Member)
        {
            case "Get":
                Get(call, board.Current);
                return true;
            case "GetAll":
                GetAll(call, board.Current);
                return true;
            case "Set":
                call.ReplyError(BusErrorNames.PropertyReadOnly, "all properties are read-only");
                return true;
            default:
                return false;
        }
    }

    /// <summary>Tells everybody who listens which properties changed, and to what.</summary>
    public static void EmitChanged(BusConnection connection, IReadOnlyList<string> names, NodeStatus status) => connection.Emit(
        NodeContract.ObjectPath, NodeContract.PropertiesInterface, "PropertiesChanged", "sa{sv}as", (ref MessageWriter body) =>
        {
            body.WriteString(NodeContract.Interface);
            WriteEntries(ref body, All.Where(property => names.Contains(property.Name)), status);
            body.WriteArray(Array.Empty<string>());
        });

    private static void Get(ReceivedCall call, NodeStatus status)
    {
        if (call.Signature != "ss")
        {
            call.ReplyError(BusErrorNames.InvalidArgs, "Get takes an interface and a property");
            return;
        }

        Reader arguments = call.GetBodyReader();
        ReadOnlySpan<byte> interfaceName = arguments.ReadStringAsSpan();
        string name = Name(arguments.ReadStringAsSpan());
        if (!IsOurs(interfaceName))
        {
            UnknownInterface(call, interfaceName);
        }
        else if (All.FirstOrDefault(property => property.Name == name) is not { } found)
        {
            call.ReplyError(BusErrorNames.UnknownProperty, $"no property '{name}'");
        }
        else
        {
            call.Reply("v", (ref MessageWriter body) => found.Write(ref body, status));
        }
    }

    private static void GetAll(ReceivedCall call, NodeStatus status)
    {
        if (call.Signature != "s")
        {
            call.ReplyError(BusErrorNames.InvalidArgs, "GetAll takes an interface");
        }
        else if (call.GetBodyReader().ReadStringAsSpan() is var interfaceName && !IsOurs(interfaceName))
        {
            UnknownInterface(call, interfaceName);
        }
        else
        {
            call.Reply("a{sv}", (ref MessageWriter body) => WriteEntries(ref body, All, status));
        }
    }

    /// <summary>The specification lets an empty name stand for every interface; there is one with properties.</summary>
    private static bool IsOurs(ReadOnlySpan<byte> interfaceName) => interfaceName.IsEmpty || Name(interfaceName) == NodeContract.Interface;

    private static void UnknownInterface(ReceivedCall call, ReadOnlySpan<byte> name) =>
        call.ReplyError(BusErrorNames.UnknownInterface, $"no interface '{Name(name)}' with properties here");

    /// <summary>No name is longer (D-Bus specification, "Valid Names"), and anybody may send a megabyte, which is not sent back.</summary>
    private static string Name(ReadOnlySpan<byte> bytes)
    {
        const int longest = 255;
        return bytes.Length > longest ? $"{Encoding.UTF8.GetString(bytes[..longest])}…" : Encoding.UTF8.GetString(bytes);
    }

    private static void WriteEntries(ref MessageWriter body, IEnumerable<Property> properties, NodeStatus status)
    {
        ArrayStart entries = body.WriteDictionaryStart();
        foreach (Property property in properties)
        {
            body.WriteDictionaryEntryStart();
            body.WriteString(property.Name);
            property.Write(ref body, status);
        }

        body.WriteDictionaryEnd(entries);
    }

    private static void WriteTexts(ref MessageWriter body, IEnumerable<string> texts)
    {
        body.WriteSignature("as");
        body.WriteArray(texts);
    }

    private static void WriteHandovers(ref MessageWriter body, NodeStatus status)
    {
        body.WriteSignature("a(tstt)");
        ArrayStart handovers = body.WriteArrayStart(DBusType.Struct);
        foreach (NodeHandover handover in status.Handovers)
        {
            body.WriteStructureStart();
            body.WriteUInt64(handover.At);
            body.WriteString(handover.JobId);
            body.WriteUInt64(handover.Usec);
            body.WriteUInt64(handover.OverlapUsec);
        }

        body.WriteArrayEnd(handovers);
    }

    private static Property Text(string name, Func<NodeStatus, string> of) =>
        new(name, (ref MessageWriter body, NodeStatus status) => body.WriteVariantString(of(status)), (a, b) => of(a) == of(b));

    private static Property Number(string name, Func<NodeStatus, ulong> of) =>
        new(name, (ref MessageWriter body, NodeStatus status) => body.WriteVariantUInt64(of(status)), (a, b) => of(a) == of(b));
}
