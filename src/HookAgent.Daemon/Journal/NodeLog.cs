using HookAgent.Core.Jobs;
using HookAgent.Core.Journal;
using Microsoft.Extensions.Logging;

namespace HookAgent.Daemon.Journal;

/// <summary>
/// Every line the agent writes about itself and its surroundings. The event's name is its MESSAGE_ID; the
/// placeholders become fields of the journal entry.
/// </summary>
/// <remarks>
/// All in this one class and file: the generator writes several classes in an order that differs from build to
/// build (LoggerMessageGenerator 9.0 keeps them in a hash set), and the same sources would not give the same program.
/// </remarks>
internal static partial class NodeLog
{
    [LoggerMessage(1, LogLevel.Information, "hookagentd {Version} started; it lends this node to {Unit} (IdleDelay={IdleDelay}, StopGrace={StopGrace}, PrologWait={PrologWait}). Settings from {Files}.", EventName = NodeMessageIds.DaemonStarted)]
    public static partial void DaemonStarted(this ILogger logger, string version, string unit, string idleDelay, string stopGrace, string prologWait, string files);

    [LoggerMessage(35, LogLevel.Error, "Another hookagentd runs: it has locked {File}. This one changes nothing, and ends unless the other does within 5 s. 'fuser -v {File}' shows it.", EventName = NodeMessageIds.NameTaken)]
    public static partial void AgentRuns(this ILogger logger, string file);

    [LoggerMessage(2, LogLevel.Information, "hookagentd stops; systemd stops the provider with it.", EventName = NodeMessageIds.DaemonStopping)]
    public static partial void DaemonStopping(this ILogger logger);

    [LoggerMessage(3, LogLevel.Critical, "Internal error: hookagentd ends; please report it. systemd starts it again.", EventName = NodeMessageIds.DaemonFault)]
    public static partial void DaemonFault(this ILogger logger, Exception fault);

    [LoggerMessage(4, LogLevel.Error, "Settings not usable: {Errors}. {Consequence}", EventName = NodeMessageIds.SettingsBad)]
    public static partial void SettingsBad(this ILogger logger, string errors, string consequence);

    [LoggerMessage(5, LogLevel.Information, "Settings reloaded from {Files}.{Remark}", EventName = NodeMessageIds.SettingsReloaded)]
    public static partial void SettingsReloaded(this ILogger logger, string files, string remark);

    [LoggerMessage(6, LogLevel.Warning, "The job directory {Directory} holds what is no usable record: {Oddity}. The provider stays off until it is gone.", EventName = NodeMessageIds.RecordUnreadable)]
    public static partial void RecordUnreadable(this ILogger logger, string directory, string oddity);

    [LoggerMessage(118, LogLevel.Warning, "The job directory {Directory} cannot be used: {Cause}. The provider stays off until it can.", EventName = NodeMessageIds.RecordUnreadable)]
    public static partial void DirectoryUnusable(this ILogger logger, string directory, string cause);

    [LoggerMessage(33, LogLevel.Warning, "The proof of {Directory} was made anew as by a boot, and nothing has booted: 'systemd-tmpfiles --boot' was run. It is not believed; the provider stays off until 'hookctl reconcile'.", EventName = NodeMessageIds.ProofRefused)]
    public static partial void ProofRefused(this ILogger logger, string directory);

    [LoggerMessage(7, LogLevel.Information, "The record of job {SlurmJobId} is of another boot and was discarded.", EventName = NodeMessageIds.RecordDropped)]
    public static partial void RecordOfAnotherBoot(this ILogger logger, JobId slurmJobId);

    [LoggerMessage(8, LogLevel.Warning, "slurmstepd runs for job {SlurmJobId}, which has no record; the provider stays off until it has ended.", EventName = NodeMessageIds.StepWithoutRecord)]
    public static partial void StepWithoutRecord(this ILogger logger, JobId slurmJobId);

    [LoggerMessage(9, LogLevel.Warning, "Lost the system bus or systemd on it: {Cause}. Trying again.", EventName = NodeMessageIds.BusLost)]
    public static partial void BusLost(this ILogger logger, string cause);

    [LoggerMessage(10, LogLevel.Information, "The system bus and systemd answer again.", EventName = NodeMessageIds.BusFound)]
    public static partial void BusFound(this ILogger logger);

    [LoggerMessage(34, LogLevel.Warning, "Lost the connection on which everybody reads org.hookagent.Status1: {Cause}. Trying again; no job waits for it. It was lost {Times} times so far.", EventName = NodeMessageIds.StatusLost)]
    public static partial void StatusLost(this ILogger logger, string cause, long times);

