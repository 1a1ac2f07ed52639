using System.Globalization;
using System.Text.Json;

namespace HookAgent.Ctl.Host;

/// <summary>A journal entry: when it was received, in microseconds since the Epoch, and its text.</summary>
/// <param name="Priority">As in syslog(3); null where the entry has none.</param>
internal sealed record JournalLine(ulong RealtimeUsec, int? Priority, string Message)
{
    /// <summary>journalctl finds the entries with a field by the journal's index, within about ten milliseconds.</summary>
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The last entries with a field, the newest first; none where there are none, the caller may not read them, or journalctl
    /// does not answer.
    /// </summary>
    /// <param name="match">The field and its value: "SLURM_JOB_ID=17".</param>
    public static IReadOnlyList<JournalLine> Last(string journalctl, string match, int most) =>
    [
        // Not by priority as well: a search for both could read millions of entries of others.
        .. (BoundedProgram.TryRun(
                journalctl, s_timeout, "--quiet", "--no-pager", "--reverse", string.Create(CultureInfo.InvariantCulture, $"--lines={most}"),
                "--output=json", "--output-fields=MESSAGE,PRIORITY", match) ?? "")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(TryParse)
            .OfType<JournalLine>(),
    ];

    /// <summary>Reads a line of "journalctl --output=json"; null where it is none.</summary>
    internal static JournalLine? TryParse(string line)
    {
        try
        {
            using JsonDocument entry = JsonDocument.Parse(line);
            return entry.RootElement.ValueKind is JsonValueKind.Object
                && ulong.TryParse(Text(entry.RootElement, "__REALTIME_TIMESTAMP"), NumberStyles.None, CultureInfo.InvariantCulture, out ulong usec)
                ? new JournalLine(
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
