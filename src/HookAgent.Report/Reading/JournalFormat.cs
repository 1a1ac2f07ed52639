namespace HookAgent.Report.Reading;

/// <summary>What a file is, told by its content.</summary>
internal enum JournalFormat
{
    Empty,
    Export,
    Json,

    /// <summary>journald's own file.</summary>
    Binary,

    Compressed,
    Foreign,
}

internal static class JournalFormats
{
    private const int Looked = 1 << 16;

    public static JournalFormat Of(ByteFeed feed)
    {
        feed.Need(Looked);
        ReadOnlySpan<byte> head = feed.Ahead;
        head = head[..Math.Min(head.Length, Looked)];
        if (head.StartsWith("LPKSHHRH"u8))
        {
            return JournalFormat.Binary;
        }

        // gzip, zstd, xz, lz4.
        if (head.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]) || head.StartsWith((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD])
            || head.StartsWith((ReadOnlySpan<byte>)[0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z'])
            || head.StartsWith((ReadOnlySpan<byte>)[0x04, 0x22, 0x4D, 0x18]))
        {
            return JournalFormat.Compressed;
        }

        ReadOnlySpan<byte> text = head.TrimStart("\x1e \t\r\n"u8);
        if (text.IsEmpty)
        {
            return head.Length < Looked ? JournalFormat.Empty : JournalFormat.Foreign;
        }

        if (text[0] == '{' || text.StartsWith("data: {"u8))
        {
            return JournalFormat.Json;
        }

        // One whose beginning was cut off has a whole entry further on.
        return text.StartsWith("__"u8) || text.IndexOf("\n__"u8) >= 0 ? JournalFormat.Export
            : text.IndexOf("\n{"u8) >= 0 ? JournalFormat.Json
            : JournalFormat.Foreign;
    }
}
