using System.Collections.Immutable;
using HookAgent.Core.Node;
using HookAgent.Core.Time;

namespace HookAgent.Core.Tests.Node;

public sealed class LendingTests
{
    /// <summary>The provider would be stopped with it, a second later.</summary>
    [Fact]
    public void Nothing_is_started_while_systemd_stops_the_agent()
    {
        TestNode node = TestNode.Idle();
        node.Systemd.AgentStopping = true;
        node.Systemd.IsRead();
        node.Passes(100);
        Assert.Empty(node.Told<StartUnit>());

        node.Systemd.AgentStopping = false;
        node.Systemd.IsRead();
        Assert.Single(node.Told<StartUnit>());
    }

    [Fact]
    public void An_idle_node_is_lent_after_the_idle_delay_and_not_a_microsecond_earlier()
    {
        TestNode node = TestNode.Idle();
        node.Passes(9.999_999);
        Assert.Empty(node.Told<StartUnit>());
        Assert.Equal((NodeState.Settling, Reason.IdleDelay), node.State);

        node.Passes(0.000_001);
        Assert.Single(node.Told<StartUnit>());
        Assert.Equal((NodeState.Lending, Reason.Starting), node.State);

        node.Systemd.Finishes();
        Assert.Equal((NodeState.Lending, Reason.Running), node.State);
        Assert.Equal(node.Now + TestNode.Seconds(60), NodeMachine.NextDeadline(node.Model));
    }

    [Fact]
    public void Without_an_idle_delay_the_node_is_lent_at_once()
    {
        TestNode node = TestNode.Idle(TestNode.Settings with { IdleDelay = TimeSpan.Zero });
        Assert.Equal((NodeState.Lending, Reason.Starting), node.State);
    }

    [Fact]
    public void The_starts_of_a_cluster_spread_over_the_jitter()
    {
        NodeSettings settings = TestNode.Settings with { StartJitter = TestNode.Seconds(60) };
        List<double> waits = [.. Enumerable.Range(1, 200).Select(seed =>
        {
            TestNode node = TestNode.Idle(settings, seed: (ulong)seed);
            return (NodeMachine.NextDeadline(node.Model)!.Value - node.Now).TotalSeconds;
        })];

        Assert.All(waits, wait => Assert.InRange(wait, 10, 70));
        Assert.Equal(200, waits.Distinct().Count());
        Assert.InRange(waits.Average(), 35, 45);
        Assert.True(waits.Min() < 15 && waits.Max() > 65, "the ends of the range are never drawn");
    }

    [Fact]
    public void Each_idle_stretch_draws_its_own_jitter()
    {
        TestNode node = TestNode.Idle(TestNode.Settings with { StartJitter = TestNode.Seconds(60) }, seed: 7);
        TimeSpan first = NodeMachine.NextDeadline(node.Model)!.Value - node.Now;
        node.JobStarts(1);
        node.JobEnds(1);
        Assert.NotEqual(first, NodeMachine.NextDeadline(node.Model)!.Value - node.Now);
    }

    [Fact]
    public void A_start_waits_for_evidence_however_long_that_takes()
    {
        TestNode node = TestNode.Idle();
        node.GathersEvidence = false;
        node.Passes(100);
        Assert.Single(node.Told<ScanSteps>());
        Assert.Empty(node.Told<StartUnit>());

        node.Gather();
        Assert.Single(node.Told<StartUnit>());
    }

    [Fact]
    public void A_job_found_with_the_evidence_prevents_the_start()
    {
        TestNode node = TestNode.Idle();
        node.GathersEvidence = false;
        node.Passes(10);
        node.Records![TestNode.Job(1)] = null;
        node.Gather();
        Assert.Empty(node.Told<StartUnit>());
        Assert.Equal((NodeState.Busy, Reason.JobsRecorded), node.State);

        node.Epilog(1);
        node.GathersEvidence = true;
        node.Passes(9.999_999);
        Assert.Empty(node.Told<StartUnit>());
        node.Passes(0.000_001);
        Assert.Equal(2, node.Told<ScanSteps>().Count);
        Assert.Single(node.Told<StartUnit>());
    }

