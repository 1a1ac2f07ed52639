using HookAgent.Core.Node;

namespace HookAgent.Core.Tests.Node;

public sealed class ReclaimingTests
{
    [Fact]
    public void A_job_stops_the_provider_and_the_node_is_busy()
    {
        TestNode node = TestNode.Lent();
        node.JobStarts(1);
        Assert.Single(node.Told<StopUnit>());
        node.Passes(2);
        node.Systemd.Finishes();
        Assert.Equal((NodeState.Busy, Reason.JobsRecorded), node.State);
        Assert.Equal(
            new ProviderStopped(StopStage.Asked, TestNode.Seconds(2), TestNode.Seconds(60), []),
            Assert.Single(node.Told<ProviderStopped>()) with { Jobs = [] });
        Assert.Empty(node.Told<SignalUnit>());
        Assert.Null(NodeMachine.NextDeadline(node.Model));
    }

    [Fact]
    public void The_stop_escalates_at_StopGrace_and_two_and_four_seconds_later()
    {
        TestNode node = TestNode.Reclaiming();
        node.Passes(9.999_999);
        Assert.Empty(node.Told<SignalUnit>());

        node.Passes(0.000_001);
        Assert.Equal([new SignalUnit(Kill: false)], node.Told<SignalUnit>());
        Assert.Equal((NodeState.Reclaiming, Reason.SecondSignal), node.State);

        node.Passes(1.999_999);
        Assert.Single(node.Told<SignalUnit>());
        node.Passes(0.000_001);
        Assert.Equal([new SignalUnit(false), new SignalUnit(Kill: true)], node.Told<SignalUnit>());
        Assert.Equal((NodeState.Reclaiming, Reason.Killed), node.State);

        node.Passes(1.999_999);
        Assert.Equal((NodeState.Reclaiming, Reason.Killed), node.State);
        node.Passes(0.000_001);
        Assert.Equal((NodeState.Reclaiming, Reason.SurvivedKill), node.State);
        Assert.Null(NodeMachine.NextDeadline(node.Model));

        node.Passes(3600);
        Assert.Equal(2, node.Told<SignalUnit>().Count);
        node.Systemd.Finishes();
        Assert.Equal((NodeState.Busy, Reason.JobsRecorded), node.State);
        Assert.Equal(StopStage.Survived, Assert.Single(node.Told<ProviderStopped>()).Stage);
    }

    [Fact]
    public void Nothing_has_survived_a_stop_that_systemd_has_not_answered()
    {
        TestNode node = TestNode.Lent();
        node.Systemd.Silent = true;
        node.JobStarts(1);
        node.Passes(60);
        Assert.Equal((NodeState.Reclaiming, Reason.Killed), node.State);
        Assert.Equal([new SignalUnit(false), new SignalUnit(true)], node.Told<SignalUnit>());

        node.Systemd.Silent = false;
        node.Systemd.Speaks();
        node.Passes(2);
        Assert.Equal((NodeState.Reclaiming, Reason.SurvivedKill), node.State);
    }

    [Fact]
    public void A_loop_that_comes_late_escalates_one_stage_at_a_time()
    {
        TestNode node = TestNode.Reclaiming();
        node.Systemd.Silent = true;
        node.Passes(10);
        Assert.Single(node.Told<SignalUnit>());
        node.Feed(new TimePassed());
        node.Feed(new TimePassed());
        Assert.Single(node.Told<SignalUnit>());
    }

    [Fact]
    public void Without_StopGrace_the_second_SIGTERM_follows_at_once()
    {
        TestNode node = TestNode.Lent(TestNode.Settings with { StopGrace = TimeSpan.Zero });
        node.JobStarts(1);
        Assert.Equal((NodeState.Reclaiming, Reason.SecondSignal), node.State);
        node.Passes(2);
        Assert.Equal([new SignalUnit(false), new SignalUnit(true)], node.Told<SignalUnit>());
    }

    [Fact]
    public void The_next_stop_begins_at_the_first_stage()
    {
        TestNode node = TestNode.Reclaiming();
        node.Passes(20);
        node.Systemd.Finishes();
        node.JobEnds(1);
        node.Passes(10);
        node.Systemd.Finishes();
        node.Mark();
        node.JobStarts(2);
        Assert.Equal((NodeState.Reclaiming, Reason.StopAsked), node.State);
        node.Passes(10);
        Assert.Single(node.Told<SignalUnit>());
    }

