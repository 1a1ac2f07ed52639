using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace HookAgent.Report.Reading;

/// <summary>
/// The journal of this node, through journalctl: what hookagentd and the provider wrote, and what systemd wrote about
/// them. By journalctl, so that files and journal have one reader, and this program no more code for it.
/// </summary>
internal sealed class LocalJournal(string journalctl)
{
    public const string ReadersHint = "; only root and the groups adm and systemd-journal may read it, so try it with sudo";

    /// <summary>
    /// Reads all of it; a sentence where that fails. Of boots that did not end in order it looks up the last entry of all,
    /// because the node may have gone on for long after the agent had something to tell.
    /// </summary>
    /// <param name="span">What is wanted of the provider, which writes a dozen lines a task; nulls for all.</param>
    public string? ReadInto(JournalInput input, Histories histories, (long? From, long? To) span) =>
        Read(input, mayBeEmpty: false, "--unit", AgentEntry.AgentUnit)
        ?? histories.UnendedBoots().Select(boot => Read(input, mayBeEmpty: false, $"_BOOT_ID={boot}", "--lines=1")).FirstOrDefault(static failure => failure is not null)
        ?? histories.LentTo().Select(unit => Read(input, mayBeEmpty: true, ["--unit", unit, .. Since(span)])).FirstOrDefault(static failure => failure is not null);

    /// <summary>From when on, and until when, in whole seconds around it.</summary>
    private static IEnumerable<string> Since((long? From, long? To) span) =>
    [
        .. span.From is { } from ? (string[])[$"--since=@{from / 1_000_000}"] : [],
        .. span.To is { } to ? (string[])[$"--until=@{(to / 1_000_000) + 1}"] : [],
    ];

    private string? Read(JournalInput input, bool mayBeEmpty, params string[] which)
    {
        ProcessStartInfo start = new(
            journalctl, [.. which, "--output", "export", "--quiet", "--no-pager", $"--output-fields={EntryFieldNames.List}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            input.Read(process.StandardOutput.BaseStream, "the journal", mayBeEmpty);
            process.WaitForExit();
            return process.ExitCode == 0 ? null : Failed($"exit code {process.ExitCode}: {FirstLine(errors.Result)}");
        }
        catch (Win32Exception failure)
        {
            return $"{journalctl} cannot be run ({Marshal.GetPInvokeErrorMessage(failure.NativeErrorCode)}); it comes with systemd. "
                + "Name files of journalctl's instead: hookctl report FILE...";
        }
        catch (IOException failure)
        {
            return Failed(failure.Message);
        }
    }

    private string Failed(string cause) =>
        $"the journal of this node cannot be read: {journalctl} failed ({cause}){(Environment.IsPrivilegedProcess ? "" : ReadersHint)}";

    private static string FirstLine(string text) =>
        text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() ?? "no message";
}
