using HookAgent.Core.Time;

namespace HookAgent.Core.Node;

/// <summary>
/// The backoff. The agent alone restarts the provider (Restart=no in its unit), because systemd's Restart= makes
/// a provider that dies again and again look like success after success.
/// </summary>
internal static class Failure
{
    public static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    /// <summary>A provider that ran this long was healthy: the backoff starts anew.</summary>
    private static readonly TimeSpan Healthy = TimeSpan.FromSeconds(30);

    /// <summary>
    /// When earlier failures of a provider that runs are past; null where there are none. Nothing is decided at that
    /// moment, so it is no deadline: it is told at the next step there is.
    /// </summary>
    public static BootTime? RecoveredAt(NodeModel model) =>
        model is { LentSince: { } since, Failing: not null } ? since + Healthy : null;

    /// <summary>Ends a stretch of failures once the provider has proved healthy.</summary>
    public static NodeModel Recover(NodeModel model, BootTime now, List<NodeEffect> effects)
    {
        if (RecoveredAt(model) is not { } recovered || now < recovered)
        {
            return model;
        }

        effects.Add(new ProviderRecovered(model.Failing!.InAll, model.LentSince!.Value - model.Failing.Since));
        return model with { Failing = null, Uninspected = null, Retrying = false };
    }

    /// <summary>
    /// Ends the backoff at once and forgets the failures: somebody may have mended the cause, and must not have to wait
    /// to see it. The next try keeps to all else that a start keeps to, such as IdleDelay. Without a backoff nothing changes.
    /// </summary>
    public static NodeModel EndBackoff(NodeModel model) => model with
    {
        Failing = null,
        Uninspected = null,
        FailedFor = Reason.StartFailed,
        RetryAt = null,
        Retrying = false,
    };

    /// <summary>The provider is lent no more, however that came.</summary>
    public static NodeModel EndLent(NodeModel model) => model with { LentSince = null, ForeignStopSeen = false };

    /// <summary>Counts a failure whose cause is known.</summary>
    public static NodeModel Count(
        NodeModel model, Reason reason, BootTime now, List<NodeEffect> effects, string detail = "")
    {
        model = Next(model, new FailureCause(reason, ""), now);
        Tell(model, now, effects, detail);
        return model;
    }

    /// <summary>Counts a failure and asks systemd for its cause; <see cref="Inspected"/> counts it by that.</summary>
    public static NodeModel Inspect(NodeModel model, Inspection of, BootTime now, List<NodeEffect> effects)
    {
        effects.Add(new InspectUnit());
        return Next(model, new FailureCause(Reason.ProviderExited, ""), now) with
        {
            Inspecting = of,
            Uninspected = new UninspectedFailure(now, model.Failing),
        };
    }

    /// <summary>
    /// systemd has said how the provider ended. No news once it was started again: the failure then stays counted as
    /// one of unknown cause.
    /// </summary>
    /// <param name="ending">systemd's result and exit status in words.</param>
    public static NodeModel Inspected(NodeModel model, Reason reason, string ending, BootTime now, List<NodeEffect> effects)
    {
        if (model is not { Uninspected: { } failed, RetryAt: not null })
        {
            return model;
        }

        model = Next(model with { Failing = failed.Before }, new FailureCause(reason, ending), failed.At);
        Tell(model, now, effects, ending);
        return model;
    }

    private static NodeModel Next(NodeModel model, FailureCause cause, BootTime failed)
    {
        FailureStretch stretch = FailureStretch.With(model.Failing, cause, failed, Pause);
        return EndLent(model) with
        {
            Failing = stretch,
            Uninspected = null,
            FailedFor = cause.Reason,
            RetryAt = failed + Pause(stretch.Count.Times),
        };
    }

    private static void Tell(NodeModel model, BootTime now, List<NodeEffect> effects, string detail)
    {
        FailureStretch stretch = model.Failing!;
        TimeSpan left = model.RetryAt!.Value - now;
        effects.Add(new ProviderFailed(
            stretch.Latest.Reason, stretch.Count.Times, left > TimeSpan.Zero ? left : TimeSpan.Zero,
            now - stretch.Count.Since, detail, stretch.InAll));
    }

    /// <summary>The pause that the failures counted so far make.</summary>
    public static TimeSpan PauseOf(NodeModel model) => Pause(model.Failing?.Count.Times ?? 1);

    private static TimeSpan Pause(int failures)
    {
        // 2^9 s is beyond the longest pause; the exponent is kept from overflowing.
        TimeSpan pause = FirstPause * (1 << Math.Min(failures - 1, 9));
        return pause < LongestPause ? pause : LongestPause;
    }
}

/// <summary>A failure of which systemd has not said yet how the provider ended.</summary>
/// <param name="Before">The stretch without it.</param>
public sealed record UninspectedFailure(BootTime At, FailureStretch? Before);
