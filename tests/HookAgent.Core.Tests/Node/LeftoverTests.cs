using HookAgent.Core.Node;

namespace HookAgent.Core.Tests.Node;

/// <summary>A unit that is inactive is not gone as long as its control group has a process.</summary>
public sealed class LeftoverTests
{
    [Fact]
    public void A_job_waits_for_processes_that_outlive_the_unit_and_they_are_killed()
    {
        TestNode node = TestNode.Lent();
        long prolog = node.Prolog(1);
        node.Systemd.ProcessesRemain = true;
        node.Systemd.Finishes();
        Assert.Equal((NodeState.Reclaiming, Reason.ProcessesRemain), node.State);
        Assert.False(node.IsAnswered(prolog));
        Assert.Single(node.Told<StopUnit>());

        node.Passes(0.499_999);
        Assert.Empty(node.Told<SignalUnit>());
        node.Passes(0.000_001);
        Assert.Equal([new SignalUnit(Kill: true)], node.Told<SignalUnit>());
        Assert.Equal((NodeState.Reclaiming, Reason.Killed), node.State);
        Assert.False(node.IsAnswered(prolog));

        node.Systemd.ProcessesRemain = false;
        node.Systemd.IsRead();
        Assert.True(node.IsAnswered(prolog));
        Assert.Equal((NodeState.Busy, Reason.JobsRecorded), node.State);
        Assert.Equal(TestNode.Seconds(0.5), Assert.Single(node.Told<HandoverDone>()).Handover);
        Assert.Equal(StopStage.Killed, Assert.Single(node.Told<ProviderStopped>()).Stage);
    }

    [Fact]
    public void Processes_that_end_within_the_time_are_not_killed()
    {
        TestNode node = TestNode.Reclaiming();
        node.Systemd.ProcessesRemain = true;
        node.Systemd.Finishes();
        node.Passes(0.4);
        node.Systemd.ProcessesRemain = false;
        node.Systemd.IsRead();
        node.Passes(100);
        Assert.Empty(node.Told<SignalUnit>());
        Assert.Equal((NodeState.Busy, Reason.JobsRecorded), node.State);
    }

    [Fact]
    public void Processes_that_survive_are_told_and_nothing_is_started_beside_them()
    {
        TestNode node = TestNode.Reclaiming();
        node.Systemd.ProcessesRemain = true;
        node.Systemd.Finishes();
        node.JobEnds(1);
        node.Passes(1000);
        Assert.Equal((NodeState.Reclaiming, Reason.SurvivedKill), node.State);
        Assert.Empty(node.Told<StartUnit>());
    }

    [Fact]
    public void A_provider_that_ends_by_itself_is_cleared_away_before_the_next_start()
    {
        TestNode node = TestNode.Lent();
        node.Systemd.ProcessesRemain = true;
        node.Systemd.Becomes(UnitActiveState.Failed);
        Assert.Equal((NodeState.Reclaiming, Reason.ProcessesRemain), node.State);
        node.Passes(0.5);
        Assert.Single(node.Told<SignalUnit>());
        node.Passes(1);
        Assert.Empty(node.Told<StartUnit>());
        node.Systemd.ProcessesRemain = false;
        node.Systemd.IsRead();
        Assert.Single(node.Told<StartUnit>());
        Assert.Equal(1, node.Model.Backoff.Failing!.Count.Times);
    }

    [Fact]
    public void A_stop_by_hand_stays_one_when_processes_remain()
    {
        TestNode node = TestNode.Lent();
        node.Systemd.ByHand(UnitJobType.Stop, UnitActiveState.Deactivating);
        node.Systemd.ProcessesRemain = true;
        node.Systemd.Finishes();
        node.Passes(0.5);
        node.Systemd.ProcessesRemain = false;
        node.Systemd.IsRead();
        Assert.Equal((NodeState.Held, Reason.HandStopped), node.State);
    }

    [Fact]
    public void A_job_that_meets_processes_of_before_the_daemon_waits_for_them()
    {
        TestNode node = new();
        node.ReadDirectory();
        long prolog = node.Prolog(1);
        node.Systemd.ProcessesRemain = true;
        node.Systemd.IsRead();
        Assert.False(node.IsAnswered(prolog));
        node.Passes(0.5);
        Assert.Single(node.Told<SignalUnit>());
    }
}