    [Theory]
    [InlineData(UnitActiveState.Inactive)]
    [InlineData(UnitActiveState.Failed)]
    public void However_the_provider_ends_in_a_stop_of_ours_is_no_failure(UnitActiveState end)
    {
        TestNode node = TestNode.Reclaiming();
        node.Systemd.Finishes(into: end);
        node.JobEnds(1);
        Assert.Equal((NodeState.Settling, Reason.IdleDelay), node.State);
        Assert.Empty(node.Told<ProviderFailed>());
        Assert.Empty(node.Told<InspectUnit>());
        node.Passes(10);
        Assert.Single(node.Told<StartUnit>());
    }

    [Theory]
    [InlineData(UnitJobResult.Done)]
    [InlineData(UnitJobResult.Canceled)]
    [InlineData(UnitJobResult.Timeout)]
    [InlineData(UnitJobResult.Failed)]
    [InlineData(UnitJobResult.Dependency)]
    [InlineData(UnitJobResult.Skipped)]
    [InlineData(UnitJobResult.Other)]
    public void After_a_stop_the_unit_decides_and_not_the_result(UnitJobResult result)
    {
        TestNode gone = TestNode.Reclaiming();
        gone.Systemd.Finishes(result, UnitActiveState.Inactive);
        Assert.Equal((NodeState.Busy, Reason.JobsRecorded), gone.State);

        TestNode there = TestNode.Reclaiming();
        there.Systemd.Finishes(result, UnitActiveState.Active);
        Assert.Equal(NodeState.Reclaiming, there.Model.Current.State);
        there.Passes(0.999_999);
        Assert.Empty(there.Told<StopUnit>());
        there.Passes(0.000_001);
        Assert.Single(there.Told<StopUnit>());
    }

    [Fact]
    public void A_stop_job_that_somebody_cancels_does_not_end_the_escalation()
    {
        TestNode node = TestNode.Reclaiming();
        node.Passes(5);
        node.Systemd.Finishes(UnitJobResult.Canceled);
        node.Passes(5);
        Assert.Equal([new SignalUnit(false)], node.Told<SignalUnit>());
    }

    [Fact]
    public void A_provider_that_is_started_behind_our_stop_gets_an_escalation_of_its_own()
    {
        TestNode node = TestNode.Lent();
        node.Feed(new HoldAsked(Holds.Operator));
        node.Passes(12);
        Assert.Equal((NodeState.Reclaiming, Reason.Killed), node.State);
        node.Systemd.Finishes(UnitJobResult.Done, UnitActiveState.Active);
        node.Mark();
        node.Passes(1);
        Assert.Single(node.Told<StopUnit>());
        node.Passes(9.999_999);
        Assert.Empty(node.Told<SignalUnit>());
        node.Passes(0.000_001);
        Assert.Equal([new SignalUnit(false)], node.Told<SignalUnit>());
    }

    [Theory]
    [InlineData(UnitRefusal.Masked)]
    [InlineData(UnitRefusal.BadSetting)]
    [InlineData(UnitRefusal.TransactionConflict)]
    [InlineData(UnitRefusal.Other)]
    public void A_refused_stop_is_told_and_asked_again_while_the_stop_escalates(UnitRefusal refusal)
    {
        TestNode node = TestNode.Lent();
        for (int i = 1; i <= 12; i++)
        {
            node.Systemd.Refuses = refusal;
            if (i == 1)
            {
                node.JobStarts(1);
            }
            else
            {
                node.Passes(1);
            }

            Assert.Equal(i, node.Told<StopUnit>().Count);
            Assert.Equal(i, node.Told<StopRefused>().Count);
        }

        Assert.Equal([new SignalUnit(false)], node.Told<SignalUnit>());
        node.Passes(1);
        Assert.Equal([new SignalUnit(false), new SignalUnit(true)], node.Told<SignalUnit>());
        Assert.Equal((NodeState.Reclaiming, Reason.Killed), node.State);
    }

    [Fact]
    public void A_stop_of_a_unit_that_is_no_more_is_no_refusal()
    {
        TestNode node = TestNode.Lent();
        node.Systemd.Refuses = UnitRefusal.NoSuchUnit;
        (node.Systemd.Active, node.Systemd.Load) = (UnitActiveState.Inactive, UnitLoadState.NotFound);
        node.JobStarts(1);
        Assert.Empty(node.Told<StopRefused>());
        Assert.Empty(node.Told<ProviderFailed>());
        Assert.Empty(node.Told<InspectUnit>());
        Assert.Equal((NodeState.Busy, Reason.JobsRecorded), node.State);
    }

