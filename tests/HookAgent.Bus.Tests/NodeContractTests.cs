using System.Reflection;
using System.Xml.Linq;
using HookAgent.Bus.Tests.Harness;
using HookAgent.Bus.Wire;
using Tmds.DBus.Protocol;

namespace HookAgent.Bus.Tests;

/// <summary>The document and the constants tell the same interface, and others can read the document.</summary>
public sealed class NodeContractTests(PrivateBus daemon) : IClassFixture<PrivateBus>
{
    private const string EmitsChanged = "org.freedesktop.DBus.Property.EmitsChangedSignal";

    private static readonly Dictionary<string, string> s_methods = new()
    {
        ["JobStarted"] = "s",
        ["JobEnded"] = "s",
        ["RecordFailed"] = "s",
        ["Hold"] = "stbs",
        ["Release"] = "s",
        ["Retry"] = "",
        ["Forget"] = "ss",
        ["Reconciled"] = "asa{ss}",
        ["Refresh"] = "",
    };

    /// <summary>What was published stays as it is; NodePropertyTests has the others.</summary>
    private static readonly Dictionary<string, string> s_propertiesOfOld = new()
    {
        ["State"] = "s",
        ["Reason"] = "s",
        ["Since"] = "t",
        ["Jobs"] = "as",
        ["Unit"] = "s",
        ["UnitState"] = "s",
        ["HeldBy"] = "s",
        ["HoldReason"] = "s",
        ["HoldUntil"] = "t",
        ["Version"] = "s",
        ["LastHandoverUSec"] = "t",
        ["Handovers"] = "a(tstt)",
        ["ProviderStarts"] = "t",
        ["ProviderStops"] = "t",
        ["JobsSeen"] = "t",
        ["RecordsWithoutNudge"] = "t",
        ["ShortLendings"] = "t",
        ["SecondSignals"] = "t",
        ["Kills"] = "t",
    };

    private static XElement Interface => XDocument.Parse(NodeContract.IntrospectionDocument).Root!
        .Elements("interface").Single(element => (string?)element.Attribute("name") == NodeContract.Interface);

    [Fact]
    public void The_document_has_these_methods_and_no_others() =>
        Assert.Equal(
            s_methods.OrderBy(pair => pair.Key),
            Interface.Elements("method").ToDictionary(
                method => method.Attribute("name")!.Value,
                method => string.Concat(method.Elements("arg").Select(argument =>
                {
                    Assert.Equal("in", argument.Attribute("direction")!.Value);
                    return argument.Attribute("type")!.Value;
                }))).OrderBy(pair => pair.Key));

    [Fact]
    public void The_document_has_the_properties_of_the_table_and_no_others()
    {
        Dictionary<string, string> properties = Interface.Elements("property").ToDictionary(
            property => property.Attribute("name")!.Value, property => property.Attribute("type")!.Value);
        Assert.Equal(NodeProperty.All.Select(property => (property.Name, property.Type)), properties.Select(pair => (pair.Key, pair.Value)));
        Assert.All(s_propertiesOfOld, property => Assert.Equal(property.Value, properties[property.Key]));
        Assert.All(Interface.Elements("property"), property =>
        {
            Assert.Equal("read", property.Attribute("access")!.Value);
            XElement annotation = Assert.Single(property.Elements("annotation"));
            Assert.Equal(EmitsChanged, annotation.Attribute("name")!.Value);
            string expected = property.Attribute("name")!.Value == "Version" ? "const" : "true";
            Assert.Equal(expected, annotation.Attribute("value")!.Value);
        });
    }

    [Fact]
    public void The_constants_are_the_document_s() => Assert.Equal(s_methods.Keys.Order(), Constants(typeof(NodeMethod)));

    [Fact]
    public void Each_member_is_commented_in_the_document() =>
        Assert.All(
            Interface.Elements().Where(element => element.Name.LocalName is "method" or "property"),
            element => Assert.True(element.PreviousNode is XComment, (string?)element.Attribute("name")));

    [Fact]
    public void Busctl_and_libdbus_read_it_from_the_object()
    {
        using BusConnection bus = daemon.Open();
        bus.AddObject(NodeContract.ObjectPath, call =>
        {
            if (call.Interface == NodeContract.IntrospectableInterface)
            {
                call.Reply("s", (ref MessageWriter body) => body.WriteString(NodeContract.IntrospectionDocument));
            }
            else if (call.Interface == NodeContract.PropertiesInterface && call.Member == "GetAll")
            {
                call.Reply("a{sv}", (ref MessageWriter body) => body.WriteDictionaryEnd(body.WriteDictionaryStart()));
            }
            else
            {
                return false;
            }

            return true;
        });
        string name = bus.UniqueName!;

        string table = PollLoop.During(
            () => daemon.Busctl("introspect", "--no-legend", name, NodeContract.ObjectPath, NodeContract.Interface),
            bus);
        Dictionary<string, string[]> rows = table.Split('\n')
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .ToDictionary(row => row[0].TrimStart('.'));
        Assert.All(s_methods, method =>
            Assert.Equal(["method", method.Value.Length > 0 ? method.Value : "-"], rows[method.Key][1..3]));
        Assert.All(NodeProperty.All, property =>
        {
            Assert.Equal(["property", property.Type], rows[property.Name][1..3]);
            Assert.Equal(property == NodeProperty.Version ? "const" : "emits-change", rows[property.Name][4]);
        });
        Assert.Equal(s_methods.Count + NodeProperty.All.Count, rows.Count);

        string seen = PollLoop.During(
            () => Child.Run(
                "/usr/bin/python3",
                "-c",
                "import sys, dbus, dbus._expat_introspect_parser as p\n"
                + "b = dbus.bus.BusConnection(sys.argv[1])\n"
                + "x = dbus.Interface(b.get_object(sys.argv[2], sys.argv[3], introspect=False),"
                + " 'org.freedesktop.DBus.Introspectable').Introspect()\n"
                + "print(p.process_introspection_data(x)['org.hookagent.Node1.Hold'])",
                daemon.Address,
                name,
                NodeContract.ObjectPath),
            bus);
        Assert.Equal("stbs", seen);
    }

    private static IEnumerable<string> Constants(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(field =>
        {
            Assert.Equal(field.Name, field.GetRawConstantValue());
            return field.Name;
        }).Order();
}
