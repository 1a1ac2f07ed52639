using HookAgent.Core.Time;

namespace HookAgent.Core.Node;

/// <summary>
/// The failures of the provider, and refusals by its unit's ExecCondition=, and the pause they make. The pause alone ends
/// when the provider runs or is started again; the whole backoff when somebody may have fixed the cause
/// (<see cref="End"/>); the stretch of failures, by which the next pause is as long, once the provider has been healthy.
/// The agent alone restarts the provider (Restart=no in its unit), because systemd's Restart= makes a provider that dies
/// again and again look like success after success.
/// </summary>
public sealed record Backoff : Unprinted
{
    public static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMinutes(5);

    /// <summary>A provider that ran this long was healthy: the backoff starts anew.</summary>
    private static readonly TimeSpan s_healthy = TimeSpan.FromSeconds(30);

    /// <summary>The failures since the provider was last healthy; null without any. Sets the pause.</summary>
    public FailureStretch? Failing { get; init; }

    /// <summary>A failure whose cause is being asked for.</summary>
    public UninspectedFailure? Uninspected { get; init; }

    /// <summary>Why the pause is made.</summary>
    public Reason PausedFor { get; init; } = Reason.StartFailed;

    /// <summary>How often in a row ExecCondition= has refused a start; no failures.</summary>
    public int Refusals { get; init; }

    /// <summary>The provider is not started before this; null where no pause is made.</summary>
    public BootTime? RetryAt { get; init; }

    /// <summary>The node is lent, or has failed, for one more try right after a failure.</summary>
    public bool Retrying { get; init; }

    /// <summary>When a start by somebody else last ended the backoff.</summary>
    public BootTime? RequestedAt { get; init; }

    /// <summary>
    /// When earlier failures of a provider that runs are past; null where there are none. Nothing is decided at that
    /// moment, so it is no deadline: it is told at the next step there is.
    /// </summary>
    internal static BootTime? RecoveredAt(NodeModel model) =>
        model is { Provider.LentSince: { } since, Backoff.Failing: not null } ? since + s_healthy : null;

    /// <summary>Ends the stretch of failures once the provider has proved healthy.</summary>
    internal static NodeModel EndStretch(NodeModel model, BootTime now, List<NodeEffect> effects)
    {
        if (RecoveredAt(model) is not { } recovered || now < recovered)
        {
            return model;
        }

        FailureStretch failing = model.Backoff.Failing!;
        effects.Add(new ProviderRecovered(failing.InAll, model.Provider.LentSince!.Value - failing.Since));
        return model with { Backoff = model.Backoff with { Failing = null, Uninspected = null, Retrying = false } };
    }

    /// <summary>
    /// Ends the backoff at once and forgets the failures: somebody may have fixed the cause, and must not have to wait
    /// to see it. The next try keeps to all else that a start keeps to, such as IdleDelay. Without a backoff nothing changes.
    /// </summary>
    internal Backoff End() => new() { RequestedAt = RequestedAt };

    /// <param name="spread">
    /// What the node adds to the pause, its own share of StartJitter: a broker that ends takes the providers of all nodes with it.
    /// </param>
    internal Backoff Counted(FailureCause cause, BootTime failed, TimeSpan spread)
    {
        FailureStretch stretch = FailureStretch.With(Failing, cause, failed, SpreadPause);
        return this with
        {
            Failing = stretch,
            Uninspected = null,
            PausedFor = cause.Reason,
            RetryAt = failed + SpreadPause(stretch.Count.Times),
        };

        TimeSpan SpreadPause(int failures) => Pause(failures) + spread;
    }

    /// <summary>With a failure more whose cause is being asked for.</summary>
    /// <param name="spread">As in <see cref="Counted"/>.</param>
    internal Backoff CountedUnexplained(BootTime now, TimeSpan spread) =>
        Counted(new FailureCause(Reason.ProviderExited, ""), now, spread) with { Uninspected = new UninspectedFailure(now, spread, Failing) };

    /// <summary>
    /// systemd has said how the provider ended. Null, because it is no news, once it was started again: the failure then stays
    /// counted as one of unknown cause.
    /// </summary>
    /// <param name="ending">systemd's result and exit status in words.</param>
    internal Backoff? Explained(Reason reason, string ending) => this is { Uninspected: { } failed, RetryAt: not null }
        ? (this with { Failing = failed.Before }).Counted(new FailureCause(reason, ending), failed.At, failed.Spread)
        : null;

    /// <summary>
    /// ExecCondition= has refused the start: the site's policy and no failure. It may ask something that the whole cluster
    /// shares, so that it is asked no sooner than after a minute, less often each time, and not by all nodes at once. Null
    /// where <see cref="Explained"/> says null.
    /// </summary>
    /// <param name="share">From 0 to below 1, different on each node.</param>
    internal Backoff? Refused(BootTime now, double share) => this is { Uninspected: { } failed, RetryAt: not null }
        ? this with
        {
            Failing = failed.Before,
            Uninspected = null,
            PausedFor = Reason.ExecCondition,
            Refusals = Refusals + 1,
            RetryAt = now + (PauseOfRefusal(Refusals + 1) * (1 + (share / 4))),
        }
        : null;

    /// <summary>It runs.</summary>
    internal Backoff Running() => this with { RetryAt = null, Refusals = 0 };

    /// <summary>A start by somebody else was taken up.</summary>
    internal Backoff Requested(BootTime now) => this with
    {
        RequestedAt = now,
        RetryAt = null,
        Retrying = false,

        // What looked like an end by itself was the stop of a restart by hand.
        Failing = Uninspected is { } counted ? counted.Before : Failing,
        Uninspected = null,
    };

    internal bool IsRequestTooSoon(BootTime now) =>
        RequestedAt is { } last && now < last + (Refusals > 0 ? PauseOfRefusal(Refusals) : Pause(Failing?.Count.Times ?? 1));

    internal ProviderFailed ToEffect(BootTime now, string detail)
    {
        FailureStretch stretch = Failing!;
        TimeSpan left = RetryAt!.Value - now;
        return new ProviderFailed(
            stretch.Latest.Reason, stretch.Count.Times, left > TimeSpan.Zero ? left : TimeSpan.Zero,
            now - stretch.Count.Since, detail, stretch.InAll);
    }

    /// <summary>1 minute, 2, then 4.</summary>
    private static TimeSpan PauseOfRefusal(int refusals) => TimeSpan.FromMinutes(1 << Math.Min(refusals - 1, 2));

    private static TimeSpan Pause(int failures)
    {
        // 2^9 s is beyond the longest pause; the exponent is kept from overflowing.
        TimeSpan pause = FirstPause * (1 << Math.Min(failures - 1, 9));
        return pause < s_longestPause ? pause : s_longestPause;
    }
}

/// <summary>A failure of which systemd has not said yet how the provider ended.</summary>
/// <param name="Spread">What was added to its pause.</param>
/// <param name="Before">The stretch without it.</param>
public sealed record UninspectedFailure(BootTime At, TimeSpan Spread, FailureStretch? Before) : Unprinted;
