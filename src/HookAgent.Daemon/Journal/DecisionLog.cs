using System.Collections.Immutable;
using System.Globalization;
using HookAgent.Core.Jobs;
using HookAgent.Core.Journal;
using HookAgent.Core.Node;
using HookAgent.Core.Settings;
using Microsoft.Extensions.Logging;

// Every level is written: no argument is evaluated in vain.
#pragma warning disable CA1873

namespace HookAgent.Daemon.Journal;

/// <summary>
/// Tells what the machine decided, one line for each effect that an operator would want to know of, with the
/// fields that find it again: <c>journalctl SLURM_JOB_ID=123</c> is a job's whole story on the node.
/// </summary>
internal sealed partial class DecisionLog(ILogger logger, string unit, Func<JobId, uint?> userOf)
{
    /// <summary>More jobs than these are not named one by one: sd_journal_sendv(3) takes some 500 fields.</summary>
    private const int MostJobs = 32;

    private readonly RepeatedTrouble _failures = new();
    private readonly RepeatedTrouble _refusals = new();

    public void Tell(NodeEffect effect)
    {
        switch (effect)
        {
            case StateChanged changed:
                State(logger, changed.Again ? LogLevel.Debug : LogLevel.Information,
                    changed.From == changed.To ? changed.To.Word() : $"{changed.From.Word()} -> {changed.To.Word()}",
                    changed.Reason.Sentence(), changed.To.Word(), changed.From.Word(), changed.Reason.Word(),
                    Microseconds(changed.InState), Some(changed.Jobs), UsersOf(changed.Jobs), unit);
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
                HandedOver(logger, done.Job, Milliseconds(done.Handover),
                    done.Overlap == TimeSpan.Zero ? "before the job's first instruction" : $"and may have run beside the job for {Milliseconds(done.Overlap)} ms of them",
                    Microseconds(done.Handover), Microseconds(done.Overlap), userOf(done.Job), unit);
                break;
            case PrologWaitOver over:
                WaitOver(logger, over.Job, unit, Milliseconds(over.Waited), userOf(over.Job));
                break;
            case ProviderStopped stopped:
                _refusals.IsOver();
                Stopped(logger, unit, How(stopped.Rung), Milliseconds(stopped.Took), HadRun(stopped.Lent),
                    stopped.Rung.Word(), Microseconds(stopped.Took), stopped.Lent is { } lent ? Microseconds(lent) : null,
                    Some(stopped.Jobs), UsersOf(stopped.Jobs));
                break;
            case ProviderFailed failed:
                if (failed.InARow == 1)
                {
                    _failures.IsOver();
                }

                Failed(logger, _failures.HappenedFor($"{failed.Reason} {failed.Detail}") ? LogLevel.Warning : LogLevel.Debug,
                    unit, failed.Reason.Sentence(), failed.Detail.Length > 0 ? $" ({failed.Detail})" : "",
                    failed.InARow == 1 ? "First failure" : string.Create(CultureInfo.InvariantCulture, $"Failed {failed.InARow} times within {Span(failed.Within)}"),
                    Span(failed.RetryIn), failed.InARow, failed.Reason.Word());
                break;
            case ProviderRecovered recovered:
                Recovered(logger, unit, recovered.Failures == 1 ? "once" : string.Create(CultureInfo.InvariantCulture, $"{recovered.Failures} times within {Span(recovered.Within)}"), recovered.Failures);
                break;
            case HookAgent.Core.Node.StopRefused refused when _refusals.HappenedFor(refused.Cause):
                NotStopped(logger, unit, refused.Cause, _refusals.Times == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" It has refused {_refusals.Times} times."));
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

    private static string HadRun(TimeSpan? lent) => lent switch
    {
        null => "how long it had run is not known",
        { Ticks: 0 } => "it was only starting",
        { } span => $"it had run for {Span(span)}",
    };

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

    /// <summary>For people: whole seconds, or milliseconds below one; the fields have the microseconds.</summary>
    private static string Span(TimeSpan span) => TimeSpanText.Format(span.TotalSeconds < 0.95
        ? TimeSpan.FromMilliseconds(Math.Round(span.TotalMilliseconds))
        : TimeSpan.FromSeconds(Math.Round(span.TotalSeconds)));

    // What stands in no placeholder becomes a field of the entry all the same: SLURM_JOB_ID, UNIT, …
    [LoggerMessage(EventId = 101, Message = "{Change}: {Sentence}", EventName = NodeMessageIds.StateChanged)]
    private static partial void State(ILogger logger, LogLevel level, string change, string sentence, string hookagentState, string hookagentPreviousState, string hookagentReason, long hookagentInStateUsec, JobId[] slurmJobId, uint[] slurmJobUid, string unit);

    [LoggerMessage(102, LogLevel.Critical, "{Unit} is still there after SIGKILL: a process hangs in the kernel, and the job shares the node with it. 'systemctl status {Unit}' names it; only a reboot may help.", EventName = NodeMessageIds.ProviderSurvives)]
    private static partial void Survives(ILogger logger, string unit);

    [LoggerMessage(103, LogLevel.Information, "Job {SlurmJobId} has come to this node.", EventName = NodeMessageIds.JobAppeared)]
    private static partial void Appeared(ILogger logger, JobId slurmJobId, uint? slurmJobUid);

    [LoggerMessage(104, LogLevel.Information, "Job {SlurmJobId} has ended on this node.", EventName = NodeMessageIds.JobDisappeared)]
    private static partial void Disappeared(ILogger logger, JobId slurmJobId, uint? slurmJobUid);

    [LoggerMessage(105, LogLevel.Information, "The node is handed over to job {SlurmJobId}: the provider was gone {Handover} ms after the job's Prolog began, {Overlap}.", EventName = NodeMessageIds.HandoverDone)]
    private static partial void HandedOver(ILogger logger, JobId slurmJobId, string handover, string overlap, long hookagentHandoverUsec, long hookagentOverlapUsec, uint? slurmJobUid, string unit);

    [LoggerMessage(106, LogLevel.Warning, "Job {SlurmJobId} starts beside {Unit}, which is still stopping: its Prolog has waited {Waited} ms, as long as PrologWait= allows.", EventName = NodeMessageIds.PrologWaitOver)]
    private static partial void WaitOver(ILogger logger, JobId slurmJobId, string unit, string waited, uint? slurmJobUid);

    [LoggerMessage(107, LogLevel.Information, "{Unit} stopped {How} within {Took} ms; {Lent}.", EventName = NodeMessageIds.ProviderStopped)]
    private static partial void Stopped(ILogger logger, string unit, string how, string took, string lent, string hookagentStop, long hookagentStopUsec, long? hookagentLentUsec, JobId[] slurmJobId, uint[] slurmJobUid);

    [LoggerMessage(EventId = 108, Message = "{Unit}: {Sentence}{Detail} {Row}; next try in {RetryIn}.", EventName = NodeMessageIds.ProviderFailed)]
    private static partial void Failed(ILogger logger, LogLevel level, string unit, string sentence, string detail, string row, string retryIn, int hookagentFailures, string hookagentReason);

    [LoggerMessage(109, LogLevel.Error, "systemd refused to stop {Unit}: {Cause}. Asking again every second.{Row}", EventName = NodeMessageIds.StopRefused)]
    private static partial void NotStopped(ILogger logger, string unit, string cause, string row);

    [LoggerMessage(110, LogLevel.Information, "Held by {Holder}{Because} until {Until}; the provider stays off.", EventName = NodeMessageIds.HoldBegan)]
    private static partial void Held(ILogger logger, string holder, string because, string until);

    [LoggerMessage(111, LogLevel.Information, "The hold by {Holder} has ended: {Cause}.", EventName = NodeMessageIds.HoldEnded)]
    private static partial void Released(ILogger logger, string holder, string cause);

    [LoggerMessage(112, LogLevel.Information, "{Unit} runs well again; it had failed {Row}.", EventName = NodeMessageIds.ProviderRecovered)]
    private static partial void Recovered(ILogger logger, string unit, string row, int hookagentFailures);
}