    [LoggerMessage(11, LogLevel.Error, "Another process owns {Name} on the system bus; waiting for it to leave. 'busctl status {Name}' shows which.", EventName = NodeMessageIds.NameTaken)]
    public static partial void NameTaken(this ILogger logger, string name);

    [LoggerMessage(12, LogLevel.Error, "The system bus does not let hookagentd own {Name}: {Cause}. Is the bus policy org.hookagent.Node1.conf installed? Trying again.", EventName = NodeMessageIds.NameTaken)]
    public static partial void NameRefused(this ILogger logger, string name, string cause);

    [LoggerMessage(13, LogLevel.Critical, "systemd has not answered for {Limit} beside a job: hookagentd ends, so that systemd stops the provider.", EventName = NodeMessageIds.GaveUp)]
    public static partial void GaveUp(this ILogger logger, string limit);

    [LoggerMessage(14, LogLevel.Warning, "Refused {Method} to user {Uid} ({Sender}): only root may call it. {Denied} calls refused so far.", EventName = NodeMessageIds.CallDenied)]
    public static partial void CallDenied(this ILogger logger, string method, string uid, string sender, long denied);

    [LoggerMessage(15, LogLevel.Error, "Cannot {Action} {Path}: {Cause}. {Consequence}", EventName = NodeMessageIds.StateFileFailed)]
    private static partial void FileFailed(this ILogger logger, string action, string path, string cause, string consequence);

    /// <param name="cause">With or without a full stop: the texts of .NET have one, those of errno(3) none.</param>
    public static void StateFileFailed(this ILogger logger, string action, string path, string cause, string consequence) =>
        logger.FileFailed(action, path, cause.TrimEnd('.'), consequence);

    [LoggerMessage(20, LogLevel.Information, "{Path} is written again; that had failed {Times} times.", EventName = NodeMessageIds.StateFileWritten)]
    public static partial void StateFileWritten(this ILogger logger, string path, long times);

    [LoggerMessage(16, LogLevel.Warning, "Cannot read the state of {Unit} from systemd: {Cause}. Asking again.", EventName = NodeMessageIds.BusLost)]
    public static partial void UnitsUntold(this ILogger logger, string unit, string cause);

    [LoggerMessage(17, LogLevel.Information, "The record of job {SlurmJobId} was removed for an operator.", EventName = NodeMessageIds.RecordDropped)]
    public static partial void RecordDropped(this ILogger logger, JobId slurmJobId);

    [LoggerMessage(18, LogLevel.Warning, "The record of job {SlurmJobId} could not be removed: {Cause}.", EventName = NodeMessageIds.RecordUnreadable)]
    public static partial void RecordNotDropped(this ILogger logger, JobId slurmJobId, string cause);

    [LoggerMessage(19, LogLevel.Warning, "Cannot send {Signal} to {Unit}: {Cause}.", EventName = NodeMessageIds.StopRefused)]
    public static partial void SignalRefused(this ILogger logger, string unit, string signal, string cause);

    [LoggerMessage(30, LogLevel.Warning, "The record of job {SlurmJobId} is stale: the job was to end by {EndTime}, and no slurmstepd runs for it. The node stays busy; where squeue no longer shows the job, 'hookctl reconcile' forgets it.", EventName = NodeMessageIds.RecordStale)]
    public static partial void RecordStale(this ILogger logger, JobId slurmJobId, string endTime);

    [LoggerMessage(31, LogLevel.Warning, "The job directory {Directory} cannot be watched (inotify): {Cause}. It is read every second instead, and with each call of the hook.", EventName = NodeMessageIds.RecordsUnwatched)]
    public static partial void RecordsUnwatched(this ILogger logger, string directory, string cause);

    [LoggerMessage(32, LogLevel.Information, "The job directory {Directory} is watched again.", EventName = NodeMessageIds.RecordsUnwatched)]
    public static partial void RecordsWatchedAgain(this ILogger logger, string directory);

    // What the machine decided, told by DecisionLog. What stands in no placeholder becomes a field of the entry all
    // the same: SLURM_JOB_ID, UNIT, …
    [LoggerMessage(EventId = 101, Message = "{Change}: {Sentence}", EventName = NodeMessageIds.StateChanged)]
    public static partial void StateChanged(this ILogger logger, LogLevel level, string change, string sentence, string hookagentState, string hookagentPreviousState, string hookagentReason, long hookagentInStateUsec, JobId[] slurmJobId, uint[] slurmJobUid, string unit, string messageId);

    [LoggerMessage(102, LogLevel.Critical, "{Unit} is still there after SIGKILL: a process hangs in the kernel, and the job shares the node with it. 'systemctl status {Unit}' names it; only a reboot may help.", EventName = NodeMessageIds.ProviderSurvives)]
    public static partial void ProviderSurvives(this ILogger logger, string unit);

