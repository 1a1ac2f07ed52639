namespace HookAgent.Hook.Bus;

/// <summary>How the call to the agent went.</summary>
/// <param name="Outcome">How far it came.</param>
/// <param name="Errno">errno(3) where the kernel refused something, else 0.</param>
/// <param name="Detail">What the other side said: an error's name and text, or why it makes no sense.</param>
internal readonly record struct CallResult(CallOutcome Outcome, int Errno = 0, string Detail = "")
{
    /// <summary>Whoever had the call has lost its connection. At the deadline a silence looks the same.</summary>
    public bool IsCutOff => Outcome is CallOutcome.Closed or CallOutcome.DaemonSilent;

    /// <summary>There is nobody to take the call.</summary>
    public bool IsNobodyThere => Outcome is CallOutcome.NoBus or CallOutcome.DaemonAbsent;
}

internal enum CallOutcome
{
    /// <summary>The agent has answered.</summary>
    Answered,

    /// <summary>No bus could be reached at its socket.</summary>
    NoBus,

    /// <summary>The bus does not let us in.</summary>
    Rejected,

    /// <summary>The bus hung up before the answer.</summary>
    Closed,

    /// <summary>What came is not the D-Bus protocol, or larger than anything that we wait for.</summary>
    Garbled,

    /// <summary>The deadline passed and the bus had not even said hello.</summary>
    BusSilent,

    /// <summary>Nobody owns the agent's name.</summary>
    DaemonAbsent,

    /// <summary>The deadline passed and the agent had not answered, or the bus says that it has gone without an answer.</summary>
    DaemonSilent,

    /// <summary>The answer is an error.</summary>
    Refused,
}
