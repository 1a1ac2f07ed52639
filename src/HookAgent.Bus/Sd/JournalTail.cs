using System.Text;

namespace HookAgent.Bus.Sd;

/// <summary>An entry of the journal: when it was received, in microseconds since the Epoch, and the fields asked for.</summary>
public sealed record JournalTailEntry(ulong RealtimeUsec, IReadOnlyDictionary<string, string> Fields);

/// <summary>Reads the last entries of this machine's journal, as far as the caller may read it.</summary>
public static unsafe class JournalTail
{
    /// <summary>
    /// The newest entries that have all of <paramref name="matches"/> ("FIELD=value"), the newest first, with those
    /// of <paramref name="fields"/> that they have. Empty where there are none, or the journal cannot be read.
    /// </summary>
    public static IReadOnlyList<JournalTailEntry> Read(IEnumerable<string> matches, string[] fields, int most)
    {
        nint journal;
        if (LibSystemd.sd_journal_open(&journal, LibSystemd.LocalOnly) < 0)
        {
            return [];
        }

        try
        {
            foreach (byte[] match in matches.Select(Encoding.UTF8.GetBytes))
            {
                fixed (byte* bytes = match)
                {
                    SdBusException.Check(LibSystemd.sd_journal_add_match(journal, bytes, (nuint)match.Length), "sd_journal_add_match");
                }
            }

            List<JournalTailEntry> entries = [];
            if (LibSystemd.sd_journal_seek_tail(journal) >= 0)
            {
                while (entries.Count < most && LibSystemd.sd_journal_previous(journal) > 0)
                {
                    entries.Add(ReadEntry(journal, fields));
                }
            }

            return entries;
        }
        finally
        {
            LibSystemd.sd_journal_close(journal);
        }
    }

    private static JournalTailEntry ReadEntry(nint journal, string[] fields)
    {
        ulong usec;
        Dictionary<string, string> read = [];
        foreach (string field in fields)
        {
            byte* data;
            nuint length;
            if (LibSystemd.sd_journal_get_data(journal, field, &data, &length) >= 0)
            {
                // "FIELD=value", not ended by a NUL.
                read[field] = Encoding.UTF8.GetString(data, (int)length)[(field.Length + 1)..];
            }
        }

        return new JournalTailEntry(LibSystemd.sd_journal_get_realtime_usec(journal, &usec) >= 0 ? usec : 0, read);
    }
}
