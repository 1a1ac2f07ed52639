using Tmds.DBus.Protocol;

namespace HookAgent.Bus.Wire;

/// <summary>A call that waits for its answer, and gets exactly one.</summary>
internal abstract class PendingCall
{
    public bool IsAnswered { get; private set; }

    /// <summary>Gives the answer, if none was given yet.</summary>
    public void Answer(BusAnswer how)
    {
        if (!IsAnswered)
        {
            IsAnswered = true;
            Give(how);
        }
    }

    /// <summary>Reads what a peer returned; the answer is given later.</summary>
    public abstract BusAnswer Read(Message reply);

    protected abstract void Give(BusAnswer how);
}

/// <summary>A call whose answer carries a value.</summary>
internal sealed class PendingCall<T>(BodyReader<T> read, Action<BusAnswer<T>> done) : PendingCall
{
    private T _value = default!;

    public override BusAnswer Read(Message reply)
    {
        try
        {
            return read(reply, out _value) ? BusAnswer.Success : BusAnswer.OfShape(reply.SignatureAsString);
        }
#pragma warning disable CA1031 // Not what its signature says, of which the library throws several kinds: only what is no bus passes that on.
        catch (Exception)
#pragma warning restore CA1031
        {
            return BusAnswer.OfShape($"{reply.SignatureAsString}, malformed");
        }
    }

    protected override void Give(BusAnswer how)
    {
        T value = _value;
        _value = default!; // The queue of time limits keeps the call a while longer.
        done(new BusAnswer<T>(how, value));
    }
}

/// <summary>A call whose answer says only how it ended.</summary>
internal sealed class PendingCallOnly(Action<BusAnswer> done) : PendingCall
{
    public override BusAnswer Read(Message reply) => BusAnswer.Success;

    protected override void Give(BusAnswer how) => done(how);
}
