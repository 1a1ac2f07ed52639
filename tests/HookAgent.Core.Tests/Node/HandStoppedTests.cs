using HookAgent.Core.Node;

namespace HookAgent.Core.Tests.Node;

/// <summary>The agent never undoes a stop by hand, and takes nothing else for one.</summary>
public sealed class HandStoppedTests
{
    [Fact]
    public void A_stop_job_that_is_seen_in_the_unit_becomes_a_hold()
    {
        TestNode node = TestNode.Lent();
        node.Systemd.ByHand(UnitJobType.Stop, UnitActiveState.Deactivating);
        Assert.Empty(node.Told<HoldBegan>());
        node.Passes(3);

        // The end of the job is not even told.
        (node.Systemd.Job, node.Systemd.JobPath) = (UnitJobType.None, "");
        node.Systemd.Becomes(UnitActiveState.Inactive);
        AssertHandStopped(node);
    }

    [Fact]
    public void A_stop_too_fast_to_be_seen_is_known_by_its_job()
    {
        TestNode node = TestNode.Lent();
        node.Systemd.Queues(UnitJobType.Stop);
        node.Systemd.Finishes();
        AssertHandStopped(node);
    }

    [Fact]
    public void A_start_of_ours_that_a_hand_cancels_becomes_a_hold()
    {
        TestNode node = TestNode.Starting();
        node.Systemd.Queues(UnitJobType.Stop);
        node.Systemd.IsRead();
        AssertHandStopped(node);
    }

    [Fact]
    public void A_start_of_ours_that_a_stop_replaced_becomes_a_hold_though_its_end_was_not_told()
    {
        TestNode node = TestNode.Starting();
        (node.Systemd.Job, node.Systemd.JobPath) = (UnitJobType.Stop, "/foreign");
        node.Systemd.IsRead();
        AssertHandStopped(node);
    }

    [Fact]
    public void A_stop_by_hand_of_a_provider_that_is_coming_up_becomes_a_hold()
    {
        TestNode node = TestNode.Starting();
        node.Systemd.ByHand(UnitJobType.Stop, UnitActiveState.Deactivating);
        Assert.Empty(node.Told<HoldBegan>());
        (node.Systemd.Job, node.Systemd.JobPath) = (UnitJobType.None, "");
        node.Systemd.Becomes(UnitActiveState.Inactive);
        AssertHandStopped(node);
    }

    [Fact]
    public void A_stop_by_hand_stays_in_force_when_a_job_comes_before_it_is_through()
    {
        TestNode node = TestNode.Lent();
        node.Systemd.ByHand(UnitJobType.Stop, UnitActiveState.Deactivating);
        node.JobStarts(1);
        node.Systemd.Finishes();
        Assert.Equal((NodeState.Busy, Reason.JobsRecorded), node.State);
        node.JobEnds(1);
        AssertHandStopped(node);
    }

    [Fact]
    public void A_release_ends_it()
    {
        TestNode node = HandStopped();
        node.Feed(new ReleaseAsked());
        Assert.Equal((NodeState.Settling, Reason.IdleDelay), node.State);
        Assert.Equal([new HoldEnded(Holds.HandStopped, Expired: false, "root")], node.Told<HoldEnded>());
        node.Passes(10);
        Assert.Single(node.Told<StartUnit>());
    }

    [Fact]
    public void A_start_by_hand_ends_it()
    {
        TestNode node = HandStopped();
        node.Systemd.ByHand(UnitJobType.Start, UnitActiveState.Activating);
        Assert.Equal((NodeState.Lending, Reason.Running), node.State);
        Assert.Equal([new HoldEnded(Holds.HandStopped, Expired: false)], node.Told<HoldEnded>());
        Assert.Empty(node.Told<StopUnit>());
        Assert.Null(node.Memory.Hold);
    }

