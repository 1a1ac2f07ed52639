using HookAgent.Ctl.Host;
using HookAgent.Ctl.Output;

namespace HookAgent.Ctl.Status;

/// <summary>
/// The last warning or error that the provider wrote to its journal: why it failed, or what it waits for. Of one that has
/// failed and wrote none, its last line: most programs write to standard error, which has no priority.
/// </summary>
/// <param name="At">When it said it.</param>
/// <param name="Priority">0 (emergency) to 6 (info), as in syslog(3).</param>
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
        Of(JournalLine.Last(journalctl, $"_SYSTEMD_INVOCATION_ID={invocation}", runs ? LinesOfAMessage : MostEntries), runs);

    private const int LinesOfAMessage = 3;

    /// <param name="entries">The newest first.</param>
    internal static ProviderMessage? Of(IReadOnlyList<JournalLine> entries, bool runs)
    {
        List<string> lines = [];
        int? priority = null;
        foreach (JournalLine entry in entries)
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

        if (priority is null && !runs && entries is [{ Priority: { } plain } last, ..] && UnixTime.FromUsec(last.RealtimeUsec) is { } then)
        {
            return new ProviderMessage(then, plain, [last.Message]);
        }

        // The time of a message is that of its newest entry.
        return priority is { } found && UnixTime.FromUsec(entries.First(entry => IsWarning(entry, out _)).RealtimeUsec) is { } at
            ? new ProviderMessage(at, found, lines)
            : null;
    }

    private static bool IsWarning(JournalLine entry, out int priority)
    {
        priority = entry.Priority ?? -1;
        return priority is >= 0 and <= Warning;
    }
}
