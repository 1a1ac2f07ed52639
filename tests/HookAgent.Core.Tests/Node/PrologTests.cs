using HookAgent.Core.Jobs;
using HookAgent.Core.Node;

namespace HookAgent.Core.Tests.Node;

public sealed class PrologTests
{
    private static readonly NodeSettings NoWait = TestNode.Settings with { PrologWait = TimeSpan.Zero };

    [Fact]
    public void A_Prolog_waits_until_the_provider_is_gone()
    {
        TestNode node = TestNode.Lent();
        long prolog = node.Prolog(1);
        node.Passes(3);
        Assert.False(node.IsAnswered(prolog));
        node.Systemd.Finishes();
        Assert.True(node.IsAnswered(prolog));
        Assert.Empty(node.Told<PrologWaitOver>());
    }

    [Fact]
    public void A_Prolog_waits_no_longer_than_PrologWait()
    {
        TestNode node = TestNode.Lent();
        long prolog = node.Prolog(1, ago: TestNode.Seconds(0.25));
        node.Passes(14.999_999);
        Assert.False(node.IsAnswered(prolog));
        node.Passes(0.000_001);
        Assert.True(node.IsAnswered(prolog));
        Assert.Equal(new PrologWaitOver(TestNode.Job(1), TestNode.Seconds(15.25)), Assert.Single(node.Told<PrologWaitOver>()));
    }

    [Fact]
    public void Without_PrologWait_a_Prolog_is_answered_at_once_and_that_is_no_news()
    {
        TestNode node = TestNode.Lent(NoWait);
        Assert.True(node.IsAnswered(node.Prolog(1)));
        Assert.Empty(node.Told<PrologWaitOver>());
        Assert.Single(node.Told<StopUnit>());
    }

    [Theory]
    [InlineData("settling")]
    [InlineData("busy")]
    [InlineData("held")]
    [InlineData("failed")]
    public void A_Prolog_is_answered_at_once_where_no_provider_is(string where)
    {
        TestNode node = TestNode.Idle();
        switch (where)
        {
            case "busy":
                node.JobStarts(9);
                break;
            case "held":
                node.Feed(new HoldAsked(Holds.Operator));
                break;
            case "failed":
                node = TestNode.Lent();
                node.Systemd.Becomes(UnitActiveState.Failed);
                break;
        }

        Assert.True(node.IsAnswered(node.Prolog(1)));
        Assert.Empty(node.Told<HandoverDone>());
    }

    [Fact]
    public void A_Prolog_waits_for_a_start_that_is_being_cancelled()
    {
        TestNode node = TestNode.Starting();
        long prolog = node.Prolog(1);
        Assert.False(node.IsAnswered(prolog));
        node.Systemd.Finishes();
        Assert.True(node.IsAnswered(prolog));
    }

    [Fact]
    public void Each_of_two_Prologs_waits_from_its_own_call()
    {
        TestNode node = TestNode.Lent();
        long first = node.Prolog(1);
        node.Passes(6);
        long second = node.Prolog(2);
        node.Passes(9);
        Assert.True(node.IsAnswered(first));
        Assert.False(node.IsAnswered(second));
        node.Systemd.Finishes();
        Assert.True(node.IsAnswered(second));
    }

    [Fact]
    public void A_repeated_call_of_one_job_gets_an_answer_of_its_own()
    {
        TestNode node = TestNode.Lent();
        long first = node.Prolog(1);
        long second = node.PrologCalls(1);
        node.Systemd.Finishes();
        Assert.Equal([new AnswerProlog(first), new AnswerProlog(second)], node.Told<AnswerProlog>());
    }

    [Fact]
    public void A_late_call_for_a_job_that_has_ended_waits_for_nothing()
    {
        TestNode node = TestNode.Lent();
        node.JobStarts(1);
        node.JobEnds(1);
        Assert.True(node.IsAnswered(node.PrologCalls(1)));
        Assert.Empty(node.Told<PrologWaitOver>());
    }

