using System.Buffers.Binary;

namespace HookAgent.Report.Reading;

/// <summary>
/// The journal export format (https://systemd.io/JOURNAL_EXPORT_FORMATS): a field a line, "NAME=value"; or, of a
/// value with line breaks or control characters, the name on a line, then its length in 64 bits, the bytes and a
/// line break. An empty line ends an entry.
/// </summary>
internal sealed class ExportReader(ByteFeed feed) : EntryReader
{
    /// <summary>journald takes no larger field (DATA_SIZE_MAX of its sources).</summary>
    private const ulong MostData = 768UL << 20;

    /// <summary>journald takes no longer name.</summary>
    private const int MostName = 64;

    public override EntryOutcome Next(Entry entry)
    {
        entry.Clear();
        bool any = false;
        while (feed.TakeLine(out ReadOnlySpan<byte> line, out LineEnd end))
        {
            if (end is LineEnd.EndOfData)
            {
                return EntryOutcome.Damaged;
            }

            if (line.IsEmpty && end is LineEnd.Newline)
            {
                if (any)
                {
                    return EntryOutcome.Read;
                }

                continue;
            }

            any = true;
            if (end is LineEnd.Newline && !Take(line, entry))
            {
                return Resume();
            }
        }

        // Its last line is whole, but the empty one that ends the entry is missing: fields may be, too.
        return any ? EntryOutcome.Damaged : EntryOutcome.End;
    }

    private bool Take(ReadOnlySpan<byte> line, Entry entry)
    {
        int equals = line.IndexOf((byte)'=');
        ReadOnlySpan<byte> name = equals < 0 ? line : line[..equals];
        if (name.Length is 0 or > MostName || name.IndexOfAnyExcept(s_nameBytes) >= 0)
        {
            return false;
        }

        EntryField? field = EntryFieldNames.Find(name);
        if (equals < 0)
        {
            return TakeData(field, entry);
        }

        if (field is { } wanted)
        {
            entry.Set(wanted, line[(equals + 1)..]);
        }

        return true;
    }

    private bool TakeData(EntryField? field, Entry entry)
    {
        if (!feed.Need(sizeof(ulong)))
        {
            return false;
        }

        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(feed.Ahead);
        if (length > MostData)
        {
            return false;
        }

        feed.Skip(sizeof(ulong));
        if (field is { } wanted && length < ByteFeed.MostLine)
        {
            if (!feed.Need((int)length))
            {
                return false;
            }

            entry.Set(wanted, feed.Ahead[..(int)length]);
        }

        if (!feed.SkipFar(length) || !feed.Need(1) || feed.Ahead[0] != '\n')
        {
            return false;
        }

        feed.Skip(1);
        return true;
    }

    /// <summary>Passes over the rest of an entry that makes no sense.</summary>
    private EntryOutcome Resume()
    {
        while (feed.TakeLine(out ReadOnlySpan<byte> line, out LineEnd end))
        {
            if (line.IsEmpty && end is LineEnd.Newline)
            {
                break;
            }
        }

        return EntryOutcome.Damaged;
    }

    private static readonly System.Buffers.SearchValues<byte> s_nameBytes =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"u8);
}
