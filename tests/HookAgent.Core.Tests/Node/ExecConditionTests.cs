using HookAgent.Core.Node;

namespace HookAgent.Core.Tests.Node;

/// <summary>The unit's ExecCondition= is the site's policy: its no is no failure, and it is not asked often.</summary>
public sealed class ExecConditionTests
{
    private static readonly UnitInspected s_refusal = new(ConditionMet: false, "result exec-condition") { ConditionChecked = new ConditionStamp(2), Refused = true };

    [Theory]
    [InlineData(true, UnitJobResult.Done)]
    [InlineData(false, UnitJobResult.Done)]
    [InlineData(true, UnitJobResult.Skipped)]
    public void A_refusal_holds_the_node_and_is_no_failure(bool conditionMet, UnitJobResult result)
    {
        TestNode node = TestNode.Starting();
        Refuse(node, s_refusal with { ConditionMet = conditionMet }, result);
        Assert.Equal((NodeState.Held, Reason.ExecCondition), node.State);
        Assert.Null(node.Model.Backoff.Failing);
        Assert.Empty(node.Told<ProviderFailed>());
        Assert.Empty(node.Told<ScanSteps>());
        Assert.DoesNotContain(node.Told<StateChanged>(), changed => changed.To is NodeState.Failed);
    }

    [Fact]
    public void It_is_asked_again_after_one_minute_two_and_then_four_and_up_to_a_quarter_more()
    {
        HashSet<TimeSpan> first = [];
        for (ulong seed = 0; seed < 20; seed++)
        {
            TestNode node = Starting(seed);
            foreach (int minutes in (int[])[1, 2, 4, 4])
            {
                Refuse(node);
                TimeSpan pause = Assert.Single(node.Told<ExecConditionRefused>()).RetryIn;
                Assert.InRange(pause, TimeSpan.FromMinutes(minutes), TimeSpan.FromMinutes(minutes * 1.25));
                if (minutes == 1)
                {
                    first.Add(pause);
                }

                node.Mark();
                node.Passes(pause - TimeSpan.FromTicks(10));
                Assert.Empty(node.Told<StartUnit>());
                node.Passes(TimeSpan.FromTicks(10));
                Assert.Single(node.Told<StartUnit>());
                node.Mark();
            }
        }

        Assert.Equal(20, first.Count);
    }

