using HookAgent.Core.Settings;

namespace HookAgent.Core.Node;

/// <summary>The words and sentences of states and reasons, the same everywhere an operator meets them.</summary>
public static class ReasonText
{
    public static string Word(this NodeState state) => state switch
    {
        NodeState.Busy => "busy",
        NodeState.Settling => "settling",
        NodeState.Lending => "lending",
        NodeState.Reclaiming => "reclaiming",
        NodeState.Held => "held",
        NodeState.Failed => "failed",
        NodeState.Unknown => "unknown",
    };

    public static string Word(this Reason reason) => reason switch
    {
        Reason.JobsRecorded => "jobs-recorded",
        Reason.IdleDelay => "idle-delay",
        Reason.Starting => "starting",
        Reason.Running => "running",
        Reason.StopAsked => "stop-asked",
        Reason.SecondSignal => "second-signal",
        Reason.ProcessesRemain => "processes-remain",
        Reason.Killed => "killed",
        Reason.SurvivedKill => "survived-kill",
        Reason.OperatorHold => "operator-hold",
        Reason.HandStopped => "hand-stopped",
        Reason.Masked => "masked",
        Reason.RequiredUnitInactive => "required-unit-inactive",
        Reason.ExecCondition => "exec-condition",
        Reason.StartFailed => "start-failed",
        Reason.StartTimeout => "start-timeout",
        Reason.DependencyFailed => "dependency-failed",
        Reason.ConditionUnmet => "condition-unmet",
        Reason.ProviderExited => "provider-exited",
        Reason.UnitMissing => "unit-missing",
        Reason.BadUnit => "bad-unit",
        Reason.TransactionConflict => "transaction-conflict",
        Reason.StartRefused => "start-refused",
        Reason.DirectoryUnread => "directory-unread",
        Reason.DirectoryUnproven => "directory-unproven",
        Reason.DirectoryMissing => "directory-missing",
        Reason.DirectoryUnreadable => "directory-unreadable",
        Reason.ForeignEntry => "foreign-entry",
        Reason.JobWithoutRecord => "job-without-record",
        Reason.StepWithoutRecord => "step-without-record",
        Reason.SystemdUnreachable => "systemd-unreachable",
    };

    /// <summary>The one state that a reason belongs to.</summary>
    public static NodeState State(this Reason reason) => reason switch
    {
        Reason.JobsRecorded => NodeState.Busy,
        Reason.IdleDelay => NodeState.Settling,
        Reason.Starting or Reason.Running => NodeState.Lending,
        Reason.StopAsked or Reason.SecondSignal or Reason.ProcessesRemain or Reason.Killed or Reason.SurvivedKill => NodeState.Reclaiming,
        Reason.OperatorHold or Reason.HandStopped or Reason.Masked or Reason.RequiredUnitInactive or Reason.ExecCondition => NodeState.Held,
        Reason.StartFailed or Reason.StartTimeout or Reason.DependencyFailed or Reason.ConditionUnmet
            or Reason.ProviderExited or Reason.UnitMissing or Reason.BadUnit or Reason.TransactionConflict
            or Reason.StartRefused => NodeState.Failed,
        Reason.DirectoryUnread or Reason.DirectoryUnproven or Reason.DirectoryMissing or Reason.DirectoryUnreadable
            or Reason.ForeignEntry or Reason.JobWithoutRecord or Reason.StepWithoutRecord
            or Reason.SystemdUnreachable => NodeState.Unknown,
    };

    /// <summary>How hard a stop was: the journal's HOOKAGENT_STOP, and the metrics' kind.</summary>
    public static string Word(this StopStage stage) => stage switch
    {
        StopStage.Asked => "clean",
        StopStage.SecondSignal => "second-signal",
        StopStage.ProcessesRemain => "processes-remain",
        StopStage.Killed or StopStage.Survived => "sigkill",
    };

