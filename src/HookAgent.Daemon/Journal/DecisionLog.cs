using System.Globalization;
using System.Numerics;
using HookAgent.Core.Jobs;
using HookAgent.Core.Node;
using HookAgent.Core.Settings;
using Microsoft.Extensions.Logging;

namespace HookAgent.Daemon.Journal;

/// <summary>
/// Tells what the machine decided, one line of <see cref="NodeLog"/> for each effect that an operator would want
/// to know of, with the fields that find it again: <c>journalctl SLURM_JOB_ID=123</c> is a job's whole story on
/// the node.
/// </summary>
internal sealed class DecisionLog(ILogger logger, string unit, Func<JobId, uint?> userOf)
{
    public void Tell(NodeEffect effect)
    {
        switch (effect)
        {
            case StateChanged changed:
                logger.StateChanged(changed.From == changed.To ? changed.To.Word() : $"{changed.From.Word()} -> {changed.To.Word()}",
                    changed.Reason.Sentence(), changed.To.Word(), changed.Reason.Word(), Microseconds(changed.InState), changed.Job,
                    changed.Job is { } cause ? userOf(cause) : null, unit);
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
                logger.HandoverDone(done.Job, Milliseconds(done.Handover), Milliseconds(done.Overlap),
                    Microseconds(done.Handover), Microseconds(done.Overlap), userOf(done.Job), unit);
                break;
            case PrologWaitOver over:
                logger.PrologWaitOver(over.Job, unit, Milliseconds(over.Waited), userOf(over.Job));
                break;
            case ProviderStopped stopped:
                logger.ProviderStopped(unit, How(stopped.Rung), Milliseconds(stopped.Took), stopped.Lent is { } lent ? Span(lent) : "no time");
                break;
            case ProviderFailed failed when BitOperations.IsPow2(failed.InARow):
                // The first of a series, then each time the series has doubled: told, but not again and again.
                logger.ProviderFailed(unit, failed.Reason.Sentence(), failed.Detail.Length > 0 ? $" ({failed.Detail})" : "",
                    failed.InARow, Span(failed.RetryIn), failed.Reason.Word());
                break;
            case StopRefused refused:
                logger.StopRefused(unit, refused.Cause);
                break;
            case HoldBegan { Hold: var hold }:
                logger.HoldBegan(Holder(hold), Because(hold), hold.UntilRealtime is { } until
                    ? until.ToString("u", CultureInfo.InvariantCulture) : "released");
                break;
            case HoldEnded ended:
                logger.HoldEnded(Holder(ended.Hold), ended.Expired ? "its time is over" : "it was ended");
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
}
