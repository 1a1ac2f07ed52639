using System.Text;

namespace HookAgent.Bus.Sd;

/// <summary>An entry of the journal: when it was received, in microseconds since the Epoch, and the fields asked for.</summary>
public sealed record JournalTailEntry(ulong RealtimeUsec, IReadOnlyDictionary<string, string> Fields);

/// <summary>Reads the last entries of this machine's journal, as far as the caller may read it.</summary>
public sealed unsafe class JournalTail : IDisposable
{
    private nint _journal;

    private JournalTail(nint journal) => _journal = journal;

    /// <summary>
    /// Whether the caller may read the journal of the system, and not only that of a user: systemd itself writes to it
    /// from boot on. False as well where there is none.
    /// </summary>
    public bool IsReadable => Read(["_PID=1"], [], 1).Count > 0;

    /// <summary>Opens it; null where that fails. Opening reads the head of each of its files: do it once.</summary>
    public static JournalTail? TryOpen()
    {
        nint journal;
        return LibSystemd.sd_journal_open(&journal, LibSystemd.LocalOnly) < 0 ? null : new JournalTail(journal);
    }

    /// <summary>
    /// The newest entries that have all of <paramref name="matches"/> ("FIELD=value"), the newest first, with those
    /// of <paramref name="fields"/> that they have. Each is found by the journal's own index, so that no more than
    /// <paramref name="most"/> are looked at. Empty where there are none, or the journal cannot be read.
    /// </summary>
    public IReadOnlyList<JournalTailEntry> Read(IEnumerable<string> matches, string[] fields, int most)
    {
        LibSystemd.sd_journal_flush_matches(_journal);
        foreach (byte[] match in matches.Select(Encoding.UTF8.GetBytes))
        {
            fixed (byte* bytes = match)
            {
                SdBusException.Check(LibSystemd.sd_journal_add_match(_journal, bytes, (nuint)match.Length), "sd_journal_add_match");
            }
        }

        List<JournalTailEntry> entries = [];
        if (LibSystemd.sd_journal_seek_tail(_journal) >= 0)
        {
            while (entries.Count < most && LibSystemd.sd_journal_previous(_journal) > 0)
            {
                entries.Add(ReadEntry(fields));
            }
        }

        return entries;
    }

    public void Dispose()
    {
        LibSystemd.sd_journal_close(_journal);
        _journal = 0;
    }

    private JournalTailEntry ReadEntry(string[] fields)
    {
        ulong usec;
        Dictionary<string, string> read = [];
        foreach (string field in fields)
        {
            byte* data;
            nuint length;
            if (LibSystemd.sd_journal_get_data(_journal, field, &data, &length) >= 0)
            {
                // "FIELD=value", not ended by a NUL.
                read[field] = Encoding.UTF8.GetString(data, (int)length)[(field.Length + 1)..];
            }
        }

        return new JournalTailEntry(LibSystemd.sd_journal_get_realtime_usec(_journal, &usec) >= 0 ? usec : 0, read);
    }
}
