namespace HookAgent.Bus.Sd;

/// <content>Method calls: making them, and answering those of others.</content>
public sealed unsafe partial class BusConnection
{
    /// <summary>A call to fill in and send; dispose of it after that.</summary>
    public BusMessage NewCall(string destination, string path, string interfaceName, string member)
    {
        nint message;
        SdBusException.Check(
            LibSystemd.sd_bus_message_new_method_call(Bus, &message, destination, path, interfaceName, member),
            "sd_bus_message_new_method_call");
        return new BusMessage(message);
    }

    public BusMessage NewSignal(string path, string interfaceName, string member)
    {
        nint message;
        SdBusException.Check(
            LibSystemd.sd_bus_message_new_signal(Bus, &message, path, interfaceName, member),
            "sd_bus_message_new_signal");
        return new BusMessage(message);
    }

    /// <summary>A successful answer to fill in and send.</summary>
    public BusMessage NewReply(BusMessage call)
    {
        ObjectDisposedException.ThrowIf(_bus == 0, this);
        nint message;
        SdBusException.Check(
            LibSystemd.sd_bus_message_new_method_return(call.Native, &message),
            "sd_bus_message_new_method_return");
        return new BusMessage(message);
    }

    /// <summary>
    /// Sends or queues. False where the connection is lost, which the next <see cref="Process"/> tells as well.
    /// An answer to a sender that wants none is dropped.
    /// </summary>
    public bool Send(BusMessage message)
    {
        int result = LibSystemd.sd_bus_send(Bus, message.Native, null);
        if (result < 0 && Errno.MeansLost(-result))
        {
            _lost = true;
            return false;
        }

        SdBusException.Check(result, "sd_bus_send");
        return true;
    }

    /// <summary>Answers a call that returns nothing. False as <see cref="Send"/>.</summary>
    public bool ReplyTo(BusMessage call)
    {
        using BusMessage reply = NewReply(call);
        return Send(reply);
    }

    /// <summary>Answers with an error: its D-Bus name, and a sentence for people. False as <see cref="Send"/>.</summary>
    public bool ReplyErrorTo(BusMessage call, string name, string text)
    {
        ObjectDisposedException.ThrowIf(_bus == 0, this);
        LibSystemd.SdBusError error = default;
        nint message;
        try
        {
            _ = LibSystemd.sd_bus_error_set(&error, name, text);
            SdBusException.Check(
                LibSystemd.sd_bus_message_new_method_error(call.Native, &message, &error),
                "sd_bus_message_new_method_error");
        }
        finally
        {
            LibSystemd.sd_bus_error_free(&error);
        }

        using BusMessage reply = new(message);
        return Send(reply);
    }

    /// <summary>
    /// Sends a call; <paramref name="done"/> runs exactly once, never inside this method but in a later
    /// <see cref="Process"/> or in <see cref="Dispose"/>, whatever becomes of the connection.
    /// <paramref name="timeout"/> is positive or infinite, and runs from when the connection is ready.
    /// </summary>
    public void CallAsync(BusMessage call, TimeSpan timeout, Action<BusReply> done)
    {
        nint bus = Bus;
        ulong usec = LibSystemd.Microseconds(timeout);
        PendingReply pending = new(this, done);
        nint slot = 0;
        int result = pending.Attach(
            LibSystemd.sd_bus_call_async(bus, &slot, call.Native, &PendingReply.OnReply, pending.Userdata, usec),
            slot);
        if (result < 0 && Errno.MeansLost(-result))
        {
            _lost = true;
            _unsent.Enqueue(done);
            return;
        }

        SdBusException.Check(result, "sd_bus_call_async");
    }

    /// <summary>
    /// Sends a call and waits for its answer, which the caller disposes of. Other callbacks run meanwhile;
    /// not for use inside one.
    /// </summary>
    public BusReply Call(BusMessage call, TimeSpan timeout)
    {
        BusReply? answer = null;
        CallAsync(call, timeout, reply => answer = reply.Keep());
        _ = RunUntil(() => answer is not null);

        // A lost connection has answered every call before it said so.
        return answer ?? BusReply.Lost;
    }
}
