using System.ComponentModel;
using System.Diagnostics;

namespace HookAgent.Ctl.Report.Reading;

/// <summary>
/// The journal of this node, through journalctl: what hookagentd wrote, and what systemd wrote about it. journalctl
/// rather than libsystemd, so that files and journal have one reader, and this program no more code for it.
/// </summary>
internal sealed class LocalJournal(string journalctl)
{
    /// <summary>Reads all of it; a sentence where that fails.</summary>
    public string? ReadInto(JournalInput input)
    {
        ProcessStartInfo start = new(journalctl,
            ["--unit", AgentEntry.AgentUnit, "--output", "export", "--quiet", "--no-pager", $"--output-fields={EntryFieldNames.List}"])
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

    private string Failed(string cause) => $"the journal of this node cannot be read: {journalctl} failed ({cause})";

    private static string FirstLine(string text) =>
        text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() ?? "no message";
}
