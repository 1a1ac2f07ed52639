using System.Text;
using HookAgent.Bus;
using HookAgent.Bus.Wire;
using Tmds.DBus.Protocol;

namespace HookAgent.Daemon.Bus;

/// <summary>org.freedesktop.DBus.Properties of the node: reading for everybody, writing for nobody.</summary>
internal static class NodeProperties
{
    /// <summary>False for a method that the interface does not have.</summary>
    public static bool Handle(ReceivedCall call, PublishedStatus status)
    {
        switch (call.Member)
        {
            case "Get":
                Get(call, status.Current);
                return true;
            case "GetAll":
                GetAll(call, status.Current);
                return true;
            case "Set":
                call.ReplyError(BusErrorNames.PropertyReadOnly, "all properties are read-only");
                return true;
            default:
                return false;
        }
    }

    /// <summary>Tells everybody who listens which properties changed, and to what.</summary>
    public static void EmitChanged(BusConnection connection, IReadOnlyList<NodeProperty> changed, NodeStatus status) => connection.Emit(
        NodeContract.ObjectPath, NodeContract.PropertiesInterface, "PropertiesChanged", "sa{sv}as", (ref MessageWriter body) =>
        {
            body.WriteString(NodeContract.Interface);
            WriteEntries(ref body, changed, status);
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
        else if (NodeProperty.All.FirstOrDefault(property => property.Name == name) is not { } found)
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
            call.Reply("a{sv}", (ref MessageWriter body) => WriteEntries(ref body, NodeProperty.All, status));
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

    private static void WriteEntries(ref MessageWriter body, IReadOnlyList<NodeProperty> properties, NodeStatus status)
    {
        ArrayStart entries = body.WriteDictionaryStart();
        foreach (NodeProperty property in properties)
        {
            body.WriteDictionaryEntryStart();
            body.WriteString(property.Name);
            property.Write(ref body, status);
        }

        body.WriteDictionaryEnd(entries);
    }
}
