namespace HookAgent.Bus.Wire;

/// <summary>How a call ended.</summary>
public enum BusOutcome
{
    /// <summary>The peer returned what was asked for.</summary>
    Success,

    /// <summary>The peer, or the bus in its place, answered with an error.</summary>
    Error,

    /// <summary>No answer within the call's timeout, or the peer left the bus without giving one.</summary>
    NoReply,

    /// <summary>The connection was lost, or was never made; the call may or may not have been carried out.</summary>
    Disconnected,
}

/// <summary>The answer to a call. The name and the text of the error are empty on success; the text may be empty as well.</summary>
public readonly record struct BusAnswer(BusOutcome Outcome, string ErrorName, string ErrorText)
{
    public bool IsSuccess => Outcome == BusOutcome.Success;

    /// <summary>No answer came within the call's timeout; false where the bus says that the peer has left.</summary>
    public bool IsLate { get; private init; }

    internal static BusAnswer Late { get; } = new(BusOutcome.NoReply, BusErrorNames.NoReply, "no answer in time") { IsLate = true };

    public static BusAnswer Success { get; } = new(BusOutcome.Success, "", "");

    internal static BusAnswer Lost { get; } = new(BusOutcome.Disconnected, BusErrorNames.Disconnected, "connection to the bus lost");

    public override string ToString() => IsSuccess ? "success" : $"{ErrorName}: {ErrorText}";

    /// <summary>A body of other types than were asked for becomes an error like those that peers send.</summary>
    internal static BusAnswer OfShape(string signature) =>
        new(BusOutcome.Error, BusErrorNames.InconsistentMessage, $"the reply has another shape: {signature}");

    /// <summary>The bus answers in the place of a peer that has left with NoReply.</summary>
    internal static BusAnswer OfError(string name, string text) =>
        new(name == BusErrorNames.NoReply ? BusOutcome.NoReply : BusOutcome.Error, name, text);
}

/// <summary>An answer with what the peer returned. <see cref="Value"/> counts only where <see cref="IsSuccess"/>.</summary>
public readonly record struct BusAnswer<T>(BusAnswer How, T Value)
{
    public bool IsSuccess => How.IsSuccess;

    public BusOutcome Outcome => How.Outcome;

    public string ErrorName => How.ErrorName;

    public string ErrorText => How.ErrorText;
}