    [LoggerMessage(103, LogLevel.Information, "Job {SlurmJobId} has come to this node.", EventName = NodeMessageIds.JobAppeared)]
    public static partial void JobAppeared(this ILogger logger, JobId slurmJobId, uint? slurmJobUid);

    [LoggerMessage(104, LogLevel.Information, "Job {SlurmJobId} has ended on this node.", EventName = NodeMessageIds.JobDisappeared)]
    public static partial void JobDisappeared(this ILogger logger, JobId slurmJobId, uint? slurmJobUid);

    [LoggerMessage(105, LogLevel.Information, "Handover to job {SlurmJobId}: {Handover} (Prolog start to provider stopped), {Overlap}.", EventName = NodeMessageIds.HandoverDone)]
    public static partial void HandoverDone(this ILogger logger, JobId slurmJobId, string handover, string overlap, long hookagentHandoverUsec, long hookagentOverlapUsec, uint? slurmJobUid, string unit);

    [LoggerMessage(106, LogLevel.Warning, "Job {SlurmJobId} starts beside {Unit}, which is still stopping: its Prolog has waited {Waited}, as long as PrologWait= allows.", EventName = NodeMessageIds.PrologWaitOver)]
    public static partial void PrologWaitOver(this ILogger logger, JobId slurmJobId, string unit, string waited, uint? slurmJobUid);

    [LoggerMessage(107, LogLevel.Information, "{Unit} stopped {How} within {Took}; {Lent}.", EventName = NodeMessageIds.ProviderStopped)]
    public static partial void ProviderStopped(this ILogger logger, string unit, string how, string took, string lent, string hookagentStop, long hookagentStopUsec, long? hookagentLentUsec, JobId[] slurmJobId, uint[] slurmJobUid);

    [LoggerMessage(EventId = 108, Message = "{Unit}: {Sentence}{Detail} {Row}; next try in {RetryIn}.", EventName = NodeMessageIds.ProviderFailed)]
    public static partial void ProviderFailed(this ILogger logger, LogLevel level, string unit, string sentence, string detail, string row, string retryIn, int hookagentFailures, string hookagentReason);

    [LoggerMessage(117, LogLevel.Information, "The ExecCondition= of {Unit} refused its start; it is asked again in {RetryIn}.", EventName = NodeMessageIds.ExecConditionRefused)]
    public static partial void ExecConditionRefused(this ILogger logger, string unit, string retryIn);

    [LoggerMessage(109, LogLevel.Error, "systemd refused to stop {Unit}: {Cause}. Asking again every second.{Row}", EventName = NodeMessageIds.StopRefused)]
    public static partial void StopRefused(this ILogger logger, string unit, string cause, string row);

    [LoggerMessage(110, LogLevel.Information, "Held until {Until}{Cause}; the provider stays off.", EventName = NodeMessageIds.HoldBegan)]
    public static partial void HoldBegan(this ILogger logger, string until, string cause);

    [LoggerMessage(111, LogLevel.Information, "Hold {End}.", EventName = NodeMessageIds.HoldEnded)]
    public static partial void HoldEnded(this ILogger logger, string end);

    [LoggerMessage(113, LogLevel.Warning, "Job {SlurmJobId} came and ended while {Unit} could not be stopped: for up to {Overlap} they ran together.", EventName = NodeMessageIds.JobRanBeside)]
    public static partial void JobRanBeside(this ILogger logger, JobId slurmJobId, string unit, string overlap, long hookagentOverlapUsec, uint? slurmJobUid);

    [LoggerMessage(114, LogLevel.Information, "Somebody else asked systemd to start {Unit}; hookagentd does so as soon as the node may be lent.", EventName = NodeMessageIds.StartRequested)]
    public static partial void StartRequested(this ILogger logger, string unit);

    [LoggerMessage(EventId = 115, Message = "{Stray} runs and is bound to hookagentd, which lends {Unit}. {Consequence}", EventName = NodeMessageIds.StrayFound)]
    public static partial void StrayFound(this ILogger logger, LogLevel level, string stray, string unit, string consequence);

    [LoggerMessage(116, LogLevel.Error, "{Stray} could not be stopped beside a job: {Cause}. It is killed after StopGrace.", EventName = NodeMessageIds.StopRefused)]
    public static partial void StrayNotStopped(this ILogger logger, string stray, string cause);

    [LoggerMessage(112, LogLevel.Information, "{Unit} runs well again; it had failed {Row}.", EventName = NodeMessageIds.ProviderRecovered)]
    public static partial void ProviderRecovered(this ILogger logger, string unit, string row, int hookagentFailures);
}