    /// <summary>slurmd runs no Epilog beside a job's Prolog: it was the repeated one of the run before a requeue (Slurm up to 25.11).</summary>
    [Fact]
    public void A_record_that_goes_while_the_Prolog_waits_does_not_let_it_go()
    {
        TestNode node = TestNode.Lent();
        long prolog = node.Prolog(1);
        node.Epilog(1);
        Assert.False(node.IsAnswered(prolog));
        Assert.Empty(node.Told<JobDisappeared>());
        node.Systemd.Finishes();
        Assert.True(node.IsAnswered(prolog));
        Assert.Equal((NodeState.Unknown, Reason.JobWithoutRecord), node.State);
        node.Passes(1000);
        Assert.Empty(node.Told<StartUnit>());

        node.Feed(new EpilogCalled(TestNode.Job(1)));
        Assert.Equal((NodeState.Settling, Reason.IdleDelay), node.State);
    }

    [Fact]
    public void A_record_that_an_operator_drops_lets_its_Prolog_go_when_it_is_gone()
    {
        TestNode node = TestNode.Lent();
        long prolog = node.Prolog(1);
        node.Feed(new JobForgotten(TestNode.Job(1), new RecordIdentity(7, 7)));
        Assert.False(node.IsAnswered(prolog));
        Assert.Empty(node.Told<JobDisappeared>());
        node.Feed(new JobForgotten(TestNode.Job(1), TestNode.Record));
        Assert.True(node.IsAnswered(prolog));
    }

    [Fact]
    public void A_directory_that_cannot_be_read_lets_nobody_go_early()
    {
        foreach (DirectoryCondition condition in Enum.GetValues<DirectoryCondition>().Where(c => c is not DirectoryCondition.Readable))
        {
            TestNode node = TestNode.Lent();
            long before = node.Prolog(1);
            node.CannotReadDirectory(condition);
            long after = node.PrologCalls(2);
            node.Passes(14.999_999);
            Assert.False(node.IsAnswered(before) || node.IsAnswered(after));
            node.Passes(0.000_001);
            Assert.True(node.IsAnswered(before) && node.IsAnswered(after));
        }
    }

    [Fact]
    public void A_Prolog_without_a_record_waits_like_any_other()
    {
        TestNode node = TestNode.Lent();
        node.Feed(new RecordFailed(TestNode.Job(1)));
        long prolog = node.PrologCalls(1);
        Assert.False(node.IsAnswered(prolog));
        node.Systemd.Finishes();
        Assert.True(node.IsAnswered(prolog));
    }

    [Fact]
    public void With_the_bus_the_waiting_Prologs_are_gone()
    {
        TestNode node = TestNode.Lent();
        long prolog = node.Prolog(1);
        node.Systemd.IsLost();
        node.Passes(1);
        node.Systemd.IsRead();
        node.Systemd.Finishes();
        Assert.False(node.IsAnswered(prolog));
    }

    [Fact]
    public void While_systemd_alone_is_away_a_Prolog_waits_and_is_answered()
    {
        TestNode node = TestNode.Lent();
        long prolog = node.Prolog(1);
        node.Systemd.IsLost(busToo: false);
        node.Passes(0.5);
        Assert.False(node.IsAnswered(prolog));
        node.Systemd.IsRead();
        Assert.Equal(2, node.Told<StopUnit>().Count);
        node.Systemd.Finishes();
        Assert.True(node.IsAnswered(prolog));
        Assert.Equal(TimeSpan.Zero, Assert.Single(node.Told<HandoverDone>()).Overlap);
    }

    [Fact]
    public void A_shorter_PrologWait_does_not_break_the_word_given_to_a_waiting_Prolog()
    {
        TestNode node = TestNode.Lent();
        long prolog = node.Prolog(1);
        node.Feed(new SettingsChanged(NoWait));
        Assert.False(node.IsAnswered(prolog));
        Assert.True(node.IsAnswered(node.PrologCalls(1)));
    }

    [Fact]
    public void In_a_flood_of_calls_a_thousand_wait_and_the_others_are_let_go()
    {
        TestNode node = TestNode.Lent();
        node.JobStarts(1);
        for (int i = 0; i < 1200; i++)
        {
            node.PrologCalls(1);
        }

        Assert.Equal(1000, node.Model.Prologs.Waiting.Count);
        Assert.Equal(200, node.Told<AnswerProlog>().Count);
        node.Systemd.Finishes();
        Assert.Equal(1200, node.Told<AnswerProlog>().Count);
    }
}
