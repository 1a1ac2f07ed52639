namespace HookAgent.Report.Reading;

/// <summary>Reads files of journalctl's, and keeps what could not be read of each.</summary>
internal sealed class JournalInput(Histories into)
{
    private static readonly EnumerationOptions s_visible = new() { IgnoreInaccessible = false, AttributesToSkip = FileAttributes.Hidden };

    private readonly Entry _entry = new();

    /// <summary>What is to be said of the input, a sentence each.</summary>
    public List<string> Remarks { get; } = [];

    public int Files { get; private set; }

    /// <summary>Entries that were cut off or make no sense.</summary>
    public long Damaged { get; private set; }

    /// <summary>Files that could not be opened or read to their end.</summary>
    public int Unreadable { get; private set; }

    /// <summary>Files that are nothing of journalctl's.</summary>
    public int Foreign { get; private set; }

    /// <summary>Reads a file, or each file of a folder that is not hidden; "-" is standard input.</summary>
    public void ReadFile(string path)
    {
        if (Directory.Exists(path))
        {
            ReadFolder(path);
            return;
        }

        string name = path == "-" ? "standard input" : path;
        try
        {
            // Unbuffered: the feed has a buffer of its own.
            using Stream stream = path == "-"
                ? Console.OpenStandardInput()
                : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            Read(stream, name);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Unreadable++;
            Remarks.Add($"{name} cannot be read: {failure.Message}");
        }
    }

    private void ReadFolder(string path)
    {
        try
        {
            List<string> names = [.. Directory.EnumerateFiles(path, "*", s_visible)];
            names.Sort(string.CompareOrdinal);
            names.ForEach(ReadFile);
            if (names.Count == 0)
            {
                Remarks.Add($"there is no file in the folder {path}.");
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Unreadable++;
            Remarks.Add($"{path} cannot be read: {failure.Message}");
        }
    }

    /// <param name="mayBeEmpty">Nothing is to be said where there is no entry.</param>
    /// <exception cref="IOException">It cannot be read to its end.</exception>
    public void Read(Stream stream, string name, bool mayBeEmpty = false)
    {
        Files++;
        ByteFeed feed = new(stream);
        switch (JournalFormats.Of(feed))
        {
            case JournalFormat.Export:
                Read(new ExportReader(feed), name);
                break;
            case JournalFormat.Json:
                Read(new JsonReader(feed), name);
                break;
            case JournalFormat.Empty when mayBeEmpty:
                break;
            case JournalFormat.Empty:
                Remarks.Add($"{name} is empty.");
                break;
            case JournalFormat.Binary:
                Refuse($"{name} is a journal file of journald's own; read it with 'journalctl -o export --file {name} | hookctl report -'.");
                break;
            case JournalFormat.Compressed:
                Refuse($"{name} is compressed; unpack it first, as in 'zcat {name} | hookctl report -'.");
                break;
            case JournalFormat.Foreign:
                Refuse($"{name} is neither 'journalctl -o export' nor 'journalctl -o json'; it was passed over.");
                break;
        }
    }

    private void Read(EntryReader reader, string name)
    {
        long damaged = 0;
        EntryOutcome outcome;
        while ((outcome = reader.Next(_entry)) != EntryOutcome.End)
        {
            if (outcome is EntryOutcome.Read)
            {
                into.Take(_entry);
            }
            else
            {
                damaged++;
            }
        }

        if (damaged > 0)
        {
            Damaged += damaged;
            Remarks.Add($"{name} is damaged or cut off: {damaged} {(damaged == 1 ? "entry was" : "entries were")} passed over.");
        }
    }

    private void Refuse(string remark)
    {
        Foreign++;
        Remarks.Add(remark);
    }
}
