using HookAgent.Core.Text;

namespace HookAgent.Report.Reading;

/// <summary>Reads what journalctl wrote, from files and streams, and counts what cannot be read.</summary>
/// <param name="add">Gets each entry. The object is filled again afterwards.</param>
internal sealed class JournalFiles(Action<EntryFields> add)
{
    /// <summary>In bytes: as much of a file's beginning tells its format.</summary>
    private const int Beginning = 1 << 16;

    private static readonly EnumerationOptions s_visible = new() { IgnoreInaccessible = false, AttributesToSkip = FileAttributes.Hidden };

    private readonly EntryFields _entry = new();
    private readonly BufferedInput _input = new();

    /// <summary>What the user is to know of the input, a sentence each.</summary>
    public List<string> Remarks { get; } = [];

    public int Files { get; private set; }

    /// <summary>Entries that are cut off or make no sense.</summary>
    public long Damaged { get; private set; }

    /// <summary>Files that cannot be opened or read to their end.</summary>
    public int Unreadable { get; private set; }

    /// <summary>Files that journalctl did not write.</summary>
    public int Foreign { get; private set; }

    /// <summary>Reads a file, or each file of a folder that is not hidden; "-" is standard input.</summary>
    public void Read(string path)
    {
        string name = path == "-" ? "standard input" : path;
        try
        {
            if (Directory.Exists(path))
            {
                ReadFolder(path);
                return;
            }

            // Unbuffered: the input has a buffer of its own.
            using Stream stream = path == "-"
                ? Console.OpenStandardInput()
                : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            Read(stream, name);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Unreadable++;
            Remarks.Add($"{name} cannot be read: {FileFailure.Words(failure)}; give what 'journalctl -o export' wrote.");
        }
    }

    private void ReadFolder(string path)
    {
        string[] files = [.. Directory.EnumerateFiles(path, "*", s_visible).Order(StringComparer.Ordinal)];
        Array.ForEach(files, Read);
        if (files.Length == 0)
        {
            Remarks.Add($"there is no file in the folder {path}; write one a node into it, with 'journalctl -o export'.");
        }
    }

    /// <param name="mayBeEmpty">No remark is made where there is no entry.</param>
    /// <exception cref="IOException">It cannot be read to its end.</exception>
    public void Read(Stream stream, string name, bool mayBeEmpty = false)
    {
        Files++;
        _input.Open(stream);
        _input.Need(Beginning);
        ReadOnlySpan<byte> head = _input.Ahead[..Math.Min(_input.Ahead.Length, Beginning)];
        ReadOnlySpan<byte> text = head.TrimStart("\x1e \t\r\n"u8);
        if (head.StartsWith("LPKSHHRH"u8))
        {
            Refuse($"{name} is a journal file of journald's own; read it with 'journalctl -o export --file {name} | hookctl report -'.");
        }
        else if (IsCompressed(head))
        {
            Refuse($"{name} is compressed; unpack it first, as in 'zcat {name} | hookctl report -'.");
        }
        else if (text.IsEmpty && head.Length < Beginning)
        {
            Remarks.AddRange(mayBeEmpty ? [] : [$"{name} is empty: its node is not in the report."]);
        }
        else if (text.StartsWith("{\n"u8))
        {
            Refuse($"{name} is 'journalctl -o json-pretty'; write it with '-o json', an entry a line.");
        }
        else if (text.StartsWith("{"u8) || text.StartsWith("data: {"u8))
        {
            Read(new JsonReader(_input), name);
        }

        // A file whose beginning was cut off has a whole entry further on.
        else if (text.StartsWith("__"u8) || text.IndexOf("\n__"u8) >= 0)
        {
            Read(new ExportReader(_input), name);
        }
        else if (text.IndexOf("\n{"u8) >= 0)
        {
            Read(new JsonReader(_input), name);
        }
        else
        {
            Refuse($"{name} is neither 'journalctl -o export' nor 'journalctl -o json'; it was skipped.");
        }
    }

    /// <summary>By gzip, zstd, xz or lz4.</summary>
    private static bool IsCompressed(ReadOnlySpan<byte> head) =>
        head.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]) || head.StartsWith((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD])
        || head.StartsWith((ReadOnlySpan<byte>)[0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z']) || head.StartsWith((ReadOnlySpan<byte>)[0x04, 0x22, 0x4D, 0x18]);

    private void Read(EntryReader reader, string name)
    {
        long damaged = 0;
        EntryOutcome outcome;
        while ((outcome = reader.Next(_entry)) != EntryOutcome.End)
        {
            if (outcome is EntryOutcome.Read)
            {
                add(_entry);
            }
            else
            {
                damaged++;
            }
        }

        if (damaged > 0)
        {
            Damaged += damaged;
            Remarks.Add($"{name} is damaged or cut off: {damaged} {(damaged == 1 ? "entry was" : "entries were")} skipped.");
        }
    }

    private void Refuse(string remark)
    {
        Foreign++;
        Remarks.Add(remark);
    }
}
