using System.Runtime.InteropServices;
using HookAgent.Core;
using HookAgent.Core.Jobs;
using HookAgent.Core.Journal;
using HookAgent.Core.Settings;
using HookAgent.Hook.Bus;

namespace HookAgent.Hook;

/// <summary>
/// What the hook has to say: nothing when all went well, otherwise one entry in the journal that names the
/// thing, the cause and the next step. Also on the terminal, where there is one.
/// </summary>
/// <param name="journalSocket">Where journald listens.</param>
internal sealed class HookLog(string journalSocket)
{
    private const string Usage =
        """
        Usage: slurm-hook [prolog|epilog [JOBID]]

        Notes that a Slurm job begins on this node or has ended, and tells hookagentd.
        slurmd runs it as Prolog= and as Epilog=, without arguments. A site's own
        script calls 'slurm-hook prolog' or 'slurm-hook epilog'. Without JOBID the job
        is the one of SLURM_JOB_ID. The exit code is always 0; errors are in the
        journal: journalctl -t slurm-hook

          --bus unix:path=SOCKET  use this system bus
          --run-dir DIR           use this directory instead of /run/hookagent
          --help, --version       print this, or the version

        """;

    private const int MostEntryBytes = 4096;
    private const string Warning = "4";
    private const string Error = "3";

    /// <summary>The hook was asked for something else than to run, or for nothing that makes sense.</summary>
    public void NotRun(Invocation asked)
    {
        switch (asked.Action)
        {
            case HookAction.Help:
                Terminal.Print(Usage);
                break;
            case HookAction.Version:
                Terminal.Print($"slurm-hook {ProductVersion.Text}\n");
                break;
            case HookAction.OtherContext:
                Write(Warning, MessageIds.HookInOtherContext, null, $"Run by Slurm as '{asked.Text}', where it does nothing. Set it as Prolog= and Epilog= in slurm.conf only.");
                break;
            case HookAction.NoJob:
                Write(Warning, MessageIds.HookWithoutJob, null, $"Run as {Name(asked.Script)} without a job: SLURM_JOB_ID is not set. Nothing was done. By hand: slurm-hook {Name(asked.Script)} JOBID.");
                break;
            case HookAction.BadJob:
                Write(Warning, MessageIds.HookWithoutJob, null, $"Run as {Name(asked.Script)} for '{asked.Text}', which is no job id. Nothing was done. A job id is digits only, as squeue shows it.");
                break;
            case HookAction.Misused:
                Write(Warning, MessageIds.HookMisused, null, $"Nothing was done: {asked.Text}. See slurm-hook --help.");
                break;
            case HookAction.Run:
                break;
        }
    }

    public void NotRoot(Invocation asked) => Write(
        Warning,
        MessageIds.HookNotRoot,
        asked.Job,
        $"Job {asked.Job}: {Name(asked.Script)} not run as root, so nothing was done. slurmd runs Prolog= and Epilog= as root, TaskProlog= and TaskEpilog= as the user; set the hook as the former.");

    public void Recorded(Invocation asked, RecordChange change, string directory)
    {
        switch (change.Outcome)
        {
            case RecordOutcome.Done or RecordOutcome.WasNotThere:
                break;
            case RecordOutcome.RemoveFailed:
                Write(Error, MessageIds.RecordNotRemoved, asked.Job, $"Job {asked.Job} has ended, and its record {directory}/{asked.Job} cannot be removed: {Why(change.Errno)}. The node stays busy until it is removed by hand, or until reboot.");
                break;
            case RecordOutcome.CreateFailed or RecordOutcome.ModeFailed or RecordOutcome.WriteFailed or RecordOutcome.RenameFailed:
                Write(Error, MessageIds.RecordNotWritten, asked.Job, $"Job {asked.Job} begins, and its record in {directory} cannot be written ({Step(change.Outcome)}: {Why(change.Errno)}). The node counts as unknown until the job ends. If the directory is missing: systemd-tmpfiles --create hookagent.conf.");
                break;
        }
    }

