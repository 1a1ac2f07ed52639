namespace HookAgent.Bus.Sd;

/// <summary>Reads what a successful reply carries; false where its body is not what was asked for.</summary>
public delegate bool BusReplyReader<T>(BusMessage reply, out T value);

/// <summary>A reply already read. <see cref="Value"/> counts only where <see cref="IsSuccess"/>.</summary>
public readonly record struct BusAnswer<T>(BusOutcome Outcome, T Value, string ErrorName, string ErrorText)
{
    public bool IsSuccess => Outcome == BusOutcome.Success;

    /// <summary>A body of other types than were asked for becomes an error like those that peers send.</summary>
    internal static BusAnswer<T> From(BusReply reply, BusReplyReader<T> reader)
    {
        if (!reply.IsSuccess)
        {
            return new BusAnswer<T>(reply.Outcome, default!, reply.ErrorName, reply.ErrorText);
        }

        return reader(reply.Message, out T value)
            ? new BusAnswer<T>(BusOutcome.Success, value, "", "")
            : new BusAnswer<T>(
                BusOutcome.Error,
                default!,
                BusErrorNames.InconsistentMessage,
                $"the reply has another shape: {reply.Message.Signature}");
    }
}
