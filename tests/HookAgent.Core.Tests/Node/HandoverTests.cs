using HookAgent.Core.Node;

namespace HookAgent.Core.Tests.Node;

/// <summary>Handover: hook entered to unit inactive. Overlap: how long job and provider may have run together.</summary>
public sealed class HandoverTests
{
    private static readonly NodeSettings NoWait = TestNode.Settings with { PrologWait = TimeSpan.Zero };

    [Fact]
    public void A_Prolog_that_waited_has_no_overlap()
    {
        TestNode node = TestNode.Lent();
        node.Prolog(1, ago: TestNode.Seconds(0.000_431));
        node.Passes(1.234_567);
        node.Systemd.Finishes();
        Assert.Equal(Done(1, 1.234_998, 0), Assert.Single(node.Told<HandoverDone>()));
    }

    [Fact]
    public void Without_PrologWait_the_overlap_counts_from_the_answer()
    {
        TestNode node = TestNode.Lent(NoWait);
        node.Prolog(1, ago: TestNode.Seconds(0.000_431));
        node.Passes(1.234_567);
        node.Systemd.Finishes();
        Assert.Equal(Done(1, 1.234_998, 1.234_567), Assert.Single(node.Told<HandoverDone>()));
    }

    [Fact]
    public void A_Prolog_that_waited_in_vain_overlaps_from_its_answer()
    {
        TestNode node = TestNode.Lent();
        node.Prolog(1);
        node.Passes(15.5);
        node.Systemd.Finishes();
        Assert.Equal(Done(1, 15.5, 0.5), Assert.Single(node.Told<HandoverDone>()));
    }

    [Fact]
    public void A_record_whose_Prolog_never_called_overlaps_from_its_hook()
    {
        TestNode node = TestNode.Lent();
        node.JobStarts(1, ago: TestNode.Seconds(0.5));
        node.Passes(2);
        node.Systemd.Finishes();
        Assert.Equal(Done(1, 2.5, 2.5), Assert.Single(node.Told<HandoverDone>()));
    }

    [Fact]
    public void A_record_that_does_not_tell_when_it_was_made_counts_from_its_reading()
    {
        TestNode node = TestNode.Lent();
        node.Records![TestNode.Job(1)] = null;
        node.ReadDirectory();
        node.Passes(2);
        node.Systemd.Finishes();
        Assert.Equal(Done(1, 2, 2), Assert.Single(node.Told<HandoverDone>()));
    }

    [Fact]
    public void A_record_from_the_future_counts_from_its_reading()
    {
        TestNode node = TestNode.Lent();
        node.JobStarts(1, ago: -TestNode.Seconds(3600));
        node.Passes(2);
        node.Systemd.Finishes();
        Assert.Equal(Done(1, 2, 2), Assert.Single(node.Told<HandoverDone>()));
    }

    [Fact]
    public void The_overlap_of_a_job_that_ended_first_ends_with_it()
    {
        TestNode node = TestNode.Lent(NoWait);
        node.Prolog(1, ago: TestNode.Seconds(0.1));
        node.Passes(0.75);
        node.Epilog(1);
        node.Passes(4);
        node.Systemd.Finishes();
        Assert.Equal(Done(1, 4.85, 0.75), Assert.Single(node.Told<HandoverDone>()));
    }

    [Fact]
    public void A_late_call_for_an_ended_job_does_not_change_its_overlap()
    {
        TestNode node = TestNode.Lent();
        node.JobStarts(1, ago: TestNode.Seconds(0.1));
        node.Passes(0.5);
        node.JobEnds(1);
        node.Passes(1);
        node.PrologCalls(1);
        node.Passes(1);
        node.Systemd.Finishes();
        Assert.Equal(Done(1, 2.6, 0.6), Assert.Single(node.Told<HandoverDone>()));
    }

    [Fact]
    public void Each_of_two_overlapping_jobs_has_its_own_handover()
    {
        TestNode node = TestNode.Lent(NoWait);
        node.Prolog(1);
        node.Passes(1);
        node.Prolog(2);
        node.Passes(2);
        node.Systemd.Finishes();
        Assert.Equal([Done(1, 3, 3), Done(2, 2, 2)], node.Told<HandoverDone>());
    }

    [Fact]
    public void A_job_without_a_record_is_measured_too_and_to_its_end()
    {
        TestNode node = TestNode.Lent();
        node.Feed(new RecordFailed(TestNode.Job(1)));
        node.Passes(1.5);
        node.Feed(new EpilogCalled(TestNode.Job(1)));
        node.Passes(1);
        node.Systemd.Finishes();
        Assert.Equal(Done(1, 2.5, 1.5), Assert.Single(node.Told<HandoverDone>()));
    }

    [Fact]
    public void A_directory_that_vanishes_does_not_end_the_overlap()
    {
        TestNode node = TestNode.Lent(NoWait);
        node.Prolog(1);
        node.Passes(1);
        node.Records = null;
        node.ReadDirectory();
        node.Passes(1);
        node.Systemd.Finishes();
        Assert.Equal(Done(1, 2, 2), Assert.Single(node.Told<HandoverDone>()));
    }

    [Fact]
    public void A_job_that_comes_to_a_node_without_provider_has_no_handover()
    {
        TestNode node = TestNode.Idle();
        node.Prolog(1);
        node.Passes(100);
        Assert.Empty(node.Told<HandoverDone>());
        Assert.Empty(node.Model.Prologs.Handovers);
    }

    [Fact]
    public void A_start_that_is_cancelled_in_the_queue_is_a_handover()
    {
        TestNode node = TestNode.Starting();
        node.Prolog(1, ago: TestNode.Seconds(0.25));
        node.Systemd.Finishes();
        Assert.Equal(Done(1, 0.25, 0), Assert.Single(node.Told<HandoverDone>()));
    }

    [Fact]
    public void A_loss_of_the_bus_lets_the_waiting_job_go()
    {
        TestNode node = TestNode.Lent();
        node.Prolog(1);
        node.Passes(2);
        node.Systemd.IsLost();
        node.Passes(1);
        node.Systemd.Active = UnitActiveState.Inactive;
        node.Systemd.Job = UnitJobType.None;
        node.Systemd.IsRead();
        Assert.Equal(Done(1, 3, 1), Assert.Single(node.Told<HandoverDone>()));
    }

    [Fact]
    public void A_daemon_that_begins_beside_running_jobs_reports_none()
    {
        TestNode node = new();
        node.JobStarts(1, ago: TestNode.Seconds(7200));
        node.Systemd.IsRead();
        Assert.Empty(node.Told<HandoverDone>());
        Assert.Empty(node.Model.Prologs.Handovers);
        Assert.Equal((NodeState.Busy, Reason.JobsRecorded), node.State);
    }

    [Fact]
    public void A_daemon_that_begins_beside_job_and_provider_reports_it()
    {
        TestNode node = new();
        node.JobStarts(1, ago: TestNode.Seconds(2));
        node.Systemd.Becomes(UnitActiveState.Active);
        node.Passes(1);
        node.Systemd.Finishes();
        Assert.Equal(Done(1, 3, 3), Assert.Single(node.Told<HandoverDone>()));
    }

    private static HandoverDone Done(uint job, double handover, double overlap) =>
        new(TestNode.Job(job), TestNode.Seconds(handover), TestNode.Seconds(overlap));
}
