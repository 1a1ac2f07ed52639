using System.Diagnostics;
using System.Text.Json.Nodes;

namespace HookAgent.Daemon.Tests.Harness;

/// <summary>Peers/systemd1.py: systemd on the bus, and the order of what it was asked and of what the agent said.</summary>
internal sealed class FakeSystemd : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    private readonly Child _child;
    private readonly Func<string> _story;
    private readonly List<string> _changed = [];

    public FakeSystemd(string address, string provider, Func<string> story)
    {
        _story = story;
        _child = Child.Peer("systemd1.py", address, provider);
        Assert.Equal("ready", _child.ReadLine());
    }

    public string Story => _child.Story;

    /// <summary>How often it was asked for the state of units, as far as its lines were read.</summary>
    public int Reads { get; private set; }

    /// <summary>What the agent said in its PropertiesChanged, as far as the lines were read.</summary>
    public IReadOnlyList<JsonObject> Changes => [.. _changed.Select(json => JsonNode.Parse(json)!.AsObject())];

    /// <summary>Gives a command and waits until it was carried out; what happened before it may be expected later.</summary>
    public void Tell(string command)
    {
        int before = Count($"did {command}");
        _child.WriteLine(command);
        Stopwatch watch = Stopwatch.StartNew();
        while (Count($"did {command}") == before)
        {
            Assert.True(watch.Elapsed < s_patience, $"'{command}' was not carried out\n{_story()}");
            Thread.Sleep(2);
        }
    }

    /// <summary>The next things that happen are these, in this order and with nothing in between.</summary>
    public void Expect(params string[] lines)
    {
        foreach (string line in lines)
        {
            string next = Next();
            Assert.True(line == next, $"expected: {line}\nhappened: {next}\n{_story()}");
        }
    }

    /// <summary>Takes what happens up to this line.</summary>
    public IReadOnlyList<string> Until(string line)
    {
        List<string> taken = [];
        do
        {
            taken.Add(Next());
        }
        while (taken[^1] != line);

        return taken;
    }

    public void Kill() => _child.Kill();

    public void Dispose() => _child.Dispose();

    private int Count(string line) => _child.Story.Split('\n').Count(seen => seen == line);

    /// <summary>The next line that belongs to the order: not how often units were read, nor which properties came along.</summary>
    private string Next()
    {
        while (true)
        {
            string line;
            try
            {
                line = _child.ReadLine();
            }
            catch (TimeoutException)
            {
                throw new TimeoutException($"nothing more happened\n{_story()}");
            }

            if (line == "read")
            {
                Reads++;
            }
            else if (line.StartsWith("changed ", StringComparison.Ordinal))
            {
                _changed.Add(line["changed ".Length..]);
            }
            else if (!line.StartsWith("did ", StringComparison.Ordinal))
            {
                return line;
            }
        }
    }
}
