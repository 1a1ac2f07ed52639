using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace HookAgent.Bus.Sd;

/// <summary>A call that waits for its answer, and gets exactly one.</summary>
internal sealed class PendingReply(BusConnection owner, Action<BusReply> done) : BusSlot(owner)
{
    internal override void AnswerLost()
    {
        if (!IsReleased)
        {
            Release();
            done(BusReply.Lost);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    internal static int OnReply(nint message, nint userdata, nint error)
    {
        PendingReply call = (PendingReply)Of(userdata);
        try
        {
            using BusReply reply = BusReply.From(BusMessage.Borrow(message), call.Owner.IsOpen);
            call.Release();
            call.Answer(reply);
        }
#pragma warning disable CA1031 // Nothing may unwind into C: it is thrown again on our side.
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            call.Owner.ThrowLater(thrown);
        }

        return 1;
    }

    private void Answer(BusReply reply) => done(reply);
}
