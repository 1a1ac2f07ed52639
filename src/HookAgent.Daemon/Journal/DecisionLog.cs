using System.Globalization;
using System.Numerics;
using HookAgent.Core.Jobs;
using HookAgent.Core.Journal;
using HookAgent.Core.Node;
using HookAgent.Core.Settings;
using Microsoft.Extensions.Logging;

namespace HookAgent.Daemon.Journal;

/// <summary>
/// Tells what the machine decided, one line for each effect that an operator would want to know of, with the
/// fields that find it again: <c>journalctl SLURM_JOB_ID=123</c> is a job's whole story on the node.
/// </summary>
internal sealed partial class DecisionLog(ILogger logger, string unit, Func<JobId, uint?> userOf)
{
    public void Tell(NodeEffect effect)
    {
        switch (effect)
        {
            case StateChanged changed:
                State(logger, changed.From == changed.To ? changed.To.Word() : $"{changed.From.Word()} -> {changed.To.Word()}",
                    changed.Reason.Sentence(), changed.To.Word(), changed.Reason.Word(), Microseconds(changed.InState), changed.Job,
                    changed.Job is { } cause ? userOf(cause) : null, unit);
                if (changed.Reason is Reason.SurvivedKill)
                {
                    Survives(logger, unit);
                }

                break;
            case JobAppeared { Job: var job }:
                Appeared(logger, job, userOf(job));
                break;
            case JobDisappeared { Job: var job }:
                Disappeared(logger, job, userOf(job));
                break;
            case HandoverDone done:
                HandedOver(logger, done.Job, Milliseconds(done.Handover), Milliseconds(done.Overlap),
                    Microseconds(done.Handover), Microseconds(done.Overlap), userOf(done.Job), unit);
                break;
            case PrologWaitOver over:
                WaitOver(logger, over.Job, unit, Milliseconds(over.Waited), userOf(over.Job));
                break;
            case ProviderStopped stopped:
                Stopped(logger, unit, How(stopped.Rung), Milliseconds(stopped.Took), stopped.Lent is { } lent ? Span(lent) : "no time");
                break;
            case ProviderFailed failed when BitOperations.IsPow2(failed.InARow):
                // The first of a series, then each time the series has doubled: told, but not again and again.
                Failed(logger, unit, failed.Reason.Sentence(), failed.Detail.Length > 0 ? $" ({failed.Detail})" : "",
                    failed.InARow, Span(failed.RetryIn), failed.Reason.Word());
                break;
            case HookAgent.Core.Node.StopRefused refused:
                NotStopped(logger, unit, refused.Cause);
                break;
            case HoldBegan { Hold: var hold }:
                Held(logger, Holder(hold), Because(hold), hold.UntilRealtime is { } until
                    ? until.ToString("u", CultureInfo.InvariantCulture) : "released");
                break;
            case HoldEnded ended:
                Released(logger, Holder(ended.Hold), ended.Expired ? "its time is over" : "it was ended");
                break;
        }
    }

    private static string How(StopRung rung) => rung switch
    {
        StopRung.Asked => "as asked",
        StopRung.SecondSignal => "after a second SIGTERM",
        StopRung.Killed or StopRung.Survived => "after SIGKILL",
    };

    private static string Holder(Hold hold) => hold.Kind switch
    {
        HoldKind.Operator => "hookctl hold",
        HoldKind.HandStopped => "a stop by hand",
    };

    private static string Because(Hold hold) => hold.Text.Length > 0 ? $" ({hold.Text})" : "";

    private static string Milliseconds(TimeSpan span) => span.TotalMilliseconds.ToString("0.0", CultureInfo.InvariantCulture);

    private static long Microseconds(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;

    private static string Span(TimeSpan span) => TimeSpanText.Format(TimeSpan.FromMilliseconds(Math.Round(span.TotalMilliseconds)));

    // What stands in no placeholder becomes a field of the entry all the same: SLURM_JOB_ID, UNIT, …
    [LoggerMessage(101, LogLevel.Information, "{Change}: {Sentence}", EventName = NodeMessageIds.StateChanged)]
    private static partial void State(ILogger logger, string change, string sentence, string hookagentState, string hookagentReason, long hookagentInStateUsec, JobId? slurmJobId, uint? slurmJobUid, string unit);

    [LoggerMessage(102, LogLevel.Critical, "{Unit} is still there after SIGKILL: a process hangs in the kernel, and the job shares the node with it. 'systemctl status {Unit}' names it; only a reboot may help.", EventName = NodeMessageIds.ProviderSurvives)]
    private static partial void Survives(ILogger logger, string unit);

    [LoggerMessage(103, LogLevel.Information, "Job {SlurmJobId} has come to this node.", EventName = NodeMessageIds.JobAppeared)]
    private static partial void Appeared(ILogger logger, JobId slurmJobId, uint? slurmJobUid);

    [LoggerMessage(104, LogLevel.Information, "Job {SlurmJobId} has ended on this node.", EventName = NodeMessageIds.JobDisappeared)]
    private static partial void Disappeared(ILogger logger, JobId slurmJobId, uint? slurmJobUid);

    [LoggerMessage(105, LogLevel.Information, "The node is handed over to job {SlurmJobId}: the provider was gone {Handover} ms after the job's Prolog began, and ran beside the job for {Overlap} ms of them.", EventName = NodeMessageIds.HandoverDone)]
    private static partial void HandedOver(ILogger logger, JobId slurmJobId, string handover, string overlap, long hookagentHandoverUsec, long hookagentOverlapUsec, uint? slurmJobUid, string unit);

    [LoggerMessage(106, LogLevel.Warning, "Job {SlurmJobId} starts beside {Unit}, which is still stopping: its Prolog has waited {Waited} ms, as long as PrologWait= allows.", EventName = NodeMessageIds.PrologWaitOver)]
    private static partial void WaitOver(ILogger logger, JobId slurmJobId, string unit, string waited, uint? slurmJobUid);

    [LoggerMessage(107, LogLevel.Information, "{Unit} stopped {How} within {Took} ms; it had run for {Lent}.", EventName = NodeMessageIds.ProviderStopped)]
    private static partial void Stopped(ILogger logger, string unit, string how, string took, string lent);

    [LoggerMessage(108, LogLevel.Warning, "{Unit}: {Sentence}{Detail} Failure {InARow} in a row; next try in {RetryIn}.", EventName = NodeMessageIds.ProviderFailed)]
    private static partial void Failed(ILogger logger, string unit, string sentence, string detail, int inARow, string retryIn, string hookagentReason);

    [LoggerMessage(109, LogLevel.Error, "systemd refused to stop {Unit}: {Cause}. Asking again every second.", EventName = NodeMessageIds.StopRefused)]
    private static partial void NotStopped(ILogger logger, string unit, string cause);

    [LoggerMessage(110, LogLevel.Information, "Held by {Holder}{Because} until {Until}; the provider stays off.", EventName = NodeMessageIds.HoldBegan)]
    private static partial void Held(ILogger logger, string holder, string because, string until);

    [LoggerMessage(111, LogLevel.Information, "The hold by {Holder} has ended: {Cause}.", EventName = NodeMessageIds.HoldEnded)]
    private static partial void Released(ILogger logger, string holder, string cause);
}