    [Fact]
    public void Evidence_for_a_start_that_was_put_off_is_gathered_anew()
    {
        TestNode node = TestNode.Idle();
        node.GathersEvidence = false;
        node.Passes(10);
        node.Systemd.Load = UnitLoadState.Masked;
        node.Systemd.IsRead();
        node.Gather();
        node.Passes(3600);
        node.Systemd.Load = UnitLoadState.Loaded;
        node.Systemd.IsRead();
        Assert.Empty(node.Told<StartUnit>());
        Assert.Equal(2, node.Told<ScanSteps>().Count);
    }

    [Fact]
    public void A_job_in_the_idle_delay_begins_it_anew()
    {
        TestNode node = TestNode.Idle();
        node.Passes(9);
        node.JobStarts(1);
        Assert.Equal((NodeState.Busy, Reason.JobsRecorded), node.State);
        Assert.Null(NodeMachine.NextDeadline(node.Model));

        node.Passes(1);
        node.JobEnds(1);
        node.Passes(9.999_999);
        Assert.Empty(node.Told<StartUnit>());
        node.Passes(0.000_001);
        Assert.Single(node.Told<StartUnit>());
    }

    [Fact]
    public void The_node_is_lent_only_after_the_last_of_two_jobs()
    {
        TestNode node = TestNode.Reclaiming();
        node.JobStarts(2);
        node.Systemd.Finishes();
        node.JobEnds(1);
        node.Passes(100);
        Assert.Equal((NodeState.Busy, Reason.JobsRecorded), node.State);
        node.JobEnds(2);
        node.Passes(10);
        Assert.Single(node.Told<StartUnit>());
    }

    [Fact]
    public void The_idle_delay_counts_from_the_end_of_the_job_although_the_provider_still_stops()
    {
        TestNode node = TestNode.Reclaiming();
        node.Passes(1);
        node.JobEnds(1);
        Assert.Equal((NodeState.Reclaiming, Reason.StopAsked), node.State);
        node.Passes(5);
        node.Systemd.Finishes();
        Assert.Equal((NodeState.Settling, Reason.IdleDelay), node.State);
        node.Passes(4.999_999);
        Assert.Empty(node.Told<StartUnit>());
        node.Passes(0.000_001);
        Assert.Single(node.Told<StartUnit>());
    }

    [Fact]
    public void The_idle_delay_goes_on_while_systemd_is_out_of_reach()
    {
        TestNode node = TestNode.Idle();
        node.Passes(4);
        node.Systemd.IsLost();
        Assert.Equal((NodeState.Unknown, Reason.SystemdUnreachable), node.State);
        node.Passes(3);
        node.Systemd.IsRead();
        node.Passes(2.999_999);
        Assert.Empty(node.Told<StartUnit>());
        node.Passes(0.000_001);
        Assert.Single(node.Told<StartUnit>());
    }

    [Fact]
    public void A_job_that_comes_while_a_start_is_queued_cancels_it()
    {
        TestNode node = TestNode.Starting();
        node.JobStarts(1);
        Assert.Single(node.Told<StopUnit>());
        Assert.Equal((NodeState.Reclaiming, Reason.StopAsked), node.State);

        node.Systemd.Finishes();
        Assert.Equal((NodeState.Busy, Reason.JobsRecorded), node.State);
        Assert.Empty(node.Told<HoldBegan>());
        Assert.Empty(node.Told<ProviderFailed>());
        Assert.Equal(TimeSpan.Zero, Assert.Single(node.Told<ProviderStopped>()).Lent);
    }

    [Fact]
    public void A_job_that_comes_before_systemd_has_answered_the_start_cancels_it_too()
    {
        TestNode node = TestNode.Idle();
        node.Systemd.Silent = true;
        node.Passes(10);
        node.JobStarts(1);
        Assert.Single(node.Told<StartUnit>());
        Assert.Single(node.Told<StopUnit>());

        // The start's answer, the end of its superseded job, and the stop's answer, in this order.
        node.Systemd.Silent = false;
        node.Systemd.Speaks();
        Assert.Equal((NodeState.Reclaiming, Reason.StopAsked), node.State);
        node.Systemd.Finishes();
        Assert.Equal((NodeState.Busy, Reason.JobsRecorded), node.State);
        Assert.Empty(node.Told<HoldBegan>());
    }

