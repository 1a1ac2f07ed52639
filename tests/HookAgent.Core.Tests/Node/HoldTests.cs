using HookAgent.Core.Node;

namespace HookAgent.Core.Tests.Node;

public sealed class HoldTests
{
    [Fact]
    public void A_hold_stops_the_provider_and_a_release_lends_the_node_after_the_idle_delay()
    {
        TestNode node = TestNode.Lent();
        node.Feed(new HoldAsked(Holds.Operator));
        Assert.Equal([new HoldBegan(Holds.Operator)], node.Told<HoldBegan>());
        Assert.Equal((NodeState.Reclaiming, Reason.StopAsked), node.State);
        node.Systemd.Finishes();
        Assert.Equal((NodeState.Held, Reason.OperatorHold), node.State);
        node.Passes(100_000);
        Assert.Equal((NodeState.Held, Reason.OperatorHold), node.State);

        node.Feed(new ReleaseAsked());
        Assert.Equal([new HoldEnded(Holds.Operator, Expired: false, "root")], node.Told<HoldEnded>());
        node.Passes(9.999_999);
        Assert.Empty(node.Told<StartUnit>());
        node.Passes(0.000_001);
        Assert.Single(node.Told<StartUnit>());
    }

    [Fact]
    public void A_hold_ends_when_its_time_runs_out()
    {
        TestNode node = TestNode.Idle();
        Hold hold = Holds.For(node, 60);
        node.Feed(new HoldAsked(hold));
        node.Passes(59.999_999);
        Assert.Equal((NodeState.Held, Reason.OperatorHold), node.State);
        node.Passes(0.000_001);
        Assert.Equal([new HoldEnded(hold, Expired: true)], node.Told<HoldEnded>());
        Assert.Equal((NodeState.Settling, Reason.IdleDelay), node.State);
        Assert.Null(node.Memory.Hold);
    }

    [Fact]
    public void A_job_has_the_first_word_and_the_hold_stays_behind_it()
    {
        TestNode node = TestNode.Idle();
        node.Feed(new HoldAsked(Holds.Operator));
        node.JobStarts(1);
        Assert.Equal((NodeState.Busy, Reason.JobsRecorded), node.State);
        node.JobEnds(1);
        Assert.Equal((NodeState.Held, Reason.OperatorHold), node.State);
    }

    [Fact]
    public void A_hold_that_runs_out_beside_a_job_lends_nothing()
    {
        TestNode node = TestNode.Idle();
        node.Feed(new HoldAsked(Holds.For(node, 60)));
        node.JobStarts(1);
        node.Passes(100);
        Assert.Equal((NodeState.Busy, Reason.JobsRecorded), node.State);
        Assert.Single(node.Told<HoldEnded>());
    }

    [Fact]
    public void The_newest_hold_counts()
    {
        TestNode node = TestNode.Idle();
        node.Feed(new HoldAsked(Holds.For(node, 60)));
        node.Feed(new HoldAsked(Holds.For(node, 600)));
        node.Passes(599);
        Assert.Equal((NodeState.Held, Reason.OperatorHold), node.State);
        Assert.Empty(node.Told<HoldEnded>());
        node.Passes(1);
        Assert.Single(node.Told<HoldEnded>());
    }

    [Fact]
    public void A_release_without_a_hold_is_no_news()
    {
        TestNode node = TestNode.Idle();
        node.Feed(new ReleaseAsked());
        Assert.Empty(node.Told());
    }

    [Fact]
    public void A_hold_outlives_the_daemon_and_its_time_goes_on()
    {
        TestNode old = TestNode.Idle();
        Hold hold = Holds.For(old, 60);
        old.Feed(new HoldAsked(hold));
        Assert.Equal(hold, old.Memory.Hold);
        old.Passes(50);

        TestNode node = old.WithNewDaemon();
        node.ReadDirectory();
        node.Systemd.IsRead();
        Assert.Equal((NodeState.Held, Reason.OperatorHold), node.State);
        node.Passes(10);
        Assert.Equal((NodeState.Settling, Reason.IdleDelay), node.State);

        // And one that ran out in between is over.
        TestNode later = old.WithNewDaemon();
        later.Passes(10);
        later.ReadDirectory();
        Assert.True(Assert.Single(later.Told<HoldEnded>()).Expired);
    }

