namespace HookAgent.Report.Reading;

/// <summary>Reads journal entries, one by one, from what journalctl wrote.</summary>
internal abstract class EntryReader
{
    /// <summary>Fills <paramref name="entry"/> with the next one.</summary>
    /// <exception cref="IOException">The source cannot be read.</exception>
    public abstract EntryOutcome Next(EntryFields entry);
}

internal enum EntryOutcome
{
    Read,

    /// <summary>The data is no whole entry. The next call reads on behind it.</summary>
    Damaged,

    /// <summary>There is no more.</summary>
    End,
}
