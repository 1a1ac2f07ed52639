using System.Text.Json;
using System.Text.Json.Serialization;

namespace HookAgent.Tests;

/// <summary>Stands in for the daemon on a private bus, by an independent implementation of D-Bus.</summary>
internal sealed class NodeDouble : IDisposable
{
    private readonly Child _process;

    public NodeDouble(PrivateBus bus, params string[] options)
    {
        _process = Child.Peer("hookagentd.py", [bus.Address, .. options]);
        Assert.Equal("""{"ready": true}""", _process.ReadLine());
    }

    /// <summary>The next call; waits for it.</summary>
    public Call Call() => Parse(_process.ReadLine());

    /// <summary>The calls that nobody has asked for yet.</summary>
    public IReadOnlyList<Call> CallsSoFar() => [.. _process.LinesSoFar().Select(Parse)];

    /// <summary>SIGSTOP: it is there, and does nothing any more.</summary>
    public void Stop() => _process.Stop();

    public void Dispose() => _process.Dispose();

    private static Call Parse(string line) => JsonSerializer.Deserialize<Call>(line)!;
}

/// <summary>A method call as it arrived.</summary>
internal sealed record Call(
    [property: JsonPropertyName("member")] string Member,
    [property: JsonPropertyName("path")] string Path,
    [property: JsonPropertyName("interface")] string Interface,
    [property: JsonPropertyName("signature")] string Signature,
    [property: JsonPropertyName("arguments")] JsonElement[] Arguments,
    [property: JsonPropertyName("auto_start")] bool AutoStart,
    [property: JsonPropertyName("records")] string[] Records)
{
    /// <summary>The method, and its arguments as JSON.</summary>
    public string Words => $"{Member}({string.Join(", ", Arguments.Select(argument => argument.GetRawText()))})";

    /// <summary>Whether it is the call of the contract.</summary>
    public bool Is(string member, string job) =>
        Member == member && Arguments is [var argument] && argument.GetString() == job && Signature == "s" && !AutoStart
        && Path == "/org/hookagent/Node1" && Interface == "org.hookagent.Node1";
}
