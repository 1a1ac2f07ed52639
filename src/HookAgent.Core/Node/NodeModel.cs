using System.Collections.Immutable;
using HookAgent.Core.Jobs;
using HookAgent.Core.Time;

namespace HookAgent.Core.Node;

/// <summary>Whether the job directory can be believed.</summary>
public enum DirectoryTrust
{
    /// <summary>Not read yet.</summary>
    Unread,

    /// <summary>It carries its proof (<see cref="DirectoryProof"/>): with <see cref="NodeModel.Unrecorded"/> it names every job.</summary>
    Proven,

    /// <summary>Made or replaced after boot: it says nothing of the jobs that ran before.</summary>
    Unproven,

    Missing,

    Unreadable,
}

/// <summary>What the machine wants to know of slurmstepd processes before it lends the node.</summary>
public enum EvidenceCheck
{
    NotAsked,
    Asked,
    Gathered,
}

/// <summary>A call of JobStarted that waits for the provider to be gone.</summary>
/// <param name="Token">Names the call; the loop answers it.</param>
/// <param name="Until">When it is answered at the latest.</param>
public sealed record WaitingProlog(long Token, JobId Job, BootTime Until);

/// <summary>A job that came while the provider may still have run.</summary>
/// <param name="Entered">When its hook was entered.</param>
/// <param name="Called">Its Prolog has called, so it is known when the job was let go.</param>
/// <param name="LetGo">When its Prolog was answered although the provider still ran; null while it waits.</param>
/// <param name="Ended">When the job was gone again, if before the provider.</param>
public sealed record PendingHandover(BootTime Entered, bool Called, BootTime? LetGo, BootTime? Ended)
{
    public PendingHandover(BootTime entered)
        : this(entered, false, null, null)
    {
    }
}

/// <summary>What the answer to <see cref="InspectUnit"/> explains.</summary>
public enum Inspection
{
    /// <summary>A start of ours whose job is done, and the unit does not run.</summary>
    Start,

    /// <summary>A lent provider that is not there any more.</summary>
    Exit,
}

/// <summary>
/// When systemd checked the conditions of a unit: ConditionTimestampMonotonic of org.freedesktop.systemd1(5), in
/// microseconds; 0 where it never did, or has unloaded the unit since. Only compared with another.
/// </summary>
public readonly record struct ConditionStamp(ulong MonotonicUsec);

/// <summary>
/// All that the machine knows, as one immutable value: the facts (jobs, directory, unit, holds) as the events
/// brought them, and what the machine itself is in the middle of.
/// </summary>
public sealed record NodeModel
{
    public required NodeSettings Settings { get; init; }

    /// <summary>State and reason as last told; derived from the rest, kept to see a change.</summary>
    public NodeState State { get; init; } = NodeState.Unknown;

    public Reason Reason { get; init; } = Reason.DirectoryUnread;

    public required BootTime Since { get; init; }

    /// <summary>The job records, each with the moment its hook was entered where the record tells it.</summary>
    public ImmutableSortedDictionary<JobId, BootTime?> Recorded { get; init; } =
        ImmutableSortedDictionary<JobId, BootTime?>.Empty;

    /// <summary>Jobs whose record is being removed on an operator's word; until the directory is read again.</summary>
    public ImmutableSortedSet<JobId> Dropping { get; init; } = [];

    /// <summary>Jobs known to run here without a record: RecordFailed, or listed by Slurm.</summary>
    public ImmutableSortedSet<JobId> Unrecorded { get; init; } = [];

    /// <summary>Jobs that had a slurmstepd but no record when last looked at.</summary>
    public ImmutableSortedSet<JobId> OrphanSteps { get; init; } = [];

    public StepLooks StepLooks { get; init; } = StepLooks.None;

    /// <summary>
    /// When jobs ended lately by their JobEnded or their last slurmstepd that have no record now, so that an older list
    /// of Slurm's does not revive them.
    /// </summary>
    public ImmutableDictionary<JobId, BootTime> RecentlyEnded { get; init; } = ImmutableDictionary<JobId, BootTime>.Empty;

    public DirectoryTrust Directory { get; init; } = DirectoryTrust.Unread;

    /// <summary>Something lies in the directory that is no job record.</summary>
    public bool ForeignEntry { get; init; }

