using System.Globalization;
using System.Text.Json;
using HookAgent.Ctl.Host;
using HookAgent.Ctl.Output;

namespace HookAgent.Ctl.Status;

/// <summary>
/// The last warning or error that the provider wrote to its journal: why it failed, or what it waits for.
/// </summary>
/// <param name="At">When it said it.</param>
/// <param name="Priority">0 (emergency) to 4 (warning), as in syslog(3).</param>
/// <param name="Lines">One, or a message of "what", "Cause: …" and "Next: …".</param>
internal sealed record ProviderMessage(DateTimeOffset At, int Priority, IReadOnlyList<string> Lines)
{
    private const int Warning = 4;

    /// <summary>How many entries, such as a stack trace, may follow the message.</summary>
    private const int MostEntries = 100;

    /// <summary>Reads it; null where there is none, or the journal cannot be read.</summary>
    /// <param name="invocation">systemd's id of the unit's last run, in hex.</param>
    /// <param name="runs">
    /// It runs: then only its last message counts, because an earlier warning is over once it writes something else.
    /// </param>
    public static ProviderMessage? Read(string journalctl, string invocation, bool runs) =>
        Of(ProviderLogEntry.Last(journalctl, invocation, runs ? LinesOfAMessage : MostEntries), runs);

    private const int LinesOfAMessage = 3;

    /// <param name="entries">The newest first.</param>
    internal static ProviderMessage? Of(IReadOnlyList<ProviderLogEntry> entries, bool runs)
    {
        List<string> lines = [];
        int? priority = null;
        foreach (ProviderLogEntry entry in entries)
        {
            if (!IsWarning(entry, out int its) || (priority is not null && its != priority))
            {
                if (priority is null && !runs)
                {
                    continue;
                }

                break;
            }

            string line = entry.Message;
            lines.Insert(0, line);
            priority = its;
            bool goesOn = line.StartsWith("Cause: ", StringComparison.Ordinal) || line.StartsWith("Next: ", StringComparison.Ordinal);
            if (!goesOn || lines.Count == LinesOfAMessage)
            {
                break;
            }
        }

        // The time of a message is that of its newest entry.
        return priority is { } found && UnixTime.FromUsec(entries.First(entry => IsWarning(entry, out _)).RealtimeUsec) is { } at
            ? new ProviderMessage(at, found, lines)
            : null;
    }

    private static bool IsWarning(ProviderLogEntry entry, out int priority)
    {
        priority = entry.Priority ?? -1;
        return priority is >= 0 and <= Warning;
    }
}

/// <summary>A journal entry of the provider: when it was received, in microseconds since the Epoch, and its text.</summary>
/// <param name="Priority">As in syslog(3); null where the entry has none.</param>
internal sealed record ProviderLogEntry(ulong RealtimeUsec, int? Priority, string Message)
{
    /// <summary>journalctl finds the entries of a run by the journal's index, within about ten milliseconds.</summary>
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The last entries of a run, the newest first; none where there are none, the caller may not read them, or journalctl
    /// does not answer.
    /// </summary>
    /// <param name="invocation">systemd's id of the run, in hex.</param>
    public static IReadOnlyList<ProviderLogEntry> Last(string journalctl, string invocation, int most) =>
    [
        // Not by priority as well: a search for both could read millions of entries of others.
        .. (BoundedProgram.TryRun(
                journalctl, s_timeout, "--quiet", "--no-pager", "--reverse", string.Create(CultureInfo.InvariantCulture, $"--lines={most}"),
                "--output=json", "--output-fields=MESSAGE,PRIORITY", $"_SYSTEMD_INVOCATION_ID={invocation}") ?? "")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(TryParse)
            .OfType<ProviderLogEntry>(),
    ];

    /// <summary>Reads a line of "journalctl --output=json"; null where it is none.</summary>
    internal static ProviderLogEntry? TryParse(string line)
    {
        try
        {
            using JsonDocument entry = JsonDocument.Parse(line);
            return entry.RootElement.ValueKind is JsonValueKind.Object
                && ulong.TryParse(Text(entry.RootElement, "__REALTIME_TIMESTAMP"), NumberStyles.None, CultureInfo.InvariantCulture, out ulong usec)
                ? new ProviderLogEntry(
                    usec,
                    int.TryParse(Text(entry.RootElement, "PRIORITY"), NumberStyles.None, CultureInfo.InvariantCulture, out int priority) ? priority : null,
                    Text(entry.RootElement, "MESSAGE"))
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A field that is text. journalctl writes any other, or one that is there twice, as an array, and one that is too long as null.</summary>
    private static string Text(JsonElement entry, string field) =>
        entry.TryGetProperty(field, out JsonElement value) && value.ValueKind is JsonValueKind.String ? value.GetString() ?? "" : "";
}