    /// <summary>The same sentence, with the name of the unit that is missing.</summary>
    /// <param name="unit">The provider's.</param>
    /// <param name="requireUnit">Those of RequireUnit=.</param>
    public static string Sentence(this Reason reason, string unit, string requireUnit) => reason switch
    {
        Reason.UnitMissing when unit.Length > 0 => $"There is no unit {unit}: install the provider, or set Unit= in hookagent.conf.",
        Reason.RequiredUnitInactive when RequiredUnits.AreSeveral(requireUnit) =>
            $"Not all of {requireUnit} (RequireUnit=) are active; the node is lent again when they are. 'hookctl doctor' names those that are not.",
        Reason.RequiredUnitInactive when requireUnit.Length > 0 => $"{requireUnit} (RequireUnit=) is not active; the node is lent again when it is.",
        _ => reason.Sentence(),
    };

    /// <summary>One sentence for an operator: what is so, and where it is not plain, what to do.</summary>
    public static string Sentence(this Reason reason) => reason switch
    {
        Reason.JobsRecorded => "A Slurm job runs on this node.",
        Reason.IdleDelay => "The node is idle; the provider starts when it has been idle for IdleDelay.",
        Reason.Starting => "The node is idle and the provider is starting.",
        Reason.Running => "The node is idle and lent to the provider.",
        Reason.StopAsked => "The provider is being stopped.",
        Reason.SecondSignal => "The provider did not stop within StopGrace and got a second SIGTERM.",
        Reason.ProcessesRemain =>
            "The provider's unit is inactive, but processes of it remain and are killed; set KillMode=control-group in the unit.",
        Reason.Killed => "The provider did not stop after a second SIGTERM and was killed.",
        Reason.SurvivedKill =>
            "The provider is still there after SIGKILL: a process hangs in the kernel; look at 'systemctl status' of the unit.",
        Reason.OperatorHold => "An operator or the installation holds the node; 'hookctl release' ends it.",
        Reason.HandStopped => "The provider was stopped by hand; 'hookctl release' or starting the unit lends the node again.",
        Reason.Masked => "The provider's unit is masked; 'systemctl unmask' lends the node again.",
        Reason.RequiredUnitInactive => "A unit named by RequireUnit= is not active; the node is lent again when it is.",
        Reason.ExecCondition =>
            "The ExecCondition= of the provider's unit refused the start; it is asked again after a pause, at once by 'hookctl retry'.",
        Reason.StartFailed => "The provider failed to start; it is tried again. 'systemctl status' of the unit says why.",
        Reason.StartTimeout => "The provider's start timed out; it is tried again.",
        Reason.DependencyFailed => "A unit that the provider's unit needs failed to start; it is tried again.",
        Reason.ConditionUnmet => "A condition of the provider's unit is not met; 'systemctl status' of the unit names it.",
        Reason.ProviderExited => "The provider ended by itself; it is started again after a pause. Its journal says why.",
        Reason.UnitMissing => "There is no such unit: install the provider, or set Unit= in hookagent.conf.",
        Reason.BadUnit => "The provider's unit file cannot be used; 'systemctl status' of the unit names the line.",
        Reason.TransactionConflict => "Another systemd job conflicts with the start; it is tried again.",
        Reason.StartRefused => "systemd refused to start the provider; it is tried again. The journal has systemd's words.",
        Reason.DirectoryUnread => "The job directory has not been read yet.",
        Reason.DirectoryUnproven =>
            "The job directory was made after boot and may lack running jobs; 'hookctl reconcile' asks Slurm.",
        Reason.DirectoryMissing =>
            "There is no job directory; run 'systemd-tmpfiles --create hookagent.conf', then 'hookctl reconcile'.",
        Reason.DirectoryUnreadable => "The job directory cannot be read; the journal says why.",
        Reason.ForeignEntry => "The job directory holds something that is no job record; 'hookctl jobs' names it. Remove it.",
        Reason.JobWithoutRecord => "A job that has no record runs here; the provider stays off until it has ended. If Slurm no longer has it: 'hookctl reconcile'.",
        Reason.StepWithoutRecord => "A slurmstepd runs for a job without a record; the provider stays off until it has ended. If Slurm does not run the hook, 'hookctl doctor' says so.",
        Reason.SystemdUnreachable => "systemd has not answered over the system bus.",
    };
}