    public Hold? Hold { get; init; }

    /// <summary>The provider's unit as last told; null until systemd has told it once.</summary>
    public UnitView? Unit { get; init; }

    public bool RequiredUnitUp { get; init; }

    /// <summary>systemd is stopping or restarting the agent itself, and the provider with it.</summary>
    public bool AgentStopping { get; init; }

    /// <summary>Running units that are bound to the agent and are not the one it lends, as last told.</summary>
    public ImmutableSortedDictionary<string, Stray> Strays { get; init; } = ImmutableSortedDictionary<string, Stray>.Empty;

    /// <summary>When systemd went out of reach, at first the daemon's own start; null while it can be reached.</summary>
    public BootTime? UnreachableSince { get; init; }

    /// <summary>The daemon was told to end, because systemd stayed out of reach.</summary>
    public bool GaveUp { get; init; }

    public UnitWork? Work { get; init; }

    public long Attempts { get; init; }

    public StopLadder? Ladder { get; init; }

    /// <summary>A refused stop is not asked again before this.</summary>
    public BootTime? StopAgainAt { get; init; }

    /// <summary>Since when the provider has been seen to run while lent.</summary>
    public BootTime? LentSince { get; init; }

    /// <summary>A stop job that was not ours was seen while the node was lent.</summary>
    public bool ForeignStopSeen { get; init; }

    /// <summary>systemd was out of reach while the node was lent: a stop by hand may have been missed.</summary>
    public bool BlindWhileLent { get; init; }

    /// <summary>What systemd is asked about by <see cref="InspectUnit"/>; null when nothing waits for the answer.</summary>
    public Inspection? Inspecting { get; init; }

    /// <summary>When systemd last checked the unit's conditions, as far as known; null before it was asked.</summary>
    public ConditionStamp? ConditionChecked { get; init; }

    /// <summary>When the idle delay of this idle stretch is, or was, over; null while the provider must be off.</summary>
    public BootTime? SettledAt { get; init; }

    public EvidenceCheck Evidence { get; init; }

    /// <summary>The failures since the provider was last healthy; null without any. Sets the backoff.</summary>
    public FailureStretch? Failing { get; init; }

    /// <summary>A failure whose cause is being asked for.</summary>
    public UninspectedFailure? Uninspected { get; init; }

    /// <summary>The node is lent, or has failed, for one more try right after a failure.</summary>
    public bool Retrying { get; init; }

    /// <summary>The jobs whose coming or end the node is still following up, for telling.</summary>
    public ImmutableSortedSet<JobId> Concerned { get; init; } = [];

    public Reason FailedFor { get; init; } = Reason.StartFailed;

    public BootTime? RetryAt { get; init; }

    public ImmutableList<WaitingProlog> Waiting { get; init; } = [];

    public ImmutableSortedDictionary<JobId, PendingHandover> Handovers { get; init; } =
        ImmutableSortedDictionary<JobId, PendingHandover>.Empty;

    /// <summary>State of the generator that spreads the starts of a cluster; seeded once per daemon.</summary>
    public ulong JitterState { get; init; }

    /// <summary>True unless the provider is known to be gone, with no start of ours under way, and no stray runs.</summary>
    public bool ProviderMayRun => Unit is null || Work is not null || Unit.MayRun || !Strays.IsEmpty;

    /// <summary>When a start by somebody else last ended the backoff.</summary>
    public BootTime? RequestedAt { get; init; }

    /// <summary>A Prolog of the job waits to be answered.</summary>
    public bool Waits(JobId job) => Waiting.Exists(waiting => waiting.Job == job);

    /// <summary>A job is known to be here, by whatever evidence.</summary>
    public bool HasJob => !Recorded.IsEmpty || !Unrecorded.IsEmpty || !OrphanSteps.IsEmpty;

    /// <summary>
    /// A stop runs its course that was asked for before systemd was lost, before this daemon began, or by a call
    /// whose answer was lost.
    /// </summary>
    public bool StopRunsOn => this is { Work: null, Unit.IsGoing: true } and ({ LentSince: null } or { Ladder: not null });

    /// <summary>What must outlive the daemon.</summary>
    public NodeMemory Memory => new(Hold, Unrecorded) { Witnessed = StepLooks.Witnessed };
}
