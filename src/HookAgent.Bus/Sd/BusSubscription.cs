using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace HookAgent.Bus.Sd;

/// <summary>
/// Signals this connection asked for. Dispose it to hear no more, not even whether it was installed; the
/// connection's own end does so too.
/// </summary>
public sealed class BusSubscription : IDisposable
{
    private readonly Match _match;

    internal BusSubscription(Match match) => _match = match;

    public void Dispose() => _match.Release();

    internal sealed class Match(
        BusConnection owner,
        string? onlySender,
        Action<BusMessage> seen,
        Action<BusReply>? installed)
        : BusSlot(owner)
    {
        private Action<BusReply>? _owedInstalled = installed;

        internal override void AnswerLost()
        {
            if (!IsReleased)
            {
                Installed(BusReply.Lost);
            }
        }

        [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
        internal static int OnSignal(nint message, nint userdata, nint error)
        {
            Match match = (Match)Of(userdata);
            try
            {
                using BusMessage signal = BusMessage.Borrow(message);
                match.Seen(signal);
            }
#pragma warning disable CA1031 // Nothing may unwind into C: it is thrown again on our side.
            catch (Exception thrown)
#pragma warning restore CA1031
            {
                match.Owner.ThrowLater(thrown);
            }

            // 0: other matches, and objects, see the message as well.
            return 0;
        }

        [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
        internal static int OnInstalled(nint message, nint userdata, nint error)
        {
            Match match = (Match)Of(userdata);
            try
            {
                using BusReply reply = BusReply.From(BusMessage.Borrow(message), match.Owner.IsOpen);
                match.Installed(reply);
            }
#pragma warning disable CA1031 // Nothing may unwind into C: it is thrown again on our side.
            catch (Exception thrown)
#pragma warning restore CA1031
            {
                match.Owner.ThrowLater(thrown);
            }

            return 1;
        }

        private void Seen(BusMessage signal)
        {
            if (onlySender is null || signal.Sender == onlySender)
            {
                seen(signal);
            }
        }

        private void Installed(BusReply reply)
        {
            Action<BusReply>? owed = _owedInstalled;
            _owedInstalled = null;
            owed?.Invoke(reply);
        }
    }
}
