namespace HookAgent.Report.Reading;

/// <summary>The fields of a journal entry that the report looks at (systemd.journal-fields(7)).</summary>
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

internal static class EntryFieldNames
{
    public const int Count = (int)EntryField.LinesDropped + 1;

    /// <summary>The names in the order of the enum.</summary>
    private static readonly byte[][] s_names =
    [
        [.. "MESSAGE_ID"u8], [.. "_HOSTNAME"u8], [.. "_MACHINE_ID"u8], [.. "_BOOT_ID"u8],
        [.. "__REALTIME_TIMESTAMP"u8], [.. "__MONOTONIC_TIMESTAMP"u8], [.. "_UID"u8], [.. "_PID"u8], [.. "UNIT"u8],
        [.. "HOOKAGENT_PREVIOUS_STATE"u8], [.. "HOOKAGENT_STATE"u8], [.. "HOOKAGENT_REASON"u8], [.. "HOOKAGENT_IN_STATE_USEC"u8],
        [.. "SLURM_JOB_ID"u8], [.. "HOOKAGENT_HANDOVER_USEC"u8], [.. "HOOKAGENT_OVERLAP_USEC"u8], [.. "HOOKAGENT_LENT_USEC"u8], [.. "HOOKAGENT_STOP"u8],
        [.. "__CURSOR"u8], [.. "_SYSTEMD_UNIT"u8], [.. "MESSAGE"u8], [.. "OBJECT_SYSTEMD_UNIT"u8], [.. "N_DROPPED"u8],
    ];

    /// <summary>The names as journalctl's --output-fields= takes them.</summary>
    public static string List => string.Join(',', s_names.Select(System.Text.Encoding.ASCII.GetString));

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
}
