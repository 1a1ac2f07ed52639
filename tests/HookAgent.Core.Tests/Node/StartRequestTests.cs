using HookAgent.Core.Node;

namespace HookAgent.Core.Tests.Node;

/// <summary>
/// The unit's conditions refuse whatever start is not the agent's. One by hand is a request: it ends a stop by hand and
/// a backoff, and the agent starts the unit when it may.
/// </summary>
public sealed class StartRequestTests
{
    [Fact]
    public void It_ends_a_stop_by_hand_and_the_unit_is_started_at_once()
    {
        TestNode node = HandStopped();
        node.Mark();
        RefusedStart(node);
        Assert.Equal([new HoldEnded(Holds.HandStopped, Expired: false)], node.Told<HoldEnded>());
        Assert.Single(node.Told<StartRequested>());
        Assert.Single(node.Told<StartUnit>());
        Assert.Null(node.Memory.Hold);
    }

    [Fact]
    public void It_ends_a_backoff_once_within_the_pause_and_the_failures_stay_counted()
    {
        TestNode node = TestNode.Starting();
        node.Systemd.Finishes(UnitJobResult.Failed);
        Assert.Equal((NodeState.Failed, Reason.StartFailed), node.State);
        node.Mark();
        RefusedStart(node);
        Assert.Single(node.Told<StartUnit>());
        Assert.Equal(1, node.Model.Backoff.Failing!.Count.Times);

        // A timer that asks all the time starts nothing more than the pause allows.
        node.Systemd.Finishes(UnitJobResult.Failed);
        node.Mark();
        RefusedStart(node, 8);
        RefusedStart(node, 9);
        Assert.Empty(node.Told<StartUnit>());
        Assert.Equal((NodeState.Failed, Reason.StartFailed), node.State);
        node.Passes(2);
        Assert.Single(node.Told<StartUnit>());
    }

    [Fact]
    public void Beside_a_job_it_ends_the_stop_by_hand_and_waits_for_the_job()
    {
        TestNode node = HandStopped();
        node.JobStarts(1);
        node.Mark();
        RefusedStart(node);
        Assert.Single(node.Told<HoldEnded>());
        Assert.Empty(node.Told<StartUnit>());
        node.JobEnds(1);
        Assert.Equal((NodeState.Settling, Reason.IdleDelay), node.State);
        node.Passes(10);
        Assert.Single(node.Told<StartUnit>());
    }

    [Fact]
    public void It_does_not_end_an_operators_hold()
    {
        TestNode node = TestNode.Starting();
        node.Systemd.Finishes(UnitJobResult.Failed);
        node.Feed(new HoldAsked(Holds.Operator));
        RefusedStart(node);
        Assert.Equal((NodeState.Held, Reason.OperatorHold), node.State);
        Assert.Empty(node.Told<HoldEnded>());
    }

    [Fact]
    public void A_stop_of_a_unit_that_is_off_is_none()
    {
        TestNode node = HandStopped();
        node.Mark();
        node.Feed(new UnitJobRemoved("/foreign", UnitJobResult.Done));
        Assert.Single(node.Told<InspectUnit>());
        node.Feed(Inspected(1, met: true));
        node.Passes(1000);
        Assert.Equal((NodeState.Held, Reason.HandStopped), node.State);
    }

    [Fact]
    public void A_refusal_that_was_known_before_is_none()
    {
        TestNode node = HandStopped();
        node.Feed(Inspected(9, met: true));
        node.Feed(Inspected(9, met: false));
        Assert.Equal((NodeState.Held, Reason.HandStopped), node.State);

        // As of a unit that systemd has unloaded since.
        node.Feed(Inspected(0, met: false));
        Assert.Equal((NodeState.Held, Reason.HandStopped), node.State);
    }

    [Fact]
    public void A_restart_by_hand_of_a_lent_provider_is_one()
    {
        TestNode node = TestNode.Lent();
        node.Systemd.ByHand(UnitJobType.Restart, UnitActiveState.Deactivating);
        node.Systemd.Finishes(UnitJobResult.Done, UnitActiveState.Inactive);
        node.Mark();
        node.Feed(Inspected(5, met: false));
        Assert.Single(node.Told<StartRequested>());
        Assert.Single(node.Told<StartUnit>());
        Assert.Empty(node.Told<ProviderFailed>());
        Assert.Null(node.Model.Backoff.Failing);
    }

    [Fact]
    public void A_start_of_ours_that_a_condition_refused_is_a_failure()
    {
        TestNode node = TestNode.Starting();
        node.Systemd.Finishes(UnitJobResult.Done, UnitActiveState.Inactive);
        node.Feed(Inspected(5, met: false));
        Assert.Equal((NodeState.Failed, Reason.ConditionUnmet), node.State);
        Assert.Empty(node.Told<StartRequested>());
    }

    [Fact]
    public void A_stop_by_hand_that_began_before_systemd_was_lost_stays_one()
    {
        TestNode node = TestNode.Lent();
        node.Systemd.ByHand(UnitJobType.Stop, UnitActiveState.Deactivating);
        node.Systemd.IsLost();
        (node.Systemd.Job, node.Systemd.JobPath) = (UnitJobType.None, "");
        node.Systemd.Becomes(UnitActiveState.Inactive);
        Assert.Equal((NodeState.Held, Reason.HandStopped), node.State);
        Assert.Empty(node.Told<ProviderFailed>());
    }

    [Fact]
    public void A_stop_by_hand_while_systemd_was_out_of_reach_is_known_by_its_result()
    {
        TestNode node = TestNode.Lent();
        node.Systemd.IsLost();
        node.Systemd.Becomes(UnitActiveState.Inactive);
        node.Feed(Inspected(1, met: true) with { Succeeded = true });
        Assert.Equal((NodeState.Held, Reason.HandStopped), node.State);
        Assert.Null(node.Model.Backoff.Failing);
        node.Passes(1000);
        Assert.Empty(node.Told<StartUnit>());
    }

    [Fact]
    public void A_provider_that_failed_while_systemd_was_out_of_reach_is_started_again()
    {
        TestNode node = TestNode.Lent();
        node.Systemd.IsLost();
        node.Systemd.Becomes(UnitActiveState.Failed);
        node.Feed(Inspected(1, met: true));
        Assert.Equal((NodeState.Failed, Reason.ProviderExited), node.State);
        node.Passes(1);
        Assert.Single(node.Told<StartUnit>());
    }

    private static UnitInspected Inspected(ulong at, bool met) => new(met, "") { ConditionChecked = new ConditionStamp(at) };

    /// <summary>As systemd does it: the job is done, the unit was never up, and the check of its conditions is a new one.</summary>
    private static void RefusedStart(TestNode node, ulong at = 7)
    {
        node.Feed(new UnitJobRemoved("/foreign", UnitJobResult.Done));
        node.Systemd.IsRead();
        Assert.NotEmpty(node.Told<InspectUnit>());
        node.Feed(Inspected(at, met: false));
    }

    private static TestNode HandStopped()
    {
        TestNode node = TestNode.Lent();
        node.Systemd.Queues(UnitJobType.Stop);
        node.Systemd.Finishes();
        Assert.Equal((NodeState.Held, Reason.HandStopped), node.State);
        return node;
    }
}