    public void Settings(Invocation asked, HookSettingsFault fault, string path)
    {
        if (fault != HookSettingsFault.None)
        {
            string what = fault == HookSettingsFault.Unreadable ? "it cannot be read"
                : fault == HookSettingsFault.Timeout ? "TIMEOUT_USEC is no number from 10000 to 60000000"
                : fault == HookSettingsFault.PrologWait ? "PROLOG_WAIT_USEC is no number from 0 to 600000000"
                : "TIMEOUT_USEC and PROLOG_WAIT_USEC are out of range";
            Write(Warning, MessageIds.HookSettingsBad, asked.Job, $"{path}: {what}, using the default. hookagentd writes this file at its start: systemctl restart hookagentd.");
        }
    }

    /// <summary>The record is there or gone by now, so an agent that was not told still comes to know.</summary>
    public void Outcome(Invocation asked, CallResult answer, string bus)
    {
        (string MessageId, string What, string LookAt)? said = answer.Outcome switch
        {
            CallOutcome.Answered => null,
            CallOutcome.NoBus => (MessageIds.BusUnusable, "cannot be reached", "systemctl status dbus"),
            CallOutcome.Rejected => (MessageIds.BusUnusable, "does not let root in", "journalctl -u dbus"),
            CallOutcome.Closed => (MessageIds.BusUnusable, "hung up", "journalctl -u dbus"),
            CallOutcome.Garbled => (MessageIds.BusUnusable, "is no bus", "systemctl status dbus"),
            CallOutcome.BusSilent => (MessageIds.BusSilent, "did not answer in time", "systemctl status dbus"),
            CallOutcome.DaemonAbsent => (MessageIds.DaemonAbsent, "is not on the bus", "systemctl status hookagentd"),
            CallOutcome.DaemonSilent => (MessageIds.DaemonSilent, "did not answer in time", "hookctl status, systemctl status hookagentd"),
            CallOutcome.Refused => (MessageIds.CallRefused, "refused the call", "journalctl -u hookagentd"),
        };
        if (said is var (messageId, what, lookAt))
        {
            string who = answer.Outcome < CallOutcome.DaemonAbsent ? "what is at " + bus : "it";
            string why = answer.Errno != 0 ? Why(answer.Errno) : answer.Detail;
            Write(Warning, messageId, asked.Job, $"Job {asked.Job} {(asked.Script == SlurmScript.Prolog ? "begins" : "has ended")} and hookagentd was not told: {who} {what}{(why.Length > 0 ? ": " : "")}{why}. Look at: {lookAt}.");
        }
    }

    public void Fault(Exception fault) => Write(
        Error,
        MessageIds.HookFault,
        null,
        $"Ended by an internal error ({fault.GetType().Name}: {fault.Message}). The job goes on; the node may show as busy or unknown. Please report this; then: hookctl reconcile.");

    private static string Name(SlurmScript script) => script switch
    {
        SlurmScript.Prolog => "prolog",
        SlurmScript.Epilog => "epilog",
    };

    private static string Step(RecordOutcome outcome) => outcome switch
    {
        RecordOutcome.CreateFailed => "create",
        RecordOutcome.ModeFailed => "chmod",
        RecordOutcome.WriteFailed => "write",
        RecordOutcome.RenameFailed => "rename",
        RecordOutcome.RemoveFailed => "unlink",
        RecordOutcome.Done or RecordOutcome.WasNotThere => "",
    };

    private static string Why(int errno) => Marshal.GetPInvokeErrorMessage(errno);

    /// <summary>What journald does not take at once is lost: the hook waits for nothing that a job does not need.</summary>
    private void Write(string priority, string messageId, JobId? job, string message)
    {
        JournalEntry entry = new(stackalloc byte[MostEntryBytes]);
        entry.AddLine("PRIORITY", priority);
        entry.AddLine("SYSLOG_IDENTIFIER", "slurm-hook");
        entry.AddLine("MESSAGE_ID", messageId);
        if (job is { } of)
        {
            entry.AddLine("SLURM_JOB_ID", of.ToString());
        }

        entry.AddLine("MESSAGE", message);
        if (JournalSocket.Open(journalSocket) is { } journal)
        {
            _ = journal.Send(entry.Bytes);
            journal.Close();
        }

        Terminal.Warn("slurm-hook: " + message);
    }
}
