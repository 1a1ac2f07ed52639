namespace HookAgent.Report.Reading;

/// <summary>Reads one journal entry after the other from what journalctl wrote.</summary>
internal abstract class EntryReader
{
    /// <summary>Fills <paramref name="entry"/> with the next one.</summary>
    /// <exception cref="IOException">The source cannot be read.</exception>
    public abstract EntryOutcome Next(Entry entry);
}

internal enum EntryOutcome
{
    Read,

    /// <summary>There was something that is no whole entry; the next call goes on behind it.</summary>
    Damaged,

    /// <summary>There is no more.</summary>
    End,
}
