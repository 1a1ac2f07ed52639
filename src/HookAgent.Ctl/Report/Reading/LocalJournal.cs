using System.ComponentModel;
using System.Diagnostics;

namespace HookAgent.Ctl.Report.Reading;

/// <summary>
/// The journal of this node, through journalctl: what hookagentd wrote, and what systemd wrote about it. journalctl
/// rather than libsystemd, so that files and journal have one reader, and this program no more code for it.
/// </summary>
internal sealed class LocalJournal(string journalctl)
{
    public const string ReadersHint = "; only root and the groups adm and systemd-journal may read it, so try it with sudo";

    /// <summary>
    /// Reads all of it; a sentence where that fails. Of boots that did not end in order it looks up the last entry of all,
    /// because the node may have gone on for long after the agent had something to tell.
    /// </summary>
    public string? ReadInto(JournalInput input, Histories histories) =>
        Read(input, "--unit", AgentEntry.AgentUnit)
        ?? histories.UnendedBoots().Select(boot => Read(input, $"_BOOT_ID={boot}", "--lines=1")).FirstOrDefault(static failure => failure is not null);

    private string? Read(JournalInput input, params string[] which)
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
            input.Read(process.StandardOutput.BaseStream, "the journal");
            process.WaitForExit();
            return process.ExitCode == 0 ? null : Failed($"exit code {process.ExitCode}: {FirstLine(errors.Result)}");
        }
        catch (Exception failure) when (failure is Win32Exception or IOException)
        {
            return Failed(failure.Message);
        }
    }

    private string Failed(string cause) =>
        $"the journal of this node cannot be read: {journalctl} failed ({cause}){(Environment.IsPrivilegedProcess ? "" : ReadersHint)}";

    private static string FirstLine(string text) =>
        text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() ?? "no message";
}
