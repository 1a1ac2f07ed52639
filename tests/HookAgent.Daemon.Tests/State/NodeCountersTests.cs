using HookAgent.Bus;
using HookAgent.Core.Jobs;
using HookAgent.Core.Node;
using HookAgent.Daemon.State;

namespace HookAgent.Daemon.Tests.State;

public sealed class NodeCountersTests
{
    private static readonly JobId s_job = JobId.TryParse("17", out JobId job) ? job : default;
    private readonly NodeCounters _counters = new(TimeProvider.System);

    [Fact]
    public void Each_effect_counts_once()
    {
        Count(new StartUnit(1), new ProviderStopped(StopStage.Killed, default, null, []), new SignalUnit(false), new SignalUnit(true), new HandoverDone(s_job, TimeSpan.FromMilliseconds(2), default));
        Assert.Equal(
            (1UL, 1UL, 1UL, 1UL, 5L),
            (Of(NodeProperty.ProviderStarts), Of(NodeProperty.ProviderStops), Of(NodeProperty.SecondSignals), Of(NodeProperty.Kills), _counters.Changes));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1.9, 1)]
    [InlineData(2, 0)]
    public void A_lending_that_ended_soon_was_short(double seconds, ulong isShort)
    {
        Count(new ProviderStopped(StopStage.Asked, default, TimeSpan.FromSeconds(seconds), []), new ProviderStopped(StopStage.Asked, default, null, []));
        Assert.Equal(isShort, Of(NodeProperty.ShortLendings));
        Assert.Equal((2UL, 2L), (Of(NodeProperty.ProviderStops), _counters.Changes));
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    public void A_record_that_nobody_called_about_is_counted_when_it_is_gone(bool called, ulong without)
    {
        Count(new JobAppeared(s_job));
        if (called)
        {
            _counters.CountNudge(s_job, isHere: true);
        }

        Assert.Equal(0UL, Of(NodeProperty.RecordsWithoutNudge));
        Count(new JobDisappeared(s_job));
        Assert.Equal((1UL, without), (Of(NodeProperty.JobsSeen), Of(NodeProperty.RecordsWithoutNudge)));
    }

    /// <summary>Anybody may call where the bus has no policy; only root makes and takes records.</summary>
    [Fact]
    public void A_call_about_a_job_without_a_record_is_no_evidence_of_the_hook()
    {
        _counters.CountNudge(s_job, isHere: false);
        _counters.CountEpilog(s_job);
        Assert.Equal((null, null, 0L), (_counters.LastProlog, _counters.LastEpilog, _counters.Changes));

        Count(new JobAppeared(s_job));
        _counters.CountNudge(s_job, isHere: true);
        _counters.CountEpilog(s_job);
        Assert.Equal((s_job, null), (_counters.LastProlog?.Job, _counters.LastEpilog));

        Count(new JobDisappeared(s_job));
        _counters.CountEpilog(s_job);
        HookCall? epilog = _counters.LastEpilog;
        Assert.Equal(s_job, epilog?.Job);
        _counters.CountEpilog(s_job);
        Assert.Same(epilog, _counters.LastEpilog);
    }

    [Fact]
    public void A_hook_that_had_given_up_is_counted_and_is_a_change()
    {
        _counters.CountHookDeadline();
        Assert.Equal((1UL, 1L), (_counters.Totals.HookDeadlines, _counters.Changes));
    }

    private ulong Of(NodeCounter counter) => _counters.Counts[counter];

    private void Count(params NodeEffect[] effects)
    {
        foreach (NodeEffect effect in effects)
        {
            _counters.Count(effect);
        }
    }
}
