using System.Collections.Immutable;
using System.Globalization;
using HookAgent.Core.Jobs;
using HookAgent.Core.Journal;
using HookAgent.Core.Node;
using HookAgent.Core.Text;
using Microsoft.Extensions.Logging;

// Every level is written, so every argument is needed.
#pragma warning disable CA1873

namespace HookAgent.Daemon.Journal;

/// <summary>
/// Tells what the machine decided, one line of <see cref="NodeLog"/> for each effect that an operator would want
/// to know of, with the fields that find it again: <c>journalctl SLURM_JOB_ID=123</c> is a job's whole story on
/// the node.
/// </summary>
internal sealed class DecisionLog(ILogger logger, string unit, string requireUnit, Func<JobId, uint?> userOf)
{
    /// <summary>More jobs than these are not named one by one: sd_journal_sendv(3) takes some 500 fields.</summary>
    private const int MostJobs = 32;

    private readonly RepeatedTrouble _failures = new();
    private readonly RepeatedTrouble _refusals = new();

    public void Log(NodeEffect effect)
    {
        switch (effect)
        {
            case StateChanged changed:
                logger.StateChanged(changed.Again ? LogLevel.Debug : LogLevel.Information,
                    changed.From == changed.To ? changed.To.Word() : $"{changed.From.Word()} -> {changed.To.Word()}",
                    changed.Reason.Sentence(unit, requireUnit), changed.To.Word(), changed.From.Word(), changed.Reason.Word(),
                    Microseconds(changed.InState), Some(changed.Jobs), UsersOf(changed.Jobs), unit, NodeMessageIds.Of(changed.Reason));
                if (changed.Reason is Reason.SurvivedKill)
                {
                    logger.ProviderSurvives(unit);
                }

                break;
            case JobAppeared { Job: var job }:
                logger.JobAppeared(job, userOf(job));
                break;
            case JobDisappeared { Job: var job }:
                logger.JobDisappeared(job, userOf(job));
                break;
            case HandoverDone done:
                logger.HandoverDone(done.Job, SpanText.Of(done.Handover),
                    done.Overlap == TimeSpan.Zero ? "all before the job began" : $"up to {SpanText.Of(done.Overlap)} of it beside the job",
                    Microseconds(done.Handover), Microseconds(done.Overlap), userOf(done.Job), unit);
                break;
            case JobRanBeside beside:
                logger.JobRanBeside(beside.Job, unit, SpanText.Of(beside.Overlap), Microseconds(beside.Overlap), userOf(beside.Job));
                break;
            case StartRequested:
                logger.StartRequested(unit);
                break;
            case StrayFound stray:
                logger.StrayFound(stray.BesideJob ? LogLevel.Warning : LogLevel.Information, stray.Unit, unit,
                    stray.BesideJob ? "It is stopped, because a job is on the node." : "It is stopped when a job comes.");
                break;
            case PrologWaitOver over:
                logger.PrologWaitOver(over.Job, unit, SpanText.Of(over.Waited), userOf(over.Job));
                break;
            case ProviderStopped stopped:
                _refusals.IsOver();
                logger.ProviderStopped(unit, How(stopped.Stage), SpanText.Of(stopped.Took), HadRun(stopped.Lent),
                    stopped.Stage.Word(), Microseconds(stopped.Took), stopped.Lent is { } lent ? Microseconds(lent) : null,
                    Some(stopped.Jobs), UsersOf(stopped.Jobs));
                break;
            case ProviderFailed failed:
                if (failed.InAll == 1)
                {
                    _failures.IsOver();
                }

                logger.ProviderFailed(_failures.HappenedFor($"{failed.Reason} {failed.Detail}") ? LogLevel.Warning : LogLevel.Debug,
                    unit, failed.Reason.Sentence(unit, requireUnit), failed.Detail.Length > 0 ? $" ({failed.Detail})" : "",
                    Row(failed),
                    Pause(failed.RetryIn), failed.InARow, failed.Reason.Word());
                break;
            case ExecConditionRefused { InARow: 1, RetryIn: var retryIn }:
                logger.ExecConditionRefused(unit, Pause(retryIn));
                break;
            case ProviderRecovered recovered:
                logger.ProviderRecovered(unit, recovered.Failures == 1 ? "once" : string.Create(CultureInfo.InvariantCulture, $"{recovered.Failures} times within {SpanText.Of(recovered.Within)}"), recovered.Failures);
                break;
            case StopRefused refused when _refusals.HappenedFor(refused.Cause):
                logger.StopRefused(unit, refused.Cause, _refusals.Times == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" It has refused {_refusals.Times} times."));
                break;
            case HoldBegan { Hold: var hold }:
                logger.HoldBegan(hold.UntilRealtime is { } until ? MomentText.Of(until, TimeZoneInfo.Local) : "released", Cause(hold));
                break;
            case HoldEnded ended:
                logger.HoldEnded(ended switch
                {
                    { ReleasedBy: { } by } => $"released by {by}",
                    { Expired: true } => "ended: its time is over",
                    _ => $"ended: {unit} was started by hand",
                });
                break;
        }
    }

    private static JobId[] Some(ImmutableSortedSet<JobId> jobs)
    {
        JobId[] some = new JobId[Math.Min(jobs.Count, MostJobs)];
        for (int i = 0; i < some.Length; i++)
        {
            some[i] = jobs[i];
        }

        return some;
    }

    private uint[] UsersOf(ImmutableSortedSet<JobId> jobs)
    {
        List<uint> users = [];
        foreach (JobId job in Some(jobs))
        {
            if (userOf(job) is { } user && !users.Contains(user))
            {
                users.Add(user);
            }
        }

        return [.. users];
    }

    private static string Row(ProviderFailed failed) => failed switch
    {
        { InAll: 1 } => "First failure",
        { InARow: 1 } => "First failure for this cause",
        _ => string.Create(CultureInfo.InvariantCulture, $"Failed {failed.InARow} times within {SpanText.Of(failed.Within)}"),
    };

    /// <summary>In whole seconds: some milliseconds of it are over when it is told.</summary>
    private static string Pause(TimeSpan left) => SpanText.Of(TimeSpan.FromSeconds(Math.Round(left.TotalSeconds)));

    private static string HadRun(TimeSpan? lent) => lent switch
    {
        null => "how long it had run is not known",
        { Ticks: 0 } => "it was only starting",
        { } span => $"it had run for {SpanText.Of(span)}",
    };

    private static string How(StopStage stage) => stage switch
    {
        StopStage.Asked => "as asked",
        StopStage.SecondSignal => "after a second SIGTERM",
        StopStage.ProcessesRemain => "as asked, with processes that outlived the unit",
        StopStage.Killed or StopStage.Survived => "after SIGKILL",
    };

    private string Cause(Hold hold) => hold.Kind switch
    {
        HoldKind.HandStopped => $", because {unit} was stopped by hand",
        HoldKind.Operator => $" by {hold.By}{(hold.Text.Length > 0 ? $": \"{hold.Text}\"" : "")}",
    };

    private static long Microseconds(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;
}