    [Fact]
    public void A_masked_unit_is_not_started_and_counts_as_held()
    {
        TestNode node = TestNode.Idle();
        node.Systemd.Load = UnitLoadState.Masked;
        node.Systemd.IsRead();
        Assert.Equal((NodeState.Held, Reason.Masked), node.State);
        node.Passes(1000);
        Assert.Empty(node.Told<StartUnit>());
        Assert.Null(NodeMachine.NextDeadline(node.Model));

        node.Systemd.Load = UnitLoadState.Loaded;
        node.Systemd.IsRead();
        Assert.Single(node.Told<StartUnit>());
    }

    [Fact]
    public void A_mask_that_is_first_met_in_the_refusal_counts_as_held_too()
    {
        TestNode node = TestNode.Idle();
        node.Systemd.Refuses = UnitRefusal.Masked;
        node.Passes(9);
        node.Systemd.Load = UnitLoadState.Masked;
        node.Passes(1);
        Assert.Equal((NodeState.Held, Reason.Masked), node.State);
        node.Passes(1000);
        Assert.Single(node.Told<StartUnit>());
    }

    /// <summary>With its file a unit has lost BindsTo=: an agent that ends would leave it running.</summary>
    [Theory]
    [InlineData(UnitLoadState.Masked, NodeState.Held, Reason.Masked)]
    [InlineData(UnitLoadState.NotFound, NodeState.Failed, Reason.UnitMissing)]
    [InlineData(UnitLoadState.Unusable, NodeState.Failed, Reason.BadUnit)]
    public void A_running_provider_that_is_masked_or_has_lost_its_file_is_stopped(UnitLoadState load, NodeState state, Reason reason)
    {
        TestNode node = TestNode.Lent();
        node.Systemd.Load = load;
        node.Systemd.IsRead();
        Assert.Equal((NodeState.Reclaiming, Reason.StopAsked), node.State);
        Assert.Single(node.Told<StopUnit>());
        node.Systemd.Refuses = load is UnitLoadState.NotFound ? UnitRefusal.NoSuchUnit : UnitRefusal.BadSetting;
        node.Systemd.Finishes();
        node.Passes(10);
        Assert.Equal((state, reason), node.State);

        node.Systemd.Refuses = null;
        node.Systemd.Load = UnitLoadState.Loaded;
        node.Systemd.IsRead();
        node.Passes(20);
        Assert.Equal(NodeState.Lending, node.State.Item1);
    }

    [Fact]
    public void Without_slurmd_the_node_is_in_somebodys_hands()
    {
        TestNode node = TestNode.Lent();
        node.Systemd.RequiredUnitUp = false;
        node.Systemd.IsRead();
        Assert.Equal((NodeState.Reclaiming, Reason.StopAsked), node.State);
        node.Systemd.Finishes();
        Assert.Equal((NodeState.Held, Reason.RequiredUnitInactive), node.State);
        node.Passes(1000);
        node.Systemd.RequiredUnitUp = true;
        node.Systemd.IsRead();
        Assert.Equal((NodeState.Settling, Reason.IdleDelay), node.State);
        node.Passes(10);
        Assert.Single(node.Told<StartUnit>());
    }

    [Fact]
    public void Where_no_unit_is_required_none_is_missed()
    {
        TestNode node = new(TestNode.Settings with { RequiresUnit = false });
        node.Systemd.RequiredUnitUp = false;
        node.ReadDirectory();
        node.Systemd.IsRead();
        Assert.Equal((NodeState.Settling, Reason.IdleDelay), node.State);

        node.Feed(new SettingsChanged(TestNode.Settings));
        Assert.Equal((NodeState.Held, Reason.RequiredUnitInactive), node.State);
    }
}
