using HookAgent.Bus.Wire;

namespace HookAgent.Daemon.Bus;

/// <summary>The calls of Prologs that are not answered yet. The machine knows them by number and says when.</summary>
internal sealed class PrologCalls
{
    /// <summary>More Prologs than a node can run at once; a caller beyond is told to go on.</summary>
    public const int Most = 4096;

    private readonly Dictionary<long, ReceivedCall> _calls = [];
    private long _last;

    public bool IsFull => _calls.Count >= Most;

    /// <summary>Keeps the call until it is answered, and gives it its number.</summary>
    public long Add(ReceivedCall call)
    {
        _calls.Add(++_last, call);
        return _last;
    }

    public void Answer(long token)
    {
        if (_calls.Remove(token, out ReceivedCall? call))
        {
            call.Reply();
        }
    }

    /// <summary>The connection is gone, and with it everybody who waited.</summary>
    public void Clear() => _calls.Clear();
}
