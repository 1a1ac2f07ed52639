using HookAgent.Bus.Tests.Harness;
using HookAgent.Bus.Wire;
using Tmds.DBus.Protocol;

namespace HookAgent.Bus.Tests.Wire;

/// <summary>Each type as libdbus writes it, by way of Python, which shares no code with ours.</summary>
public sealed class BusPropertiesTests : IClassFixture<PrivateBus>
{
    private static readonly string[] s_names =
    [
        "text", "no text", "flag", "small", "number", "texts", "no texts", "bytes", "path", "nested", "deep", "structures",
        "no structures", "dictionary", "missing",
    ];

    private readonly BusProperties _properties;

    public BusPropertiesTests(PrivateBus daemon)
    {
        using Peer peer = new(daemon, "test.properties");
        using BusConnection bus = daemon.Open();
        BusAnswer<Dictionary<string, VariantValue>> answer = bus.Call<Dictionary<string, VariantValue>>(
            new BusCall("test.properties", Peer.Path, Peer.Interface, "Properties"), TimeSpan.FromSeconds(15), BodyReaders.Properties);
        Assert.True(answer.IsSuccess, answer.How.ToString());
        _properties = new BusProperties(answer.Value);
    }

    [Fact]
    public void Each_type_is_read()
    {
        Assert.Equal("grüß \U0001F600", _properties.Text("text"));
        Assert.Equal("", _properties.Text("no text"));
        Assert.True(_properties.Flag("flag"));
        Assert.Equal(int.MinValue, _properties.SmallNumber("small"));
        Assert.Equal(ulong.MaxValue, _properties.Number("number"));
        Assert.Equal(["p", "", "q"], _properties.Texts("texts")!);
        Assert.Empty(_properties.Texts("no texts")!);
        Assert.Equal([0x00, 0xFF], _properties.Bytes("bytes")!);
        IReadOnlyList<VariantValue> structures = _properties.Structures("structures", VariantValueType.String, VariantValueType.UInt64)!;
        Assert.Equal(["in", "out"], structures.Select(structure => structure.GetItem(0).GetString()));
        Assert.Equal([5UL, 6UL], structures.Select(structure => structure.GetItem(1).GetUInt64()));
        Assert.Empty(_properties.Structures("no structures", VariantValueType.String, VariantValueType.UInt64)!);
        Assert.True(_properties.HasAny("deep"));
        Assert.False(_properties.HasAny("no structures"));
    }

    [Fact]
    public void One_that_is_missing_or_of_another_type_is_null()
    {
        Assert.Equal(["text", "no text"], s_names.Where(name => _properties.Text(name) is not null));
        Assert.Equal(["flag"], s_names.Where(name => _properties.Flag(name) is not null));
        Assert.Equal(["small"], s_names.Where(name => _properties.SmallNumber(name) is not null));
        Assert.Equal(["number"], s_names.Where(name => _properties.Number(name) is not null));
        Assert.Equal(["texts", "no texts"], s_names.Where(name => _properties.Texts(name) is not null));
        Assert.Equal(["bytes"], s_names.Where(name => _properties.Bytes(name) is not null));
        Assert.Equal(["texts", "bytes", "deep", "structures"], s_names.Where(_properties.HasAny));
        Assert.Equal(
            ["structures", "no structures"],
            s_names.Where(name => _properties.Structures(name, VariantValueType.String, VariantValueType.UInt64) is not null));
        Assert.Null(_properties.Structures("structures", VariantValueType.String));
        Assert.Null(_properties.Structures("structures", VariantValueType.UInt64, VariantValueType.UInt64));
    }
}
