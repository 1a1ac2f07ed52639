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
        model is { LentSince: { } since, Failures: > 0 } ? since + Healthy : null;

    /// <summary>Ends a row of failures once the provider has proved healthy.</summary>
    public static NodeModel Recover(NodeModel model, BootTime now, List<NodeEffect> effects)
    {
        if (RecoveredAt(model) is not { } recovered || now < recovered)
        {
            return model;
        }

        effects.Add(new ProviderRecovered(model.Failures, model.LentSince!.Value - model.FailingSince!.Value));
        return model with { Failures = 0, FailingSince = null, Retrying = false };
    }

    /// <summary>
    /// Ends the backoff at once and forgets the failures: somebody may have mended the cause, and must not have to wait
    /// to see it. The next try keeps to all else that a start keeps to, such as IdleDelay. Without a backoff nothing changes.
    /// </summary>
    public static NodeModel EndBackoff(NodeModel model) => model with
    {
        Failures = 0,
        FailingSince = null,
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
        model = Next(model, reason, now);
        effects.Add(new ProviderFailed(
            reason, model.Failures, model.RetryAt!.Value - now, now - model.FailingSince!.Value, detail));
        return model;
    }

    /// <summary>Counts a failure and asks systemd for its cause; <see cref="UnitInspected"/> tells it.</summary>
    public static NodeModel Inspect(NodeModel model, BootTime now, List<NodeEffect> effects)
    {
        effects.Add(new InspectUnit());
        return Next(model, Reason.ProviderExited, now);
    }

    private static NodeModel Next(NodeModel model, Reason reason, BootTime now)
    {
        int failures = model.Failures + 1;
        return EndLent(model) with
        {
            Failures = failures,
            FailingSince = model.FailingSince ?? now,
            FailedFor = reason,
            RetryAt = now + Pause(failures),
        };
    }

    private static TimeSpan Pause(int failures)
    {
        // 2^9 s is beyond the longest pause; the exponent is kept from overflowing.
        TimeSpan pause = FirstPause * (1 << Math.Min(failures - 1, 9));
        return pause < LongestPause ? pause : LongestPause;
    }
}