    [Fact]
    public void A_start_that_was_through_when_the_job_came_is_stopped()
    {
        TestNode node = TestNode.Starting();
        node.Systemd.Silent = true;
        node.Systemd.Finishes();
        node.JobStarts(1);
        Assert.Single(node.Told<StopUnit>());
        node.Systemd.Silent = false;
        node.Systemd.Speaks();
        Assert.Equal((NodeState.Reclaiming, Reason.StopAsked), node.State);
        node.Systemd.Finishes();
        Assert.Equal((NodeState.Busy, Reason.JobsRecorded), node.State);
    }

    [Fact]
    public void A_refusal_of_a_start_that_a_stop_has_overtaken_is_no_news()
    {
        TestNode node = TestNode.Idle();
        node.Systemd.Silent = true;
        node.Systemd.Refuses = UnitRefusal.NoSuchUnit;
        node.Passes(10);
        node.JobStarts(1);
        node.Systemd.Silent = false;
        node.Systemd.Speaks();
        Assert.Empty(node.Told<ProviderFailed>());
        Assert.Equal((NodeState.Reclaiming, Reason.StopAsked), node.State);
    }

    [Fact]
    public void A_start_whose_end_was_not_told_is_seen_in_the_unit()
    {
        TestNode node = TestNode.Starting();
        (node.Systemd.Job, node.Systemd.JobPath) = (UnitJobType.None, "");
        node.Systemd.Becomes(UnitActiveState.Active);
        Assert.Equal((NodeState.Lending, Reason.Running), node.State);
    }

    [Fact]
    public void A_stop_whose_end_was_not_told_is_seen_in_the_unit()
    {
        TestNode node = TestNode.Reclaiming();
        (node.Systemd.Job, node.Systemd.JobPath) = (UnitJobType.None, "");
        node.Systemd.Becomes(UnitActiveState.Inactive);
        Assert.Equal((NodeState.Busy, Reason.JobsRecorded), node.State);
        Assert.Single(node.Told<ProviderStopped>());
    }

    [Fact]
    public void A_start_by_hand_that_waits_in_the_queue_is_not_taken_for_a_provider_and_the_agents_own_follows()
    {
        TestNode node = TestNode.Idle();
        node.Passes(3);
        node.Systemd.ByHand(UnitJobType.Start);
        node.Passes(100);
        Assert.Equal((NodeState.Lending, Reason.Starting), node.State);
        Assert.Empty(node.Told<StartUnit>());
        Assert.Null(node.Model.Provider.LentSince);
        node.Systemd.Finishes(UnitJobResult.Done, UnitActiveState.Inactive);
        Assert.Single(node.Told<StartUnit>());
        Assert.Null(node.Model.Backoff.Failing);
    }

    [Theory]
    [InlineData(UnitActiveState.Active, UnitJobType.None)]
    [InlineData(UnitActiveState.Activating, UnitJobType.Start)]
    [InlineData(UnitActiveState.Other, UnitJobType.Other)]
    public void A_provider_that_a_hand_starts_while_the_node_settles_is_taken_over(UnitActiveState active, UnitJobType job)
    {
        TestNode node = TestNode.Idle();
        node.Passes(3);
        if (job is UnitJobType.None)
        {
            node.Systemd.Becomes(active);
        }
        else
        {
            node.Systemd.ByHand(job, active);
        }

        Assert.Equal((NodeState.Lending, Reason.Running), node.State);
        Assert.Equal(node.Now + TestNode.Seconds(60), NodeMachine.NextDeadline(node.Model));
        node.Passes(100);
        Assert.Empty(node.Told<StartUnit>());
        Assert.Empty(node.Told<StopUnit>());
    }

    [Fact]
    public void A_provider_that_runs_when_the_daemon_begins_is_taken_over()
    {
        TestNode node = new();
        node.Systemd.Active = UnitActiveState.Active;
        node.Systemd.IsRead();
        Assert.Single(node.Told<StopUnit>());
        node.ReadDirectory();

        TestNode other = new();
        other.ReadDirectory();
        other.Systemd.Active = UnitActiveState.Active;
        other.Systemd.IsRead();
        Assert.Equal((NodeState.Lending, Reason.Running), other.State);
        Assert.Empty(other.Told<StopUnit>());
    }