    [Fact]
    public void A_start_by_hand_does_not_end_an_operators_hold()
    {
        TestNode node = TestNode.Idle();
        node.Feed(new HoldAsked(Holds.Operator));
        node.Systemd.ByHand(UnitJobType.Start, UnitActiveState.Active);
        node.Systemd.Finishes();
        Assert.Equal((NodeState.Held, Reason.OperatorHold), node.State);
    }

    [Fact]
    public void It_outlives_the_daemon()
    {
        TestNode node = HandStopped().WithNewDaemon();
        node.ReadDirectory();
        node.Systemd.IsRead();
        Assert.Equal((NodeState.Held, Reason.HandStopped), node.State);
        node.Passes(1000);
        Assert.Empty(node.Told<StartUnit>());
    }

    [Fact]
    public void The_words_of_an_operator_who_holds_already_stay()
    {
        TestNode node = TestNode.Lent();
        node.Systemd.ByHand(UnitJobType.Stop, UnitActiveState.Deactivating);
        node.Feed(new HoldAsked(Holds.Operator));
        node.Systemd.Finishes();
        Assert.Equal((NodeState.Held, Reason.OperatorHold), node.State);
        Assert.Equal([new HoldBegan(Holds.Operator)], node.Told<HoldBegan>());
    }

    [Fact]
    public void A_restart_by_hand_is_no_stop()
    {
        TestNode node = TestNode.Lent();
        node.Systemd.ByHand(UnitJobType.Restart, UnitActiveState.Deactivating);
        node.Systemd.Becomes(UnitActiveState.Inactive);
        node.Systemd.Job = UnitJobType.Start;
        node.Systemd.Becomes(UnitActiveState.Activating);
        node.Systemd.Finishes();
        Assert.Equal((NodeState.Lending, Reason.Running), node.State);
        Assert.Empty(node.Told<HoldBegan>());
        Assert.Empty(node.Told<StartUnit>());
    }

    [Fact]
    public void A_restart_by_hand_too_fast_to_be_seen_is_no_stop()
    {
        TestNode node = TestNode.Lent();
        node.Systemd.Queues(UnitJobType.Restart);
        node.Systemd.Finishes();
        Assert.Equal((NodeState.Lending, Reason.Running), node.State);

        // And leaves nothing behind that a later crash could be taken for.
        node.Systemd.Becomes(UnitActiveState.Failed);
        Assert.Equal((NodeState.Failed, Reason.ProviderExited), node.State);
    }

    [Fact]
    public void A_provider_that_a_hand_started_and_that_died_at_once_was_not_stopped()
    {
        TestNode node = TestNode.Idle();
        node.Systemd.ByHand(UnitJobType.Start, UnitActiveState.Activating);
        node.Systemd.Finishes(UnitJobResult.Done, UnitActiveState.Failed);
        Assert.Equal((NodeState.Failed, Reason.ProviderExited), node.State);
        Assert.Empty(node.Told<HoldBegan>());
    }

    [Fact]
    public void A_start_by_hand_of_a_running_provider_is_no_stop_though_a_job_comes_before_the_unit_is_read()
    {
        TestNode node = TestNode.Lent();
        node.Feed(new UnitJobRemoved("/foreign", UnitJobResult.Done));
        node.JobStarts(1);
        node.Systemd.Finishes();
        Assert.Equal((NodeState.Busy, Reason.JobsRecorded), node.State);
        Assert.Empty(node.Told<HoldBegan>());
    }

    [Fact]
    public void The_agents_own_stop_takes_the_provider_with_it_and_is_no_stop_by_hand()
    {
        TestNode node = TestNode.Lent();
        node.Systemd.AgentStopping = true;
        node.Systemd.ByHand(UnitJobType.Stop, UnitActiveState.Deactivating);
        node.Systemd.Finishes();
        Assert.Empty(node.Told<HoldBegan>());
        Assert.Empty(node.Told<InspectUnit>());
        node.Passes(1000);
        Assert.Empty(node.Told<StartUnit>());
    }