    [Fact]
    public void While_it_is_in_doubt_what_a_refused_stop_did_the_provider_counts_as_running()
    {
        TestNode node = TestNode.Lent();
        node.Systemd.Refuses = UnitRefusal.Other;
        node.Systemd.Silent = true;
        long prolog = node.Prolog(1);
        node.Feed(new UnitJobRefused(node.Model.Systemd.Attempts, UnitRefusal.Other, ""));
        Assert.True(node.Model.ProviderMayRun);
        Assert.False(node.IsAnswered(prolog));
    }

    [Fact]
    public void A_provider_that_ends_after_a_refused_stop_did_so_because_of_it()
    {
        TestNode node = TestNode.Lent();
        node.Systemd.Refuses = UnitRefusal.Other;
        node.JobStarts(1);
        node.Systemd.Becomes(UnitActiveState.Inactive);
        Assert.Equal((NodeState.Busy, Reason.JobsRecorded), node.State);
        Assert.Single(node.Told<ProviderStopped>());
        Assert.Empty(node.Told<InspectUnit>());

        // And the next stop starts from below.
        node.JobEnds(1);
        node.Passes(10);
        node.Systemd.Finishes();
        node.JobStarts(2);
        Assert.Equal((NodeState.Reclaiming, Reason.StopAsked), node.State);
        Assert.NotNull(node.Model.Provider.Escalation!.NextAt);
    }

    [Fact]
    public void A_provider_that_is_lent_again_after_a_refused_stop_gets_no_signals()
    {
        TestNode node = TestNode.Lent();
        node.Systemd.Refuses = UnitRefusal.Other;
        node.JobStarts(1);
        node.JobEnds(1);
        Assert.Equal((NodeState.Lending, Reason.Running), node.State);
        node.Passes(100);
        Assert.Empty(node.Told<SignalUnit>());
    }

    [Fact]
    public void A_stop_that_systemd_had_queued_before_its_answer_was_lost_is_our_own()
    {
        TestNode node = TestNode.Lent();
        node.Systemd.Refuses = UnitRefusal.Other;
        (node.Systemd.Job, node.Systemd.JobPath) = (UnitJobType.Stop, "/queued/all/the/same");
        node.JobStarts(1);
        node.Passes(1);
        node.Systemd.Finishes();
        Assert.Empty(node.Told<HoldBegan>());
        Assert.Equal((NodeState.Busy, Reason.JobsRecorded), node.State);
    }

    [Fact]
    public void And_stays_our_own_when_the_job_ends_before_it()
    {
        TestNode node = TestNode.Lent();
        node.Systemd.Refuses = UnitRefusal.Other;
        (node.Systemd.Job, node.Systemd.JobPath) = (UnitJobType.Stop, "/queued/all/the/same");
        node.JobStarts(1);
        node.JobEnds(1);
        Assert.Equal((NodeState.Reclaiming, Reason.StopAsked), node.State);
        node.Systemd.Becomes(UnitActiveState.Deactivating);
        node.Systemd.Finishes();
        Assert.Empty(node.Told<HoldBegan>());
        Assert.Single(node.Told<ProviderStopped>());
        Assert.Equal((NodeState.Settling, Reason.IdleDelay), node.State);
    }

    [Fact]
    public void A_job_that_ends_in_the_stop_leaves_the_stop_to_its_end()
    {
        TestNode node = TestNode.Reclaiming();
        node.JobEnds(1);
        node.Passes(10);
        Assert.Equal((NodeState.Reclaiming, Reason.SecondSignal), node.State);
        node.Systemd.Finishes();
        Assert.Equal((NodeState.Lending, Reason.Starting), node.State);
    }

    [Theory]
    [InlineData("busy")]
    [InlineData("held")]
    [InlineData("unknown")]
    [InlineData("required unit down")]
    public void A_start_by_hand_is_undone_while_the_provider_must_be_off(string why)
    {
        TestNode node = TestNode.Idle();
        switch (why)
        {
            case "busy":
                node.JobStarts(1);
                break;
            case "held":
                node.Feed(new HoldAsked(Holds.Operator));
                break;
            case "unknown":
                node.ForeignEntry = true;
                node.ReadDirectory();
                break;
            default:
                node.Systemd.RequiredUnitUp = false;
                node.Systemd.IsRead();
                break;
        }

        node.Mark();
        node.Systemd.ByHand(UnitJobType.Start, UnitActiveState.Active);
        Assert.Single(node.Told<StopUnit>());
        Assert.Equal((NodeState.Reclaiming, Reason.StopAsked), node.State);
        node.Systemd.Finishes();
        Assert.False(node.Model.ProviderMayRun);
        Assert.Empty(node.Told<HoldBegan>());
    }
}
