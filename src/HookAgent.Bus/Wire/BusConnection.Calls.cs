using Tmds.DBus.Protocol;

namespace HookAgent.Bus.Wire;

/// <content>Method calls and signals of ours.</content>
public sealed partial class BusConnection
{
    /// <summary>
    /// Sends a call; <paramref name="done"/> runs exactly once, never inside this method but in a later
    /// <see cref="Process"/> or in <see cref="Dispose"/>, whatever becomes of the connection.
    /// <paramref name="timeout"/> is positive or infinite, and runs from when the connection is ready.
    /// </summary>
    public void CallAsync<T>(BusCall call, TimeSpan timeout, BodyReader<T> read, Action<BusAnswer<T>> done) =>
        Begin(call, timeout, new PendingCall<T>(read, done));

    /// <summary>Sends a call of which only counts how it ends, as the other.</summary>
    public void CallAsync(BusCall call, TimeSpan timeout, Action<BusAnswer> done) => Begin(call, timeout, new PendingCallOnly(done));

    /// <summary>
    /// Sends a call and waits for its answer. Other callbacks run meanwhile; not for use inside one.
    /// </summary>
    public BusAnswer<T> Call<T>(BusCall call, TimeSpan timeout, BodyReader<T> read)
    {
        BusAnswer<T>? answer = null;
        CallAsync(call, timeout, read, given => answer = given);
        _ = RunUntil(() => answer is not null);

        // A lost connection has answered every call before it said so.
        return answer ?? new BusAnswer<T>(BusAnswer.Lost, default!);
    }

    public BusAnswer Call(BusCall call, TimeSpan timeout)
    {
        BusAnswer? answer = null;
        CallAsync(call, timeout, given => answer = given);
        _ = RunUntil(() => answer is not null);
        return answer ?? BusAnswer.Lost;
    }

    /// <summary>Sends a signal to whoever listens; nothing where the connection is lost or not made yet.</summary>
    public void Emit(string path, string interfaceName, string member, string signature, BodyWriter write)
    {
        MessageBuffer? signal = NewMessage((ref MessageWriter message) =>
        {
            message.WriteSignalHeader(null, path, interfaceName, member, signature);
            write(ref message);
        });
        if (signal is not null)
        {
            Send(signal);
        }
    }

    /// <summary>A message of ours, whole; null where there is nobody to send it to.</summary>
    internal MessageBuffer? NewMessage(BodyWriter write)
    {
        if (!IsReady)
        {
            return null;
        }

        MessageWriter writer = _connection.GetMessageWriter();
        try
        {
            write(ref writer);
            return writer.CreateMessage();
        }
        finally
        {
            writer.Dispose();
        }
    }

    internal void Send(MessageBuffer message) => _connection.TrySendMessage(message);

    private void Begin(BusCall call, TimeSpan timeout, PendingCall pending)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_lost || _greeted)
        {
            Carry(call, timeout, pending);
        }
        else
        {
            _early.Enqueue(() => Carry(call, timeout, pending));
        }
    }

    private void Carry(BusCall call, TimeSpan timeout, PendingCall pending)
    {
        MessageBuffer? message = NewMessage((ref MessageWriter writer) =>
        {
            writer.WriteMethodCallHeader(
                call.Destination, call.Path, call.Interface, call.Member, call.Signature.Length > 0 ? call.Signature : null, MessageFlags.NoAutoStart);
            call.Write?.Invoke(ref writer);
        });
        if (message is null)
        {
            _unsent.Enqueue(pending);
            return;
        }

        ulong deadline = MonotonicClock.After(timeout);
        if (deadline != MonotonicClock.Never)
        {
            _deadlines.Enqueue(pending, deadline);
        }

        _outstanding.Add(pending);
        _ = SendCallAsync(message, pending);
    }

    private async Task SendCallAsync(MessageBuffer message, PendingCall pending)
    {
        BusAnswer how;
        try
        {
            how = await _connection.CallMethodAsync(message, static (Message reply, object? state) => ((PendingCall)state!).Read(reply), pending).ConfigureAwait(false);
        }
        catch (DBusErrorReplyException error)
        {
            how = BusAnswer.OfError(error.ErrorName, error.ErrorMessage);
        }
        catch (Exception lost) when (lost is DBusExceptionBase or ObjectDisposedException)
        {
            how = BusAnswer.Lost;
        }
#pragma warning disable CA1031 // None is expected; the call is answered, and Process tells of it.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            ThrowLater(fault);
            how = BusAnswer.Lost;
        }

        _outstanding.Remove(pending);
        if (pending.IsAnswered)
        {
            _givenUp--;
            return;
        }

        Guarded(() => pending.Answer(how));
    }
}
