using System.Globalization;
using System.Text.Json;

namespace HookAgent.Ctl.Status;

/// <summary>An entry of the provider's in the journal: when it was received, in microseconds since the Epoch, and what it said.</summary>
/// <param name="Priority">As in syslog(3); null where the entry has none.</param>
internal sealed record ProviderEntry(ulong RealtimeUsec, int? Priority, string Message)
{
    /// <summary>journalctl finds the entries of a run by the journal's index, in some ten milliseconds.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The last entries of a run, the newest first; none where there are none, the caller may not read them, or journalctl
    /// does not answer.
    /// </summary>
    /// <param name="invocation">systemd's id of the run, in hex, which is journald's own word.</param>
    public static IReadOnlyList<ProviderEntry> Last(string journalctl, string invocation, int most) =>
    [
        // Not by priority as well: a search for both could pass over millions of entries of others.
        .. (BoundedProgram.TryRun(
                journalctl, s_patience, "--quiet", "--no-pager", "--reverse", string.Create(CultureInfo.InvariantCulture, $"--lines={most}"),
                "--output=json", "--output-fields=MESSAGE,PRIORITY", $"_SYSTEMD_INVOCATION_ID={invocation}") ?? "")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(TryParse)
            .OfType<ProviderEntry>(),
    ];

    /// <summary>Reads a line of "journalctl --output=json"; null where it is none.</summary>
    internal static ProviderEntry? TryParse(string line)
    {
        try
        {
            using JsonDocument entry = JsonDocument.Parse(line);
            return entry.RootElement.ValueKind is JsonValueKind.Object
                && ulong.TryParse(Text(entry.RootElement, "__REALTIME_TIMESTAMP"), NumberStyles.None, CultureInfo.InvariantCulture, out ulong usec)
                ? new ProviderEntry(
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

    /// <summary>A field that is text. One that is not, or is there twice, comes as an array, and one that is too long as null.</summary>
    private static string Text(JsonElement entry, string field) =>
        entry.TryGetProperty(field, out JsonElement value) && value.ValueKind is JsonValueKind.String ? value.GetString() ?? "" : "";
}