    [Fact]
    public void Once_it_agrees_the_node_is_lent_and_the_next_pause_is_short()
    {
        TestNode node = TestNode.Starting();
        Refuse(node);
        node.Passes(TimeSpan.FromMinutes(1.25));
        Refuse(node);
        node.Passes(TimeSpan.FromMinutes(2.5));
        node.Mark();
        node.Systemd.Finishes();
        Assert.Equal((NodeState.Lending, Reason.Running), node.State);
        Assert.False(Assert.Single(node.Told<StateChanged>()).Again);
        node.JobStarts(1);
        node.Systemd.Finishes();
        node.JobEnds(1);
        node.Passes(TestNode.Settings.IdleDelay);
        node.Mark();
        Refuse(node);
        Assert.InRange(Assert.Single(node.Told<ExecConditionRefused>()).RetryIn, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1.25));
    }

    [Fact]
    public void Only_the_first_refusal_is_news()
    {
        TestNode node = TestNode.Starting();
        Refuse(node);
        Assert.False(Assert.Single(node.Told<StateChanged>()).Again);
        node.Mark();
        node.Passes(TimeSpan.FromMinutes(1.25));
        Refuse(node);
        Assert.Equal([(NodeState.Lending, true), (NodeState.Held, true)], node.Told<StateChanged>().Select(changed => (changed.To, changed.Again)));
    }

    [Theory]
    [InlineData("release")]
    [InlineData("retry")]
    [InlineData("daemon-reload")]
    public void An_operator_has_it_asked_at_once(string how)
    {
        TestNode node = TestNode.Starting();
        Refuse(node);
        node.Mark();
        node.Feed(how switch { "release" => new ReleaseAsked(), "retry" => new RetryAsked(), _ => new UnitFilesReloaded() });
        Assert.Single(node.Told<StartUnit>());
    }

    /// <summary>An Upholds= of another unit asks every second.</summary>
    [Fact]
    public void Starts_by_hand_have_it_asked_once_a_minute_at_most()
    {
        TestNode node = TestNode.Starting();
        Refuse(node);
        node.Mark();
        ulong checks = 2;
        for (int second = 0; second < 59; second++)
        {
            node.Feed(new UnitJobRemoved("/job/foreign", UnitJobResult.Done));
            node.Feed(new UnitInspected(false, "") { ConditionChecked = new ConditionStamp(++checks), Refused = true });
            if (node.Model.Provider is Starting)
            {
                Refuse(node, s_refusal with { ConditionChecked = new ConditionStamp(++checks) });
            }

            node.Passes(1);
        }

        Assert.Single(node.Told<StartUnit>());
    }

    /// <summary>Only once systemd has said how it ended is it known whether it was a failure.</summary>
    [Fact]
    public void While_systemd_is_asked_nothing_is_started()
    {
        TestNode node = TestNode.Starting();
        node.Systemd.Finishes(UnitJobResult.Done, UnitActiveState.Inactive);
        node.Mark();
        node.Passes(20);
        Assert.Empty(node.Told());
        node.Feed(s_refusal);
        Assert.Equal((NodeState.Held, Reason.ExecCondition), node.State);
    }

    /// <summary>The condition dies of the stop's signal, and the unit fails.</summary>
    [Fact]
    public void A_job_that_comes_while_it_runs_makes_no_failure()
    {
        TestNode node = TestNode.Starting();
        node.Systemd.Becomes(UnitActiveState.Activating);
        node.JobStarts(1);
        Assert.Single(node.Told<StopUnit>());
        node.Systemd.Finishes(UnitJobResult.Done, UnitActiveState.Failed);
        Assert.Equal((NodeState.Busy, Reason.JobsRecorded), node.State);
        node.JobEnds(1);
        node.Mark();
        node.Passes(TestNode.Settings.IdleDelay);
        Assert.Single(node.Told<StartUnit>());
        Assert.Null(node.Model.Backoff.Failing);
        Assert.Equal(0, node.Model.Backoff.Refusals);
    }

    [Fact]
    public void An_exit_status_above_254_is_a_failure()
    {
        TestNode node = TestNode.Starting();
        node.Systemd.Finishes(UnitJobResult.Failed, UnitActiveState.Failed);
        Assert.Equal((NodeState.Failed, Reason.StartFailed), node.State);
    }

    /// <summary>Where the unit lacks the condition on the permit, somebody else's start gets as far as the site's.</summary>
    [Fact]
    public void A_start_by_somebody_else_that_it_refuses_is_no_failure()
    {
        TestNode node = TestNode.Idle();
        node.Systemd.Becomes(UnitActiveState.Activating);
        node.Systemd.Becomes(UnitActiveState.Inactive);
        node.Feed(s_refusal);
        Assert.Equal((NodeState.Held, Reason.ExecCondition), node.State);
        Assert.Null(node.Model.Backoff.Failing);
    }

    private static TestNode Starting(ulong seed)
    {
        TestNode node = TestNode.Idle(seed: seed);
        node.Passes(TestNode.Settings.IdleDelay);
        node.Mark();
        return node;
    }

    private static void Refuse(TestNode node, UnitInspected? answer = null, UnitJobResult result = UnitJobResult.Done)
    {
        node.Systemd.Becomes(UnitActiveState.Activating);
        Assert.Equal((NodeState.Lending, Reason.Starting), node.State);
        node.Systemd.Finishes(result, UnitActiveState.Inactive);
        Assert.Equal((NodeState.Lending, Reason.Starting), node.State);
        node.Feed(answer ?? s_refusal);
    }
}
