using System.Text.Json;

namespace HookAgent.Report.Reading;

/// <summary>
/// Reads the output of journalctl -o json: an object a line. A value is a string; an array of bytes where it is not UTF-8
/// text; an array of such values where the field is there more than once; null where it is too large. The frames of
/// -o json-seq and -o json-sse are skipped.
/// </summary>
internal sealed class JsonReader(BufferedInput input) : EntryReader
{
    /// <summary>In bytes, as written with escapes. A wanted value that is longer counts as absent.</summary>
    private const int MostEscaped = 1536;

    public override EntryOutcome Next(EntryFields entry)
    {
        while (input.TakeLine(out ReadOnlySpan<byte> line, out LineEnd end))
        {
            entry.Clear();
            if (end is LineEnd.TooLong)
            {
                // It may be whole, but no entry of the agent is so long.
                return EntryOutcome.Read;
            }

            line = Unframed(line);
            if (!line.IsEmpty)
            {
                return TryRead(line, entry) ? EntryOutcome.Read : EntryOutcome.Damaged;
            }
        }

        return EntryOutcome.End;
    }

    private static ReadOnlySpan<byte> Unframed(ReadOnlySpan<byte> line)
    {
        line = line.Trim("\x1e \t\r"u8);
        return line.StartsWith("data:"u8) ? line["data:"u8.Length..].TrimStart((byte)' ') : line;
    }

    private static bool TryRead(ReadOnlySpan<byte> line, EntryFields entry)
    {
        try
        {
            Utf8JsonReader json = new(line);
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                EntryField? field = EntryFields.Find(json.ValueSpan);
                json.Read();
                if (field is { } wanted)
                {
                    Set(entry, wanted, ref json);
                }
                else
                {
                    json.Skip();
                }
            }

            // Fails where anything follows the object.
            return !json.Read();
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: half a surrogate pair in a string.
            return false;
        }
    }

    private static void Set(EntryFields entry, EntryField field, ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.StartArray)
        {
            List<byte> bytes = [];
            while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            {
                if (json.TokenType == JsonTokenType.Number)
                {
                    bytes.Add(json.TryGetByte(out byte one) ? one : throw new JsonException());
                }
                else
                {
                    Set(entry, field, ref json);
                }
            }

            entry.Set(field, bytes.ToArray());
        }
        else if (json.TokenType == JsonTokenType.String && !json.ValueIsEscaped)
        {
            entry.Set(field, json.ValueSpan);
        }
        else if (json.TokenType == JsonTokenType.String && json.ValueSpan.Length <= MostEscaped)
        {
            Span<byte> text = stackalloc byte[MostEscaped];
            entry.Set(field, text[..json.CopyString(text)]);
        }
        else
        {
            json.Skip();
        }
    }
}
