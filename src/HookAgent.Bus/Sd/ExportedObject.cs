using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace HookAgent.Bus.Sd;

/// <summary>
/// Gets every method call to an object. True: answered, or to be answered later from a
/// <see cref="BusMessage.Keep"/> of it. False: sd-bus answers UnknownMethod.
/// </summary>
public delegate bool BusMethodHandler(BusMessage call);

internal sealed class ExportedObject(BusConnection owner, BusMethodHandler handler) : BusSlot(owner)
{
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    internal static int OnCall(nint message, nint userdata, nint error)
    {
        ExportedObject target = (ExportedObject)Of(userdata);
        try
        {
            using BusMessage call = BusMessage.Borrow(message);
            return target.Handle(call) ? 1 : 0;
        }
#pragma warning disable CA1031 // Nothing may unwind into C: it is thrown again on our side.
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            target.Owner.ThrowLater(thrown);

            // sd-bus makes an error reply of it, so that the caller does not wait for its timeout.
            return -Errno.IOError;
        }
    }

    internal override void AnswerLost()
    {
    }

    private bool Handle(BusMessage call) => handler(call);
}
