using HookAgent.Bus.Wire;
using HookAgent.Core.Jobs;
using HookAgent.Core.Node;

namespace HookAgent.Daemon.Bus;

/// <summary>
/// What somebody asks of the node over the bus: read and, where that is needed, known to come from root. The loop carries it
/// out and answers it.
/// </summary>
internal abstract record NodeRequest(ReceivedCall Call)
{
    /// <summary>What is to be read anew before it counts.</summary>
    public FirstRead Reads { get; init; } = FirstRead.Directory;
}

/// <summary>A Prolog's nudge. Answered once the provider is gone, or PrologWait is over.</summary>
/// <param name="Recorded">False where the hook could not write a record.</param>
internal sealed record PrologRequest(ReceivedCall Call, JobId Job, bool Recorded) : NodeRequest(Call);

/// <summary>An Epilog's nudge.</summary>
/// <param name="ByRoot">The bus was asked who the caller is.</param>
internal sealed record EpilogRequest(ReceivedCall Call, JobId Job, bool ByRoot) : NodeRequest(Call);

/// <summary>What an operator asks for.</summary>
/// <param name="Happened">Null where nothing is asked for but to read.</param>
internal sealed record OperatorRequest(ReceivedCall Call, NodeEvent? Happened) : NodeRequest(Call);

internal enum FirstRead
{
    Nothing,
    Directory,
    Everything,
}
