using HookAgent.Core.Node;

namespace HookAgent.Core.Tests.Node;

public sealed class UnreachableTests
{
    [Theory]
    [InlineData("settling")]
    [InlineData("starting")]
    [InlineData("lending")]
    [InlineData("failed")]
    [InlineData("held")]
    [InlineData("unknown")]
    public void Without_a_job_the_daemon_waits_for_systemd_as_long_as_it_takes(string state)
    {
        TestNode node = state switch
        {
            "starting" => TestNode.Starting(),
            "lending" => TestNode.Lent(),
            _ => TestNode.Idle(),
        };
        switch (state)
        {
            case "failed":
                node.Passes(10);
                node.Systemd.Finishes(UnitJobResult.Failed);
                break;
            case "held":
                node.Feed(new HoldAsked(Holds.Operator));
                break;
            case "unknown":
                node.ForeignEntry = true;
                node.ReadDirectory();
                break;
        }

        node.Mark();
        node.Systemd.IsLost();
        node.Passes(100_000);
        Assert.Empty(node.Told<GiveUp>());
        Assert.Empty(node.Told<StartUnit>());
        Assert.Empty(node.Told<StopUnit>());
    }

    [Theory]
    [InlineData("lost, then the job")]
    [InlineData("the job, then lost")]
    [InlineData("a job without a record")]
    [InlineData("a start under way")]
    [InlineData("a stop whose answer was lost")]
    public void Beside_a_job_that_the_provider_may_run_with_the_daemon_ends_after_two_seconds(string order)
    {
        TestNode node = order is "a start under way" ? TestNode.Starting() : TestNode.Lent();
        switch (order)
        {
            case "the job, then lost":
                node.JobStarts(1);
                node.Systemd.IsLost();
                break;
            case "a job without a record":
                node.Systemd.IsLost();
                node.Feed(new RecordFailed(TestNode.Job(1)));
                break;
            case "a stop whose answer was lost":
                node.Systemd.Silent = true;
                node.JobStarts(1);
                node.Feed(new UnitJobRefused(node.Model.Systemd.Attempts, UnitRefusal.Other, ""));
                node.Systemd.IsLost();
                break;
            default:
                node.Systemd.IsLost();
                node.JobStarts(1);
                break;
        }

        node.Passes(1.999_999);
        Assert.Empty(node.Told<GiveUp>());
        node.Passes(0.000_001);
        Assert.Single(node.Told<GiveUp>());
        node.Feed(new TimePassed());
        node.Passes(100);
        Assert.Single(node.Told<GiveUp>());
    }

    [Fact]
    public void A_daemon_that_has_never_seen_the_unit_ends_beside_a_job_too()
    {
        TestNode node = new();
        node.JobStarts(1);
        node.Passes(1.999_999);
        Assert.Empty(node.Told<GiveUp>());
        node.Passes(0.000_001);
        Assert.Single(node.Told<GiveUp>());
    }

    [Fact]
    public void A_daemon_that_has_never_seen_the_unit_waits_without_a_job()
    {
        TestNode node = new();
        node.ReadDirectory();
        node.Passes(1000);
        Assert.Empty(node.Told<GiveUp>());
        node.Systemd.IsRead();
        node.JobStarts(1);
        node.Passes(1000);
        Assert.Empty(node.Told<GiveUp>());
    }

    [Fact]
    public void A_job_that_came_and_ended_out_of_reach_is_told_when_the_provider_is_lent_on()
    {
        TestNode node = TestNode.Lent();
        node.Systemd.IsLost(busToo: false);
        node.JobStarts(1);
        node.Passes(0.1);
        node.JobEnds(1);
        node.Passes(1);
        node.Systemd.IsRead();
        Assert.Equal((NodeState.Lending, Reason.Running), node.State);
        Assert.Equal([new JobRanBeside(TestNode.Job(1), TestNode.Seconds(0.1))], node.Told<JobRanBeside>());

        // And not once more, hours later, as a handover of so long.
        node.Passes(10_000);
        node.JobStarts(2);
        node.Systemd.Finishes();
        Assert.Equal(TestNode.Job(2), Assert.Single(node.Told<HandoverDone>()).Job);
    }

    [Fact]
    public void A_job_that_comes_later_than_that_ends_the_daemon_at_once()
    {
        TestNode node = TestNode.Lent();
        node.Systemd.IsLost();
        node.Passes(100);
        node.JobStarts(1);
        Assert.Single(node.Told<GiveUp>());
    }

    [Fact]
    public void The_two_seconds_count_from_the_first_loss()
    {
        TestNode node = TestNode.Lent();
        node.JobStarts(1);
        node.Systemd.IsLost();
        node.Passes(1);
        node.Systemd.IsLost();
        node.Passes(1);
        Assert.Single(node.Told<GiveUp>());
    }

    [Fact]
    public void Systemd_in_time_makes_it_go_on()
    {
        TestNode node = TestNode.Lent();
        node.JobStarts(1);
        node.Systemd.IsLost();
        node.Passes(1.5);
        node.Systemd.IsRead();
        node.Passes(1.5);
        Assert.Empty(node.Told<GiveUp>());
        Assert.Equal(2, node.Told<StopUnit>().Count);
        node.Systemd.Finishes();
        Assert.Equal((NodeState.Busy, Reason.JobsRecorded), node.State);
        Assert.Empty(node.Told<ProviderFailed>());
        Assert.Empty(node.Told<InspectUnit>());
    }

    [Fact]
    public void Beside_a_job_without_a_provider_there_is_nothing_to_give_up_for()
    {
        TestNode node = TestNode.Idle();
        node.JobStarts(1);
        node.Systemd.IsLost();
        node.JobStarts(2);
        node.Passes(100_000);
        Assert.Empty(node.Told<GiveUp>());
        Assert.Equal((NodeState.Busy, Reason.JobsRecorded), node.State);
        Assert.True(node.IsAnswered(node.PrologCalls(2)));
    }

    [Fact]
    public void A_lent_node_comes_through_a_restart_of_the_bus_untouched()
    {
        TestNode node = TestNode.Lent();
        node.Systemd.IsLost();
        Assert.Equal((NodeState.Unknown, Reason.SystemdUnreachable), node.State);
        node.Passes(1);
        node.Systemd.IsRead();
        Assert.Equal((NodeState.Lending, Reason.Running), node.State);
        Assert.Empty(node.Told<StopUnit>());
        Assert.Empty(node.Told<StartUnit>());
    }

    [Fact]
    public void Answers_to_calls_of_the_lost_connection_are_no_news()
    {
        TestNode node = TestNode.Starting();
        long attempt = node.Model.Systemd.Attempts;
        string path = node.Systemd.JobPath;
        node.Systemd.IsLost();
        node.Mark();
        node.Feed(new UnitJobQueued(attempt, path));
        node.Feed(new UnitJobRefused(attempt, UnitRefusal.Other, ""));
        node.Feed(new UnitJobRemoved(path, UnitJobResult.Canceled));
        Assert.Empty(node.Told());
    }

    [Fact]
    public void A_start_whose_fate_is_not_known_counts_as_a_running_provider()
    {
        TestNode node = TestNode.Starting();
        node.Systemd.IsLost(busToo: false);
        Assert.False(node.IsAnswered(node.Prolog(1)));
        node.Systemd.Job = UnitJobType.None;
        node.Systemd.IsRead();
        Assert.True(node.IsAnswered(1));
    }
}
