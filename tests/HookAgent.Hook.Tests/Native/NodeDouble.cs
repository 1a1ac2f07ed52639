using System.Text.Json;
using System.Text.Json.Serialization;

namespace HookAgent.Hook.Tests.Native;

/// <summary>Stands in for the daemon on a private bus, by an independent implementation of D-Bus.</summary>
internal sealed class NodeDouble : IDisposable
{
    private NodeDouble(ChildProcess process) => Process = process;

    public ChildProcess Process { get; }

    public static async Task<NodeDouble> Start(PrivateBus bus, params string[] options)
    {
        string script = Path.Combine(AppContext.BaseDirectory, "Native", "node1_double.py");
        ChildProcess process = new("/usr/bin/python3", [script, bus.Address, .. options]);
        NodeDouble node = new(process);
        Assert.Equal("""{"ready": true}""", await process.Line());
        return node;
    }

    /// <summary>The next call; waits for it.</summary>
    public async Task<Call> Call() => Parse(await Process.Line());

    /// <summary>The calls that nobody has asked for yet.</summary>
    public IReadOnlyList<Call> CallsSoFar() => [.. Process.LinesSoFar().Select(Parse)];

    public void Dispose() => Process.Dispose();

    private static Call Parse(string line) => JsonSerializer.Deserialize<Call>(line)!;
}

/// <summary>A method call as it arrived.</summary>
internal sealed record Call(
    [property: JsonPropertyName("member")] string Member,
    [property: JsonPropertyName("path")] string Path,
    [property: JsonPropertyName("interface")] string Interface,
    [property: JsonPropertyName("signature")] string Signature,
    [property: JsonPropertyName("arguments")] string[] Arguments,
    [property: JsonPropertyName("auto_start")] bool AutoStart,
    [property: JsonPropertyName("records")] string[] Records)
{
    /// <summary>Whether it is the call of the contract.</summary>
    public bool Is(string member, string job) =>
        Member == member && Arguments is [var argument] && argument == job && Signature == "s" && !AutoStart
        && Path == "/org/hookagent/Node1" && Interface == "org.hookagent.Node1";
}
