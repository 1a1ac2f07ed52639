using System.Collections.Immutable;
using HookAgent.Core.Jobs;

namespace HookAgent.Core.Node;

/// <summary>Something the machine wants done or told; the loop carries effects out in their order.</summary>
public abstract record NodeEffect;

/// <summary>Queue a start job (mode "fail": a stop that somebody else queued wins).</summary>
public sealed record StartUnit(long Attempt) : NodeEffect;

/// <summary>Queue a stop job (mode "replace": it wins over a start).</summary>
public sealed record StopUnit(long Attempt) : NodeEffect;

/// <summary>Send SIGTERM, or SIGKILL, to every process of the unit.</summary>
public sealed record SignalUnit(bool Kill) : NodeEffect;

/// <summary>Read the units again; answered by <see cref="UnitsSeen"/>.</summary>
public sealed record ReadUnits : NodeEffect;

/// <summary>Ask systemd how the provider ended and whether its conditions were met; answered by <see cref="UnitInspected"/>.</summary>
public sealed record InspectUnit : NodeEffect;

/// <summary>Read the directory and look for slurmstepd now; answered by <see cref="EvidenceGathered"/>.</summary>
public sealed record GatherEvidence : NodeEffect;

/// <summary>Remove a job's record: an operator said the job is gone.</summary>
public sealed record DropRecord(JobId Job) : NodeEffect;

/// <summary>Answer a call of JobStarted.</summary>
public sealed record AnswerProlog(long Token) : NodeEffect;

/// <summary>Write down what must outlive the daemon.</summary>
public sealed record Remember(NodeMemory Memory) : NodeEffect;

/// <summary>End the daemon: systemd cannot be asked to stop the provider, but it stops it when the daemon is gone.</summary>
public sealed record GiveUp : NodeEffect;

/// <summary>The node went from one state and reason to another.</summary>
/// <param name="InState">How long it had been in the state it leaves, or stays in.</param>
/// <param name="Jobs">The jobs whose coming or end led to it; mostly one or none.</param>
/// <param name="Again">A further try to start a provider that keeps failing, or its end: nothing new.</param>
public sealed record StateChanged(
    NodeState From, NodeState To, Reason Reason, TimeSpan InState, ImmutableSortedSet<JobId> Jobs, bool Again) : NodeEffect;

public sealed record JobAppeared(JobId Job) : NodeEffect;

public sealed record JobDisappeared(JobId Job) : NodeEffect;

/// <summary>A job whose provider was still there when it came: the provider is gone now.</summary>
/// <param name="Handover">Hook entered to unit inactive.</param>
/// <param name="Overlap">How long job and provider may have run together: zero where the Prolog waited it out.</param>
public sealed record HandoverDone(JobId Job, TimeSpan Handover, TimeSpan Overlap) : NodeEffect;

/// <summary>A Prolog was answered while the provider still ran, because PrologWait ran out.</summary>
public sealed record PrologWaitOver(JobId Job, TimeSpan Waited) : NodeEffect;

/// <summary>The provider is at rest after a stop of ours.</summary>
/// <param name="Rung">How far the ladder had to go.</param>
/// <param name="Took">From the call of systemd to the unit at rest.</param>
/// <param name="Lent">As in <see cref="StopLadder"/>; what <see cref="ShortLending"/> is told by.</param>
/// <param name="Jobs">The jobs it was stopped for; none where an operator wanted it off.</param>
public sealed record ProviderStopped(
    StopRung Rung, TimeSpan Took, TimeSpan? Lent, ImmutableSortedSet<JobId> Jobs) : NodeEffect;

/// <summary>The provider failed to start or ended by itself.</summary>
/// <param name="Within">Since the first failure in a row.</param>
/// <param name="Detail">systemd's words about it; may be empty.</param>
public sealed record ProviderFailed(
    Reason Reason, int InARow, TimeSpan RetryIn, TimeSpan Within, string Detail) : NodeEffect;

/// <summary>After failures in a row the provider has run for long enough to count as healthy.</summary>
/// <param name="Within">From the first failure to the start that lasts.</param>
public sealed record ProviderRecovered(int Failures, TimeSpan Within) : NodeEffect;

/// <summary>systemd refused to stop the unit.</summary>
public sealed record StopRefused(string Cause) : NodeEffect;

public sealed record HoldBegan(Hold Hold) : NodeEffect;

/// <summary>A hold ended.</summary>
/// <param name="Expired">Its time ran out; otherwise somebody ended it.</param>
public sealed record HoldEnded(Hold Hold, bool Expired) : NodeEffect;
