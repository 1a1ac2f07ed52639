using System.Buffers;

namespace HookAgent.Bus.Sd;

/// <summary>Writes entries to the journal (sd_journal_sendv(3)).</summary>
public static unsafe class JournalWriter
{
    /// <summary>The journal takes more, but an entry of ours with more is a mistake.</summary>
    public const int MaxFields = 64;

    /// <summary>
    /// Writes one entry of fields, each the bytes of "KEY=value"; a value may have any byte in it, line breaks
    /// too. Returns 0 or an error number (errno(3), positive).
    /// Blocks while journald does not read, so an event loop must not call it; and says 0, writing nothing,
    /// where there is no journald.
    /// </summary>
    public static int Send(ReadOnlySpan<ReadOnlyMemory<byte>> fields)
    {
        ArgumentOutOfRangeException.ThrowIfZero(fields.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(fields.Length, MaxFields);
        LibSystemd.IoVector* vectors = stackalloc LibSystemd.IoVector[fields.Length];
        MemoryHandle[] pins = new MemoryHandle[fields.Length];
        try
        {
            for (int i = 0; i < fields.Length; i++)
            {
                pins[i] = fields[i].Pin();
                vectors[i] = new LibSystemd.IoVector((byte*)pins[i].Pointer, (nuint)fields[i].Length);
            }

            return -Math.Min(0, LibSystemd.sd_journal_sendv(vectors, fields.Length));
        }
        finally
        {
            foreach (MemoryHandle pin in pins)
            {
                pin.Dispose();
            }
        }
    }
}
