namespace HookAgent.Core.Jobs;

/// <summary>How adding or removing a record went.</summary>
/// <param name="Outcome">Which step it came to.</param>
/// <param name="Errno">errno(3) of the step that failed, else 0.</param>
public readonly record struct RecordChange(RecordOutcome Outcome, int Errno = 0);

public enum RecordOutcome
{
    /// <summary>The record is there, or gone, as asked.</summary>
    Done,

    /// <summary>
    /// There was no record to remove, since an Epilog without a Prolog is normal; or not the one that was meant.
    /// </summary>
    WasNotThere,

    /// <summary>The temporary file could not be made.</summary>
    CreateFailed,

    /// <summary>Its mode could not be set.</summary>
    ModeFailed,

    /// <summary>It could not be written in full.</summary>
    WriteFailed,

    /// <summary>It could not be given its name.</summary>
    RenameFailed,

    /// <summary>The record could not be removed.</summary>
    RemoveFailed,
}
