using System.Collections.Immutable;
using HookAgent.Core.Jobs;
using HookAgent.Core.Time;

namespace HookAgent.Core.Node;

/// <summary>
/// All that the machine knows, as one immutable value: the facts as the events brought them, and what the machine itself
/// is in the middle of.
/// </summary>
public sealed record NodeModel : Unprinted
{
    public required NodeSettings Settings { get; init; }

    /// <summary>State and reason as last told.</summary>
    public required CurrentState Current { get; init; }

    public NodeJobs Jobs { get; init; } = new();

    public DirectoryView Directory { get; init; } = new(DirectoryTrust.Unread, ForeignEntry: false);

    public Hold? Hold { get; init; }

    public Provider Provider { get; init; } = new Unread();

    /// <summary>Running units that are bound to the agent and are not the one it lends, as last told.</summary>
    public ImmutableSortedDictionary<string, Stray> Strays { get; init; } = ImmutableSortedDictionary<string, Stray>.Empty;

    public required Systemd Systemd { get; init; }

    public required IdleTime Idle { get; init; }

    public Prologs Prologs { get; init; } = new();

    public Backoff Backoff { get; init; } = new();

    /// <summary>True unless the provider is known to be gone, with no start of ours under way, and no stray runs.</summary>
    public bool ProviderMayRun => Provider.MayRun || !Strays.IsEmpty;

    /// <summary>What must outlive the agent.</summary>
    public PersistentState Persistent => new(Hold, Jobs.Unrecorded) { Witnessed = Jobs.Scans.Witnessed };
}

/// <summary>State and reason as last told: derived from the rest, kept to see a change.</summary>
/// <param name="Since">Of the state; a new reason does not change it.</param>
/// <param name="TriggeringJobs">The jobs whose coming or end the node is still following up.</param>
public sealed record CurrentState(NodeState State, Reason Reason, BootTime Since, ImmutableSortedSet<JobId> TriggeringJobs) : Unprinted;

/// <summary>Whether the job directory can be believed.</summary>
public enum DirectoryTrust
{
    /// <summary>Not read yet.</summary>
    Unread,

    /// <summary>It carries its proof: it was there since boot, or an operator reconciled it. It names every job.</summary>
    Complete,

    /// <summary>Made or replaced after boot: it says nothing of the jobs that ran before.</summary>
    Incomplete,

    Missing,

    Unreadable,
}

/// <summary>The job directory itself, as last read.</summary>
/// <param name="ForeignEntry">Something lies in it that is no job record.</param>
public sealed record DirectoryView(DirectoryTrust Trust, bool ForeignEntry) : Unprinted
{
    /// <summary>Why it says too little; null where it can be believed.</summary>
    internal Reason? Doubt => Trust switch
    {
        DirectoryTrust.Unread => Reason.DirectoryUnread,
        DirectoryTrust.Missing => Reason.DirectoryMissing,
        DirectoryTrust.Unreadable => Reason.DirectoryUnreadable,
        DirectoryTrust.Incomplete => Reason.DirectoryUnproven,
        DirectoryTrust.Complete => ForeignEntry ? Reason.ForeignEntry : null,
    };
}
