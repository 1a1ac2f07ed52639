using System.Collections.Immutable;
using HookAgent.Core.Node;

namespace HookAgent.Daemon.State;

/// <summary>What is counted beyond the properties on the bus, as an immutable value.</summary>
/// <param name="StateUsec">
/// How long the node was in each state that it has left, in microseconds; by <see cref="NodeState"/>. The time in the
/// state it is in is not included.
/// </param>
/// <param name="Stops">Stops of the provider by <see cref="StopStage"/>; one that survived SIGKILL at first was killed.</param>
/// <param name="Failures">Failures of the provider by <see cref="Reason"/>.</param>
internal sealed record NodeTotals(
    ImmutableArray<ulong> StateUsec,
    ImmutableArray<ulong> Stops,
    ImmutableArray<ulong> Failures,
    DurationHistogram Handovers,
    DurationHistogram Overlaps) : Unprinted
{
    /// <summary>Prologs that were answered beside the provider, because PrologWait= was over.</summary>
    public ulong PrologWaitsExceeded { get; init; }

    /// <summary>Prologs whose hook had given up before its call was heard.</summary>
    public ulong HookDeadlines { get; init; }

    public static NodeTotals Zero { get; } = new(
        Zeros(Enum.GetValues<NodeState>().Length), Zeros(Enum.GetValues<StopStage>().Length),
        Zeros(Enum.GetValues<Reason>().Length), DurationHistogram.Empty, DurationHistogram.Empty);

    public NodeTotals With(NodeEffect effect) => effect switch
    {
        StateChanged left when left.From != left.To => this with
        {
            StateUsec = Add(StateUsec, (int)left.From, (ulong)(left.InState.Ticks / TimeSpan.TicksPerMicrosecond)),
        },
        ProviderStopped { Stage: var stage } => this with
        {
            Stops = Add(Stops, (int)(stage is StopStage.Survived ? StopStage.Killed : stage), 1),
        },
        ProviderFailed { Reason: var reason } => this with { Failures = Add(Failures, (int)reason, 1) },
        PrologWaitOver => this with { PrologWaitsExceeded = PrologWaitsExceeded + 1 },
        HandoverDone done => this with { Handovers = Handovers.With(done.Handover), Overlaps = Overlaps.With(done.Overlap) },
        _ => this,
    };

    private static ImmutableArray<ulong> Zeros(int length) => ImmutableArray.Create(new ulong[length]);

    private static ImmutableArray<ulong> Add(ImmutableArray<ulong> counts, int index, ulong more) =>
        counts.SetItem(index, counts[index] + more);
}
