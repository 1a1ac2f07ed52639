using System.Text;
using HookAgent.Core.Text;

namespace HookAgent.Report.Reading;

/// <summary>The fields of a journal entry that the report reads (systemd.journal-fields(7)).</summary>
internal enum EntryField
{
    MessageId,
    HostName,
    MachineId,
    BootId,
    Realtime,
    Monotonic,
    UserId,
    ProcessId,
    Unit,
    PreviousState,
    State,
    Reason,
    InState,
    Job,
    Handover,
    Overlap,
    Lent,
    Stop,
    Cursor,
    SystemdUnit,
    Message,
    ObjectUnit,
    LinesDropped,
}

/// <summary>When an entry was written.</summary>
/// <param name="Realtime">In µs since the Epoch, by the clock of that time.</param>
/// <param name="Monotonic">In µs of the boot's CLOCK_MONOTONIC, which nobody sets.</param>
internal readonly record struct EntryTime(long Realtime, long Monotonic);

/// <summary>The fields of one journal entry that the report reads. One object is filled again for each entry.</summary>
internal sealed class EntryFields
{
    /// <summary>The fields in the order of <see cref="EntryField"/>, as journalctl's --output-fields= takes them.</summary>
    public const string Names =
        "MESSAGE_ID,_HOSTNAME,_MACHINE_ID,_BOOT_ID,__REALTIME_TIMESTAMP,__MONOTONIC_TIMESTAMP,_UID,_PID,UNIT,"
        + "HOOKAGENT_PREVIOUS_STATE,HOOKAGENT_STATE,HOOKAGENT_REASON,HOOKAGENT_IN_STATE_USEC,SLURM_JOB_ID,"
        + "HOOKAGENT_HANDOVER_USEC,HOOKAGENT_OVERLAP_USEC,HOOKAGENT_LENT_USEC,HOOKAGENT_STOP,"
        + "__CURSOR,_SYSTEMD_UNIT,MESSAGE,OBJECT_SYSTEMD_UNIT,N_DROPPED";

    /// <summary>In bytes. A host name has at most 64, a unit's name 255; a longer value counts as absent.</summary>
    private const int MostValue = 256;

    /// <summary>The end of the year 9999, in µs since the Epoch. A later time counts as none.</summary>
    private const long MostTime = 253_402_300_799_999_999;

    private static readonly byte[][] s_names = [.. Names.Split(',').Select(Encoding.ASCII.GetBytes)];

    private readonly byte[] _values = new byte[s_names.Length * MostValue];
    private readonly int[] _lengths = new int[s_names.Length];
    private readonly string[] _lastTexts = [.. s_names.Select(static _ => "")];
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _texts = new HashSet<string>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Empty where the entry does not have the field.</summary>
    public ReadOnlySpan<byte> this[EntryField field] => _values.AsSpan((int)field * MostValue, _lengths[(int)field]);

    /// <summary>When the entry was written; null where it does not say so.</summary>
    public EntryTime? Time => Usec(EntryField.Realtime) is { } realtime && Usec(EntryField.Monotonic) is { } monotonic ? new EntryTime(realtime, monotonic) : null;

    /// <summary>Whether root wrote it, as far as the file tells. Anybody may write any field to the journal, but not another user's id.</summary>
    public bool IsOfRoot => this[EntryField.UserId].IsEmpty || this[EntryField.UserId].SequenceEqual("0"u8);

    public static EntryField? Find(ReadOnlySpan<byte> name)
    {
        for (int i = 0; i < s_names.Length; i++)
        {
            if (name.SequenceEqual(s_names[i]))
            {
                return (EntryField)i;
            }
        }

        return null;
    }

    public bool Has(EntryField field) => _lengths[(int)field] > 0;

    /// <summary>A field as text, empty where it is absent. Equal texts are one string, so that a million events share a few hundred.</summary>
    public string Text(EntryField field)
    {
        // Entries of one node follow each other, mostly.
        if (Ascii.Equals(this[field], _lastTexts[(int)field]))
        {
            return _lastTexts[(int)field];
        }

        Span<char> text = stackalloc char[MostValue];
        text = text[..Encoding.UTF8.GetChars(this[field], text)];
        if (!_texts.TryGetValue(text, out string? shared))
        {
            shared = text.ToString();
            _texts.Set.Add(shared);
        }

        _lastTexts[(int)field] = shared;
        return shared;
    }

    /// <summary>A field as a number; null where it is none.</summary>
    public long? Number(EntryField field) => Digits.Read(this[field]);

    /// <summary>A field as a time in µs; null where it is none, or beyond the year 9999.</summary>
    public long? Usec(EntryField field) => Number(field) is { } usec and <= MostTime ? usec : null;

    public void Clear() => Array.Clear(_lengths);

    /// <summary>The first value counts when a field is there more than once.</summary>
    public void Set(EntryField field, ReadOnlySpan<byte> value)
    {
        if (!Has(field) && value.Length <= MostValue)
        {
            value.CopyTo(_values.AsSpan((int)field * MostValue));
            _lengths[(int)field] = value.Length;
        }
    }
}
