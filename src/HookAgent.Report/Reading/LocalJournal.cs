using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace HookAgent.Report.Reading;

/// <summary>Reads the journal of this node through journalctl, so that files and journal have one reader.</summary>
/// <param name="journalctl">Its path, or its name for a search along PATH.</param>
internal sealed class LocalJournal(string journalctl, JournalFiles into)
{
    public const string ReadersHint = "; only root and the groups adm and systemd-journal may read it, so try it with sudo";

    /// <summary>Reads the entries that <paramref name="which"/> selects; returns a sentence on why that failed, or null.</summary>
    public string? Read(bool mayBeEmpty, params IEnumerable<string> which)
    {
        ProcessStartInfo start = new(journalctl, [.. which, "--output", "export", "--quiet", "--no-pager", $"--output-fields={EntryFields.Names}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            into.Read(process.StandardOutput.BaseStream, "the journal", mayBeEmpty);
            process.WaitForExit();
            string? said = errors.Result.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
            return process.ExitCode == 0 ? null : Failed($"exit code {process.ExitCode}: {said ?? "no message"}");
        }
        catch (Win32Exception failure)
        {
            return $"{journalctl} cannot be run ({Marshal.GetPInvokeErrorMessage(failure.NativeErrorCode)}); it comes with systemd. "
                + "Give files that journalctl wrote instead: hookctl report FILE...";
        }
        catch (IOException failure)
        {
            return Failed(failure.Message);
        }
    }

    private string Failed(string cause) =>
        $"the journal of this node cannot be read: {journalctl} failed ({cause}){(Environment.IsPrivilegedProcess ? "" : ReadersHint)}";
}
