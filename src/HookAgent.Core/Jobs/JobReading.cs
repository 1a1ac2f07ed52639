using System.Collections.Immutable;

namespace HookAgent.Core.Jobs;

/// <summary>What one look at the record directory showed. Each list is in the order of the ids or names.</summary>
/// <param name="Directory">Whether it could be read. If not, the lists are empty and say nothing.</param>
/// <param name="Complete">Whether it carries its proof (<see cref="DirectoryProof"/>).</param>
/// <param name="ProofOfBoot">That proof, if it was made by a boot.</param>
/// <param name="Records">The jobs on the node.</param>
/// <param name="OtherBoot">Records that name another boot than this one: their jobs ended with it.</param>
/// <param name="Unreadable">What lies there and is no readable record. Counts as busy.</param>
/// <param name="Identities">Of each entry that is named after a job, readable or not, what tells it from a later one.</param>
/// <param name="Errno">Why it is not readable, as errno(3); 0 if it is.</param>
public sealed record JobReading(
    DirectoryCondition Directory,
    bool Complete,
    RecordIdentity? ProofOfBoot,
    ImmutableArray<JobRecord> Records,
    ImmutableArray<JobRecord> OtherBoot,
    ImmutableArray<UnreadableEntry> Unreadable,
    IReadOnlyDictionary<JobId, RecordIdentity> Identities,
    int Errno);

public enum DirectoryCondition
{
    Readable,

    /// <summary>Nothing is at the path.</summary>
    Missing,

    /// <summary>Something else is at the path; a symlink too, wherever it leads.</summary>
    NotADirectory,

    /// <summary>It could not be opened or listed.</summary>
    Unreadable,
}

/// <summary>An entry of the record directory that is no readable record.</summary>
/// <param name="Name">Its name; bytes that are no UTF-8 are replaced.</param>
/// <param name="Job">The job it is named after, or null where the name is no job id.</param>
/// <param name="Why">What is wrong with it.</param>
/// <param name="Errno">errno(3) of <see cref="UnreadableWhy.ReadFailed"/>, else 0.</param>
public sealed record UnreadableEntry(string Name, JobId? Job, UnreadableWhy Why, int Errno = 0);

public enum UnreadableWhy
{
    /// <summary>Its name is no job id, so nobody but the node's administrator can have put it there.</summary>
    NameIsNoJobId,

    /// <summary>It is a symlink, a FIFO, a device, a socket or a directory.</summary>
    NotARegularFile,

    /// <summary>It is over <see cref="JobRecordParser.MaxFileBytes"/>.</summary>
    TooLarge,

    /// <summary>It has no JOB_ID, or another than its name.</summary>
    NotThisJob,

    /// <summary>The kernel refused to open or read it.</summary>
    ReadFailed,

    /// <summary>A record that was to be removed, and could be neither removed nor put back (<see cref="RecordRemoval"/>).</summary>
    TakenAside,
}
