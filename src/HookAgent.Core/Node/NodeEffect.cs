using System.Collections.Immutable;
using HookAgent.Core.Jobs;

namespace HookAgent.Core.Node;

/// <summary>Something the machine wants done or told; the loop carries effects out in their order.</summary>
public abstract record NodeEffect : Unprinted;

/// <summary>Queue a start job (mode "fail": a stop that somebody else queued wins).</summary>
public sealed record StartUnit(long Attempt) : NodeEffect;

/// <summary>Queue a stop job (mode "replace": it wins over a start).</summary>
public sealed record StopUnit(long Attempt) : NodeEffect;

/// <summary>Queue a stop job for a stray: a running unit that is bound to the agent and is not the one it lends.</summary>
public sealed record StopStray(string Unit) : NodeEffect;

/// <summary>Send SIGKILL to every process of a stray that outlived its stop.</summary>
public sealed record KillStray(string Unit) : NodeEffect;

/// <summary>Ask systemd anew which units are bound to the agent; answered by <see cref="UnitsSeen"/>.</summary>
public sealed record FindStrays : NodeEffect;

/// <summary>Send SIGTERM, or SIGKILL, to every process of the unit.</summary>
public sealed record SignalUnit(bool Kill) : NodeEffect;

/// <summary>Read the units again; answered by <see cref="UnitsSeen"/>.</summary>
public sealed record ReadUnits : NodeEffect;

/// <summary>
/// Ask systemd how the provider ended, and when its unit's conditions were last checked and whether they were met;
/// answered by <see cref="UnitInspected"/>.
/// </summary>
public sealed record InspectUnit : NodeEffect;

/// <summary>Read the directory and scan for slurmstepd now; answered by <see cref="StepsScanned"/>.</summary>
public sealed record ScanSteps : NodeEffect;

/// <summary>Remove this one record of a job, and no later one: an operator said the job is gone.</summary>
public sealed record DropRecord(JobId Job, RecordIdentity Record) : NodeEffect;

/// <summary>Answer a call of JobStarted.</summary>
public sealed record AnswerProlog(long Token) : NodeEffect;

/// <summary>Write down what must outlive the agent.</summary>
public sealed record Remember(PersistentState State) : NodeEffect;

/// <summary>End the agent: systemd cannot be asked to stop the provider, but it stops it when the agent is gone.</summary>
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

/// <summary>A job that came and ended while the provider could not be stopped; the provider runs on, lent again.</summary>
/// <param name="Overlap">How long job and provider may have run together.</param>
public sealed record JobRanBeside(JobId Job, TimeSpan Overlap) : NodeEffect;

/// <summary>Somebody asked systemd to start the provider, and the unit's conditions refused it: the agent takes it up.</summary>
public sealed record StartRequested : NodeEffect;

/// <summary>A stray was seen to run.</summary>
/// <param name="BesideJob">It is stopped, because a job is on the node.</param>
public sealed record StrayFound(string Unit, bool BesideJob) : NodeEffect;

/// <summary>A Prolog was answered while the provider still ran, because PrologWait ran out.</summary>
public sealed record PrologWaitOver(JobId Job, TimeSpan Waited) : NodeEffect;

/// <summary>The provider is at rest after a stop of ours.</summary>
/// <param name="Stage">How far the stop had to go.</param>
/// <param name="Took">From the call of systemd to the unit at rest.</param>
/// <param name="Lent">As in <see cref="StopEscalation"/>; what <see cref="ShortLending"/> is told by.</param>
/// <param name="Jobs">The jobs it was stopped for; none where an operator wanted it off.</param>
public sealed record ProviderStopped(
    StopStage Stage, TimeSpan Took, TimeSpan? Lent, ImmutableSortedSet<JobId> Jobs) : NodeEffect;

/// <summary>The provider failed to start or ended by itself.</summary>
/// <param name="InARow">Failures for this cause since the provider was last healthy (<see cref="FailureStretch"/>).</param>
/// <param name="Within">Since the first of these.</param>
/// <param name="Detail">systemd's words about it; may be empty.</param>
/// <param name="InAll">Failures for any cause since then.</param>
public sealed record ProviderFailed(
    Reason Reason, int InARow, TimeSpan RetryIn, TimeSpan Within, string Detail, int InAll) : NodeEffect;

/// <summary>The unit's ExecCondition= refused a start of the agent's, which asks again.</summary>
/// <param name="InARow">How often by now.</param>
public sealed record ExecConditionRefused(int InARow, TimeSpan RetryIn) : NodeEffect;

/// <summary>After failures in a row the provider has run for long enough to count as healthy.</summary>
/// <param name="Within">From the first failure to the start that lasts.</param>
public sealed record ProviderRecovered(int Failures, TimeSpan Within) : NodeEffect;

/// <summary>systemd refused to stop the unit.</summary>
public sealed record StopRefused(string Cause) : NodeEffect;

public sealed record HoldBegan(Hold Hold) : NodeEffect;

/// <summary>A hold ended.</summary>
/// <param name="Expired">Its time ran out; otherwise somebody ended it.</param>
/// <param name="ReleasedBy">Who released it, as in <see cref="Hold.By"/>; null where its time ran out, or the unit was started by hand.</param>
public sealed record HoldEnded(Hold Hold, bool Expired, string? ReleasedBy = null) : NodeEffect;