    [Fact]
    public void The_agents_own_stop_cancels_a_start_and_is_no_stop_by_hand()
    {
        TestNode node = TestNode.Starting();
        node.Systemd.AgentStopping = true;
        node.Systemd.ByHand(UnitJobType.Stop);
        node.Systemd.Finishes();
        Assert.Empty(node.Told<HoldBegan>());
        Assert.Empty(node.Told<ProviderFailed>());
    }

    [Fact]
    public void An_agents_stop_that_is_called_off_leaves_no_trace()
    {
        TestNode node = TestNode.Lent();
        node.Systemd.AgentStopping = true;
        node.Systemd.ByHand(UnitJobType.Stop, UnitActiveState.Deactivating);
        node.Systemd.Finishes();
        node.Systemd.AgentStopping = false;
        node.Systemd.IsRead();
        Assert.Equal((NodeState.Lending, Reason.Starting), node.State);
        node.Systemd.Finishes();
        node.Systemd.Becomes(UnitActiveState.Failed);
        Assert.Equal((NodeState.Failed, Reason.ProviderExited), node.State);
    }

    [Fact]
    public void Our_own_superseded_start_and_our_own_stop_are_no_stops_by_hand()
    {
        TestNode node = TestNode.Starting();
        string start = node.Systemd.JobPath;
        node.JobStarts(1);
        string stop = node.Systemd.JobPath;
        node.Systemd.Finishes();
        node.Feed(new UnitJobRemoved(start, UnitJobResult.Canceled));
        node.Feed(new UnitJobRemoved(stop, UnitJobResult.Done));
        node.Systemd.IsRead();
        Assert.Empty(node.Told<HoldBegan>());
    }

    [Fact]
    public void The_providers_own_exit_is_no_stop_by_hand()
    {
        TestNode node = TestNode.Lent();
        node.Systemd.Becomes(UnitActiveState.Deactivating);
        node.Systemd.Becomes(UnitActiveState.Inactive);
        Assert.Empty(node.Told<HoldBegan>());
        Assert.Equal((NodeState.Failed, Reason.ProviderExited), node.State);
    }

    [Fact]
    public void A_stop_of_ours_that_outlives_the_bus_is_no_stop_by_hand()
    {
        TestNode node = TestNode.Reclaiming();
        node.Systemd.Active = UnitActiveState.Deactivating;
        node.Systemd.IsLost();
        node.JobEnds(1);
        node.Systemd.IsRead();
        Assert.Equal((NodeState.Reclaiming, Reason.StopAsked), node.State);
        node.Passes(2);
        node.Systemd.Finishes();
        Assert.Empty(node.Told<HoldBegan>());
        Assert.Empty(node.Told<InspectUnit>());
        Assert.Equal((NodeState.Settling, Reason.IdleDelay), node.State);
        node.Passes(8);
        Assert.Equal((NodeState.Lending, Reason.Starting), node.State);
    }

    [Fact]
    public void A_stop_job_that_is_cancelled_again_is_forgotten()
    {
        TestNode node = TestNode.Lent();
        node.Systemd.ByHand(UnitJobType.Stop);
        node.Systemd.Finishes(UnitJobResult.Canceled);
        node.Systemd.Becomes(UnitActiveState.Failed);
        Assert.Equal((NodeState.Failed, Reason.ProviderExited), node.State);
    }

    private static TestNode HandStopped()
    {
        TestNode node = TestNode.Lent();
        node.Systemd.Queues(UnitJobType.Stop);
        node.Systemd.Finishes();
        AssertHandStopped(node);
        node.Mark();
        return node;
    }

    private static void AssertHandStopped(TestNode node)
    {
        Assert.Equal([new HoldBegan(Holds.HandStopped)], node.Told<HoldBegan>());
        Assert.Empty(node.Told<ProviderFailed>());
        Assert.Equal(Holds.HandStopped, node.Memory.Hold);
        node.Passes(1000);
        Assert.Equal((NodeState.Held, Reason.HandStopped), node.State);
    }
}
