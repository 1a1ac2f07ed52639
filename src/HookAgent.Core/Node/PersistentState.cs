using System.Collections.Immutable;
using HookAgent.Core.Jobs;

namespace HookAgent.Core.Node;

/// <summary>What outlives the agent, in /var/lib/hookagent: nothing here can be seen anew after a restart.</summary>
public sealed record PersistentState(Hold? Hold, ImmutableSortedSet<JobId> Unrecorded) : Unprinted
{
    /// <summary>Of <see cref="Unrecorded"/>, as in <see cref="StepScans"/>.</summary>
    public ImmutableSortedSet<JobId> Witnessed { get; init; } = [];

    public static PersistentState Empty { get; } = new(null, []);

    public bool Equals(PersistentState? other) =>
        other is not null && Hold == other.Hold && Unrecorded.SetEquals(other.Unrecorded) && Witnessed.SetEquals(other.Witnessed);

    public override int GetHashCode() => HashCode.Combine(Hold, Unrecorded.Count);
}
