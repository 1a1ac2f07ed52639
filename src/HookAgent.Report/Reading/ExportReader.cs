using System.Buffers;
using System.Buffers.Binary;

namespace HookAgent.Report.Reading;

/// <summary>
/// Reads the journal export format (https://systemd.io/JOURNAL_EXPORT_FORMATS): a field a line, "NAME=value". A value with
/// control characters has its name on a line, then its length in 64 bits, its bytes and a line feed. An empty line ends an
/// entry.
/// </summary>
internal sealed class ExportReader(BufferedInput input) : EntryReader
{
    /// <summary>In bytes. journald takes no larger field (DATA_SIZE_MAX of its sources).</summary>
    private const ulong MostData = 768UL << 20;

    /// <summary>In bytes. journald takes no longer name.</summary>
    private const int MostName = 64;

    private static readonly SearchValues<byte> s_nameBytes = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"u8);

    public override EntryOutcome Next(EntryFields entry)
    {
        entry.Clear();
        bool isEmpty = true;
        bool isDamaged = false;
        while (input.TakeLine(out ReadOnlySpan<byte> line, out LineEnd end))
        {
            if (end is LineEnd.EndOfData)
            {
                return EntryOutcome.Damaged;
            }

            bool isEnd = line.IsEmpty && end is LineEnd.Newline;
            if (isEnd && !isEmpty)
            {
                return isDamaged ? EntryOutcome.Damaged : EntryOutcome.Read;
            }

            // After a line that is no field, the rest of the entry is skipped.
            isDamaged |= !isEnd && end is LineEnd.Newline && !isDamaged && !TryTake(line, entry);
            isEmpty &= isEnd;
        }

        // The empty line that ends an entry is missing, so fields may be missing, too.
        return isEmpty ? EntryOutcome.End : EntryOutcome.Damaged;
    }

    private bool TryTake(ReadOnlySpan<byte> line, EntryFields entry)
    {
        int equals = line.IndexOf((byte)'=');
        ReadOnlySpan<byte> name = equals < 0 ? line : line[..equals];
        if (name.Length is 0 or > MostName || name.IndexOfAnyExcept(s_nameBytes) >= 0)
        {
            return false;
        }

        EntryField? field = EntryFields.Find(name);
        if (equals < 0)
        {
            return TryTakeData(field, entry);
        }

        if (field is { } wanted)
        {
            entry.Set(wanted, line[(equals + 1)..]);
        }

        return true;
    }

    private bool TryTakeData(EntryField? field, EntryFields entry)
    {
        ulong length = input.Need(sizeof(ulong)) ? BinaryPrimitives.ReadUInt64LittleEndian(input.Ahead) : ulong.MaxValue;
        if (length > MostData)
        {
            return false;
        }

        input.Skip(sizeof(ulong));
        if (field is { } wanted && length < BufferedInput.MostLine && input.Need((int)length))
        {
            entry.Set(wanted, input.Ahead[..(int)length]);
        }

        if (!input.SkipFar(length) || !input.Need(1) || input.Ahead[0] != '\n')
        {
            return false;
        }

        input.Skip(1);
        return true;
    }
}