    [Fact]
    public void New_settings_leave_a_delay_that_runs_and_hold_for_the_next()
    {
        TestNode node = TestNode.Idle();
        node.Feed(new SettingsChanged(TestNode.Settings with { IdleDelay = TestNode.Seconds(60) }));
        node.Passes(10);
        Assert.Single(node.Told<StartUnit>());
        node.JobStarts(1);
        node.Systemd.Finishes();
        node.JobEnds(1);
        node.Mark();
        node.Passes(59.999_999);
        Assert.Empty(node.Told<StartUnit>());
        node.Passes(0.000_001);
        Assert.Single(node.Told<StartUnit>());
    }

    [Fact]
    public void Late_repeated_and_unknown_nudges_change_nothing()
    {
        TestNode node = TestNode.Lent();
        node.Feed(new EpilogCalled(TestNode.Job(7)));
        node.Feed(new EpilogCalled(TestNode.Job(7)));
        Assert.True(node.IsAnswered(node.PrologCalls(7)));
        node.ReadDirectory();
        node.Systemd.IsRead();
        node.Feed(new TimePassed());
        Assert.Equal((NodeState.Lending, Reason.Running), node.State);
        Assert.Equal([new AnswerProlog(1)], node.Told());
    }

    [Fact]
    public void A_change_of_state_tells_the_job_that_made_it_and_how_long_the_last_state_was()
    {
        TestNode node = TestNode.Lent();
        node.JobStarts(1);
        StateChanged change = Assert.Single(node.Told<StateChanged>());
        Assert.Equal(
            new StateChanged(NodeState.Lending, NodeState.Reclaiming, Reason.StopAsked, TestNode.Seconds(60), [], Again: false),
            change with { Jobs = [] });
        Assert.Equal([TestNode.Job(1)], change.Jobs);
    }

    [Fact]
    public void What_a_job_brought_about_is_told_as_its_story()
    {
        TestNode node = TestNode.Lent();
        node.JobStarts(1);
        node.Passes(20);
        node.JobStarts(2);
        node.Systemd.Finishes();
        Assert.Equal([TestNode.Job(1), TestNode.Job(2)], Assert.Single(node.Told<ProviderStopped>()).Jobs);
        node.JobEnds(1);
        node.JobEnds(2);
        node.Passes(20);
        node.Systemd.Finishes();
        Assert.Equal(
            [
                "Reclaiming StopAsked 1", "Reclaiming SecondSignal 1", "Reclaiming Killed 1", "Reclaiming SurvivedKill 1", "Busy JobsRecorded 1 2",
                "Settling IdleDelay 2", "Lending Starting 2", "Lending Running 2",
            ],
            node.Told<StateChanged>().Select(change => $"{change.To} {change.Reason} {string.Join(' ', change.Jobs)}"));
    }

    [Fact]
    public void What_comes_after_a_job_s_story_is_none_of_it()
    {
        TestNode node = TestNode.Lent();
        node.JobStarts(1);
        node.JobEnds(1);
        node.Systemd.Finishes();
        node.Passes(20);
        node.Systemd.Finishes();
        node.Mark();
        node.Feed(new HoldAsked(Holds.Operator));
        node.Systemd.Finishes();
        node.Feed(new ReleaseAsked());
        Assert.Equal(3, node.Told<StateChanged>().Count);
        Assert.All(node.Told<StateChanged>(), change => Assert.Empty(change.Jobs));
        Assert.Empty(Assert.Single(node.Told<ProviderStopped>()).Jobs);
    }

    [Fact]
    public void A_new_reason_in_the_same_state_does_not_move_its_beginning()
    {
        TestNode node = TestNode.Starting();
        BootTime since = node.Model.Current.Since;
        node.Passes(2);
        node.Systemd.Finishes();
        Assert.Equal(since, node.Model.Current.Since);
        Assert.Equal(TestNode.Seconds(2), Assert.Single(node.Told<StateChanged>()).InState);
    }
}
