namespace HookAgent.Bus.Sd;

/// <summary>How a call ended.</summary>
public enum BusOutcome
{
    /// <summary>The peer returned; <see cref="BusReply.Message"/> holds what.</summary>
    Success,

    /// <summary>The peer, or the bus in its place, answered with an error.</summary>
    Error,

    /// <summary>No answer within the call's timeout, or the peer left the bus without giving one.</summary>
    NoReply,

    /// <summary>The connection was lost, or was never made; the call may or may not have been carried out.</summary>
    Disconnected,
}

/// <summary>
/// The answer to a call. Dispose the answer of a synchronous call; the one that is handed to a callback is
/// taken back when the callback returns.
/// </summary>
public readonly struct BusReply : IDisposable
{
    private readonly BusMessage? _message;

    private BusReply(BusOutcome outcome, BusMessage? message, string errorName, string errorText)
    {
        Outcome = outcome;
        _message = message;
        ErrorName = errorName;
        ErrorText = errorText;
    }

    public BusOutcome Outcome { get; }

    public bool IsSuccess => Outcome == BusOutcome.Success;

    /// <summary>The D-Bus name of the error, empty on success.</summary>
    public string ErrorName { get; }

    /// <summary>What the peer says of the error, for people; may be empty.</summary>
    public string ErrorText { get; }

    /// <summary>The returned message.</summary>
    /// <exception cref="InvalidOperationException">The call did not succeed.</exception>
    public BusMessage Message =>
        _message ?? throw new InvalidOperationException($"no message in a reply of outcome {Outcome}");

    public void Dispose() => _message?.Dispose();

    public override string ToString() => IsSuccess ? "success" : $"{ErrorName}: {ErrorText}";

    internal static BusReply Lost { get; } =
        new(BusOutcome.Disconnected, null, BusErrorNames.Disconnected, "connection to the bus lost");

    /// <summary>Reads what sd-bus gives a reply handler; takes the message over.</summary>
    internal static unsafe BusReply From(BusMessage message, bool connectionIsOpen)
    {
        LibSystemd.SdBusError* error = LibSystemd.sd_bus_message_get_error(message.Native);
        if (error is null)
        {
            return new BusReply(BusOutcome.Success, message, "", "");
        }

        string name = NativeText.Read(error->Name) ?? "";
        string text = NativeText.Read(error->Message) ?? "";
        message.Dispose();

        // sd-bus answers what is outstanding on a connection that closes with NoReply too.
        if (!connectionIsOpen)
        {
            return Lost;
        }

        return new BusReply(name == BusErrorNames.NoReply ? BusOutcome.NoReply : BusOutcome.Error, null, name, text);
    }

    /// <summary>The same answer with a reference of its own, for use after the callback.</summary>
    internal BusReply Keep() => new(Outcome, _message?.Keep(), ErrorName, ErrorText);
}
