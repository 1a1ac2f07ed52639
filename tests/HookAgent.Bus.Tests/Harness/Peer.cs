namespace HookAgent.Bus.Tests.Harness;

/// <summary>Peers/peer.py, ready to be called and to be told what to do.</summary>
internal sealed class Peer : IDisposable
{
    public const string Path = "/peer";
    public const string Interface = "test.Peer";

    private readonly Child _child;

    public Peer(PrivateBus bus, string name)
    {
        _child = Child.Peer("peer.py", bus.Address, name);
        string[] ready = _child.ReadLine().Split(' ');
        Assert.True(ready[0] == "ready", _child.Story);
        UniqueName = ready[1];
    }

    public string UniqueName { get; }

    public void Tell(string command) => _child.WriteLine(command);

    /// <summary>Its next line, waited for.</summary>
    public string Says() => _child.ReadLine();

    public void Stop() => _child.Stop();

    public void Kill() => _child.Kill();

    public void Dispose() => _child.Dispose();
}
