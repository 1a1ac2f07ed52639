using HookAgent.Core.Jobs;
using HookAgent.Core.Journal;
using Microsoft.Extensions.Logging;

namespace HookAgent.Daemon.Journal;

/// <summary>
/// Every line the daemon writes about itself and its surroundings. The event's name is its MESSAGE_ID; the
/// placeholders become fields of the journal entry. What the node does is told in <see cref="DecisionLog"/>.
/// </summary>
internal static partial class NodeLog
{
    [LoggerMessage(1, LogLevel.Information, "hookagentd {Version} started; it lends this node to {Unit} (IdleDelay={IdleDelay}, StopGrace={StopGrace}, PrologWait={PrologWait}). Settings from {Files}.", EventName = NodeMessageIds.DaemonStarted)]
    public static partial void DaemonStarted(this ILogger logger, string version, string unit, string idleDelay, string stopGrace, string prologWait, string files);

    [LoggerMessage(2, LogLevel.Information, "hookagentd stops; systemd stops the provider with it.", EventName = NodeMessageIds.DaemonStopping)]
    public static partial void DaemonStopping(this ILogger logger);

    [LoggerMessage(3, LogLevel.Critical, "hookagentd ends by a fault of its own; please report it. systemd starts it again.", EventName = NodeMessageIds.DaemonFault)]
    public static partial void DaemonFault(this ILogger logger, Exception fault);

    [LoggerMessage(4, LogLevel.Error, "Settings not usable: {Errors} {Consequence}", EventName = NodeMessageIds.SettingsBad)]
    public static partial void SettingsBad(this ILogger logger, string errors, string consequence);

    [LoggerMessage(5, LogLevel.Information, "Settings reloaded from {Files}.{Remark}", EventName = NodeMessageIds.SettingsReloaded)]
    public static partial void SettingsReloaded(this ILogger logger, string files, string remark);

    [LoggerMessage(6, LogLevel.Warning, "In the job directory {Directory}, cannot use {Oddity}; the node counts as occupied until it is gone.", EventName = NodeMessageIds.RecordUnreadable)]
    public static partial void RecordUnreadable(this ILogger logger, string directory, string oddity);

    [LoggerMessage(7, LogLevel.Information, "The record of job {SlurmJobId} is of another boot and was discarded.", EventName = NodeMessageIds.RecordDropped)]
    public static partial void RecordOfAnotherBoot(this ILogger logger, JobId slurmJobId);

    [LoggerMessage(8, LogLevel.Warning, "slurmstepd runs for job {SlurmJobId}, which has no record; the provider stays off until it has ended.", EventName = NodeMessageIds.StepWithoutRecord)]
    public static partial void StepWithoutRecord(this ILogger logger, JobId slurmJobId);

    [LoggerMessage(9, LogLevel.Warning, "Lost the system bus or systemd on it: {Cause}. Trying again.", EventName = NodeMessageIds.BusLost)]
    public static partial void BusLost(this ILogger logger, string cause);

    [LoggerMessage(10, LogLevel.Information, "The system bus and systemd are in reach.", EventName = NodeMessageIds.BusFound)]
    public static partial void BusFound(this ILogger logger);

    [LoggerMessage(11, LogLevel.Error, "Another process owns {Name} on the system bus; waiting for it to leave. 'busctl status {Name}' shows which.", EventName = NodeMessageIds.NameTaken)]
    public static partial void NameTaken(this ILogger logger, string name);

    [LoggerMessage(12, LogLevel.Error, "The system bus does not let hookagentd own {Name}: {Cause}. Is the bus policy org.hookagent.Node1.conf installed? Trying again.", EventName = NodeMessageIds.NameTaken)]
    public static partial void NameRefused(this ILogger logger, string name, string cause);

    [LoggerMessage(13, LogLevel.Critical, "systemd has been out of reach beside a job for {Limit}: ending, so that systemd stops the provider.", EventName = NodeMessageIds.GaveUp)]
    public static partial void GaveUp(this ILogger logger, string limit);

    [LoggerMessage(14, LogLevel.Warning, "Refused {Method} to user {Uid} ({Sender}): only root may call it. {Denied} calls refused so far.", EventName = NodeMessageIds.CallDenied)]
    public static partial void CallDenied(this ILogger logger, string method, string uid, string sender, long denied);

    [LoggerMessage(15, LogLevel.Error, "Cannot {Action} {Path}: {Cause}. {Consequence}", EventName = NodeMessageIds.StateFileFailed)]
    public static partial void StateFileFailed(this ILogger logger, string action, string path, string cause, string consequence);

    [LoggerMessage(20, LogLevel.Information, "{Path} is written again; that had failed {Times} times.", EventName = NodeMessageIds.StateFileWritten)]
    public static partial void StateFileWritten(this ILogger logger, string path, long times);

    [LoggerMessage(16, LogLevel.Warning, "systemd did not tell the state of {Unit}: {Cause}. Asking again.", EventName = NodeMessageIds.BusLost)]
    public static partial void UnitsUntold(this ILogger logger, string unit, string cause);

    [LoggerMessage(17, LogLevel.Information, "The record of job {SlurmJobId} was removed on an operator's word.", EventName = NodeMessageIds.RecordDropped)]
    public static partial void RecordDropped(this ILogger logger, JobId slurmJobId);

    [LoggerMessage(18, LogLevel.Warning, "The record of job {SlurmJobId} could not be removed: {Cause}.", EventName = NodeMessageIds.RecordUnreadable)]
    public static partial void RecordNotDropped(this ILogger logger, JobId slurmJobId, string cause);

    [LoggerMessage(19, LogLevel.Warning, "{Unit} could not be sent {Signal}: {Cause}.", EventName = NodeMessageIds.StopRefused)]
    public static partial void SignalRefused(this ILogger logger, string unit, string signal, string cause);
}
