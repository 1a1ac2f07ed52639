using HookAgent.Bus.Wire;

namespace HookAgent.Bus;

/// <summary>How a call to the agent ended, as far as an operator would act differently on it.</summary>
public enum NodeOutcome
{
    Ok,

    /// <summary>The bus cannot be reached, or was lost during the call.</summary>
    NoBus,

    /// <summary>Nobody has the agent's name on the bus, or who had it left during the call.</summary>
    NoDaemon,

    /// <summary>The agent has its name but gave no answer in time.</summary>
    NoAnswer,

    /// <summary>The bus's policy, or the agent, allows it to root only.</summary>
    NotAllowed,

    /// <summary>Any other error; its name and text tell which.</summary>
    Error,
}

/// <summary>The end of a call. The error's D-Bus name and text are empty where it is <see cref="NodeOutcome.Ok"/>.</summary>
public readonly record struct NodeAnswer(NodeOutcome Outcome, string ErrorName, string ErrorText)
{
    public bool IsOk => Outcome == NodeOutcome.Ok;

    internal static NodeAnswer From(BusAnswer answer) =>
        new(
            answer.Outcome switch
            {
                BusOutcome.Success => NodeOutcome.Ok,
                BusOutcome.NoReply => answer.IsLate ? NodeOutcome.NoAnswer : NodeOutcome.NoDaemon,
                BusOutcome.Disconnected => NodeOutcome.NoBus,
                BusOutcome.Error => answer.ErrorName switch
                {
                    BusErrorNames.AccessDenied => NodeOutcome.NotAllowed,
                    BusErrorNames.NameHasNoOwner or BusErrorNames.ServiceUnknown => NodeOutcome.NoDaemon,
                    _ => NodeOutcome.Error,
                },
            },
            answer.ErrorName,
            answer.ErrorText);
}
