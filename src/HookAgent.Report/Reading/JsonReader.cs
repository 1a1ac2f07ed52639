namespace HookAgent.Report.Reading;

/// <summary>
/// The output of journalctl -o json: an object a line. A value is a string; an array of numbers where it is not
/// UTF-8 text; an array of such values where the field is there more than once; null where it is too large. The
/// frames of -o json-seq and -o json-sse are passed over.
/// </summary>
internal sealed class JsonReader(ByteFeed feed) : EntryReader
{
    public override EntryOutcome Next(Entry entry)
    {
        while (feed.TakeLine(out ReadOnlySpan<byte> line, out LineEnd end))
        {
            if (end is LineEnd.TooLong)
            {
                // Whole as it may be, it is nothing of the agent's.
                entry.Clear();
                return EntryOutcome.Read;
            }

            line = Unframed(line);
            if (line.IsEmpty)
            {
                continue;
            }

            entry.Clear();
            return new JsonObject(line).ReadInto(entry) ? EntryOutcome.Read : EntryOutcome.Damaged;
        }

        return EntryOutcome.End;
    }

    private static ReadOnlySpan<byte> Unframed(ReadOnlySpan<byte> line)
    {
        line = line.Trim("\x1e \t\r"u8);
        return line.StartsWith("data:"u8) ? line["data:"u8.Length..].TrimStart((byte)' ') : line;
    }
}
