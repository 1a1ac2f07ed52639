using HookAgent.Core.Node;
using HookAgent.Core.Time;

namespace HookAgent.Core.Tests.Node;

public sealed class FailureTests
{
    [Fact]
    public void A_provider_that_ends_by_itself_is_started_again_after_a_pause()
    {
        TestNode node = TestNode.Lent();
        node.Systemd.Becomes(UnitActiveState.Failed);
        Assert.Equal((NodeState.Failed, Reason.ProviderExited), node.State);
        Assert.Single(node.Told<InspectUnit>());
        node.Feed(new UnitInspected(true, "exit-code 1"));
        Assert.Equal(
            new ProviderFailed(Reason.ProviderExited, 1, TestNode.Seconds(1), TimeSpan.Zero, "exit-code 1", 1),
            Assert.Single(node.Told<ProviderFailed>()));

        node.Passes(0.999_999);
        Assert.Empty(node.Told<StartUnit>());
        node.Passes(0.000_001);
        Assert.Single(node.Told<StartUnit>());
        Assert.Equal((NodeState.Lending, Reason.Starting), node.State);
    }

    [Fact]
    public void The_pause_doubles_up_to_five_minutes()
    {
        TestNode node = TestNode.Lent();
        List<double> pauses = [];
        for (int i = 0; i < 12; i++)
        {
            node.Systemd.Becomes(UnitActiveState.Failed);
            node.Feed(new UnitInspected(true, ""));
            TimeSpan pause = node.Told<ProviderFailed>()[^1].RetryIn;
            Assert.Equal(i + 1, node.Told<ProviderFailed>()[^1].InARow);
            pauses.Add(pause.TotalSeconds);
            node.Passes(pause);
            Assert.Equal((NodeState.Lending, Reason.Starting), node.State);
            node.Systemd.Finishes();
            node.Passes(0.2);
        }

        Assert.Equal([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300], pauses);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_tries_of_a_cluster_spread_over_the_jitter(bool startFails)
    {
        // A broker that ends takes the providers of all nodes with it at the same moment.
        List<double> pauses = [.. Enumerable.Range(1, 200).Select(seed =>
        {
            TestNode node = FailedWithJitter(TestNode.Seconds(60), (ulong)seed, startFails);
            return Assert.Single(node.Told<ProviderFailed>()).RetryIn.TotalSeconds;
        })];

        Assert.All(pauses, pause => Assert.InRange(pause, 1, 61));
        Assert.Equal(200, pauses.Distinct().Count());
        Assert.InRange(pauses.Average(), 26, 36);
    }

    [Fact]
    public void The_pause_is_drawn_once_and_the_next_try_comes_when_it_was_told()
    {
        TestNode node = FailedWithJitter(TestNode.Seconds(60), seed: 3, startFails: false);
        TimeSpan pause = Assert.Single(node.Told<ProviderFailed>()).RetryIn;
        Assert.Equal(node.Now + pause, NodeMachine.NextDeadline(node.Model));
        node.Mark();
        node.Passes(pause);
        Assert.Single(node.Told<StartUnit>());
    }

    [Fact]
    public void Each_failure_draws_its_own_jitter()
    {
        TestNode node = FailedWithJitter(TestNode.Seconds(60), seed: 3, startFails: true);
        TimeSpan first = node.Told<ProviderFailed>()[^1].RetryIn;
        node.Passes(first);
        node.Systemd.Finishes(UnitJobResult.Failed);
        Assert.NotEqual(first + Backoff.FirstPause, node.Told<ProviderFailed>()[^1].RetryIn);
    }

    [Fact]
    public void A_jitter_longer_than_a_stretch_is_quiet_does_not_end_it()
    {
        TestNode node = FailedWithJitter(TimeSpan.FromHours(1), seed: 2, startFails: true);
        TimeSpan pause = node.Told<ProviderFailed>()[^1].RetryIn;
        Assert.True(pause > FailureStretch.Quiet * 2, $"the seed draws only {pause}");
        node.Passes(pause);
        node.Systemd.Finishes(UnitJobResult.Failed);
        Assert.Equal(2, node.Told<ProviderFailed>()[^1].InARow);
    }

    [Theory]
    [InlineData(29.999_999, 3)]
    [InlineData(30, 1)]
    public void Thirty_seconds_of_health_end_the_row(double health, int inARow)
    {
        TestNode node = Failing(2);
        node.Systemd.Finishes();
        node.Passes(health);
        node.Systemd.Becomes(UnitActiveState.Failed);
        Assert.Equal(inARow, node.Model.Backoff.Failing!.InAll);
    }

    [Theory]
    [InlineData("a job")]
    [InlineData("a stop by hand")]
    [InlineData("the agent's stop, called off")]
    [InlineData("the loss of the bus in our stop")]
    public void A_healthy_run_ends_the_row_whatever_ended_it(string end)
    {
        TestNode node = Failing(5);
        node.Systemd.Finishes();
        node.Passes(30);
        switch (end)
        {
            case "a job":
                node.JobStarts(1);
                node.Systemd.Finishes();
                node.JobEnds(1);
                break;
            case "a stop by hand":
                node.Systemd.ByHand(UnitJobType.Stop, UnitActiveState.Deactivating);
                node.Systemd.Finishes();
                node.Feed(new ReleaseAsked());
                break;
            case "the agent's stop, called off":
                node.Systemd.AgentStopping = true;
                node.Systemd.ByHand(UnitJobType.Stop, UnitActiveState.Deactivating);
                node.Systemd.Finishes();
                node.Systemd.AgentStopping = false;
                node.Systemd.IsRead();
                break;
            default:
                node.JobStarts(1);
                node.Systemd.IsLost();
                node.Systemd.Finishes();
                node.JobEnds(1);
                break;
        }

        node.Passes(10);
        Assert.Equal((NodeState.Lending, Reason.Starting), node.State);
        Assert.Null(node.Model.Backoff.Failing);
    }

    [Fact]
    public void A_short_run_that_a_job_ended_does_not_end_the_row()
    {
        TestNode node = Failing(2);
        node.Systemd.Finishes();
        node.Passes(29);
        node.JobStarts(1);
        node.Systemd.Finishes();
        Assert.Equal(2, node.Model.Backoff.Failing!.InAll);
    }

    [Theory]
    [InlineData(UnitJobResult.Failed, Reason.StartFailed)]
    [InlineData(UnitJobResult.Timeout, Reason.StartTimeout)]
    [InlineData(UnitJobResult.Dependency, Reason.DependencyFailed)]
    [InlineData(UnitJobResult.Other, Reason.StartFailed)]
    public void A_start_job_that_ends_badly_is_a_failure_of_its_kind(UnitJobResult result, Reason reason)
    {
        TestNode node = TestNode.Starting();
        node.Systemd.Finishes(result, UnitActiveState.Inactive);
        Assert.Equal((NodeState.Failed, reason), node.State);
        Assert.Equal(new ProviderFailed(reason, 1, TestNode.Seconds(1), TimeSpan.Zero, "", 1), Assert.Single(node.Told<ProviderFailed>()));
        node.Passes(1);
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
    public void After_a_start_a_unit_that_runs_is_lent_whatever_the_result(UnitJobResult result)
    {
        TestNode node = TestNode.Starting();
        node.Systemd.Finishes(result, UnitActiveState.Active);
        Assert.Equal((NodeState.Lending, Reason.Running), node.State);
        Assert.Empty(node.Told<ProviderFailed>());
    }

    [Theory]
    [InlineData(UnitJobResult.Done)]
    [InlineData(UnitJobResult.Skipped)]
    public void A_start_that_is_over_and_does_not_run_ended_by_itself(UnitJobResult result)
    {
        TestNode node = TestNode.Starting();
        node.Systemd.Finishes(result, UnitActiveState.Inactive);
        Assert.Single(node.Told<InspectUnit>());
        Assert.Equal((NodeState.Lending, Reason.Starting), node.State);
        node.Feed(new UnitInspected(true, "exit-code 1"));
        Assert.Equal((NodeState.Failed, Reason.ProviderExited), node.State);
    }

    [Fact]
    public void An_unmet_condition_is_told_apart_and_leads_to_another_look_at_the_records()
    {
        TestNode node = TestNode.Starting();
        node.Records![TestNode.Job(1)] = null;
        node.Systemd.Finishes();
        Assert.Equal((NodeState.Lending, Reason.Starting), node.State);
        node.Feed(new UnitInspected(false, "success"));
        Assert.Equal(Reason.ConditionUnmet, Assert.Single(node.Told<ProviderFailed>()).Reason);
        Assert.Single(node.Told<ScanSteps>());
        Assert.Equal((NodeState.Busy, Reason.JobsRecorded), node.State);
    }

    [Fact]
    public void A_condition_that_stays_unmet_is_a_failure_with_a_pause()
    {
        TestNode node = TestNode.Starting();
        node.Systemd.Finishes(UnitJobResult.Done, UnitActiveState.Inactive);
        node.Feed(new UnitInspected(false, "success"));
        Assert.Equal((NodeState.Failed, Reason.ConditionUnmet), node.State);
        node.Passes(1);
        Assert.Single(node.Told<StartUnit>());
    }

    [Fact]
    public void A_slow_inspection_tells_no_pause_below_zero()
    {
        TestNode node = TestNode.Lent();
        node.GathersEvidence = false;
        node.Systemd.Becomes(UnitActiveState.Failed);
        node.Passes(5);
        node.Feed(new UnitInspected(true, ""));
        Assert.Equal(TimeSpan.Zero, Assert.Single(node.Told<ProviderFailed>()).RetryIn);
    }

    [Fact]
    public void An_inspection_of_a_provider_that_runs_again_is_no_news()
    {
        TestNode node = TestNode.Lent();
        node.Systemd.Becomes(UnitActiveState.Failed);
        node.Systemd.Becomes(UnitActiveState.Active);
        node.Mark();
        node.Feed(new UnitInspected(false, ""));
        Assert.Empty(node.Told());
        Assert.Equal((NodeState.Lending, Reason.Running), node.State);
    }

    [Theory]
    [InlineData(UnitRefusal.NoSuchUnit, UnitLoadState.NotFound, Reason.UnitMissing)]
    [InlineData(UnitRefusal.BadSetting, UnitLoadState.Unusable, Reason.BadUnit)]
    [InlineData(UnitRefusal.TransactionConflict, UnitLoadState.Loaded, Reason.TransactionConflict)]
    [InlineData(UnitRefusal.Other, UnitLoadState.Loaded, Reason.StartRefused)]

    // Refusals that name a unit which the provider's requires.
    [InlineData(UnitRefusal.NoSuchUnit, UnitLoadState.Loaded, Reason.UnitMissing)]
    [InlineData(UnitRefusal.BadSetting, UnitLoadState.Loaded, Reason.BadUnit)]
    [InlineData(UnitRefusal.Masked, UnitLoadState.Loaded, Reason.StartRefused)]
    public void A_refused_start_is_a_failure_of_its_kind_with_a_pause(UnitRefusal refusal, UnitLoadState load, Reason reason)
    {
        TestNode node = TestNode.Idle();
        node.Passes(5);
        node.Systemd.Load = load;
        double pause = 1;
        node.Systemd.Refuses = refusal;
        node.Passes(5);
        for (int i = 1; i <= 4; i++)
        {
            Assert.Equal((NodeState.Failed, reason), node.State);
            Assert.Equal(
                new ProviderFailed(reason, i, TestNode.Seconds(pause), TestNode.Seconds(pause - 1), "systemd's words", i), node.Told<ProviderFailed>()[^1]);
            node.Systemd.Refuses = refusal;
            node.Passes(TestNode.Seconds(pause) - TimeSpan.FromMicroseconds(1));
            Assert.Equal(i, node.Told<StartUnit>().Count);
            node.Passes(0.000_001);
            Assert.Equal(i + 1, node.Told<StartUnit>().Count);
            pause *= 2;
        }
    }

    [Fact]
    public void A_refused_start_that_went_through_all_the_same_is_taken_over()
    {
        TestNode node = TestNode.Idle();
        node.Systemd.Refuses = UnitRefusal.Other;
        node.Systemd.Silent = true;
        node.Passes(10);
        node.Systemd.Active = UnitActiveState.Active;
        node.Systemd.Silent = false;
        node.Systemd.Speaks();
        Assert.Equal((NodeState.Lending, Reason.Running), node.State);
    }

    [Fact]
    public void In_doubt_about_a_refused_start_a_Prolog_waits()
    {
        TestNode node = TestNode.Starting();
        node.Systemd.Silent = true;
        node.Feed(new UnitJobRefused(node.Model.Systemd.Attempts, UnitRefusal.Other, ""));
        Assert.False(node.IsAnswered(node.Prolog(1)));
        node.Systemd.Active = UnitActiveState.Inactive;
        (node.Systemd.Job, node.Systemd.JobPath) = (UnitJobType.None, "");
        node.Systemd.Silent = false;
        node.Systemd.Speaks();
        Assert.True(node.IsAnswered(1));
    }

    [Theory]
    [InlineData(UnitRefusal.NoSuchUnit, UnitLoadState.NotFound)]
    [InlineData(UnitRefusal.BadSetting, UnitLoadState.Unusable)]
    public void A_unit_that_is_mended_is_tried_at_once(UnitRefusal refusal, UnitLoadState load)
    {
        TestNode node = TestNode.Idle();
        node.Systemd.Load = load;
        for (int i = 0; i < 9; i++)
        {
            node.Systemd.Refuses = refusal;
            node.Passes(i == 0 ? 10 : Math.Pow(2, i - 1));
        }

        Assert.Equal(NodeState.Failed, node.Model.Current.State);
        node.Mark();
        node.Systemd.Load = UnitLoadState.Loaded;
        node.Systemd.IsRead();
        Assert.Single(node.Told<StartUnit>());
        node.Systemd.Finishes();
        Assert.Equal((NodeState.Lending, Reason.Running), node.State);
    }

    [Fact]
    public void A_job_in_the_pause_takes_the_node_and_the_pause_goes_on()
    {
        TestNode node = Failing(9);
        node.Systemd.Finishes(UnitJobResult.Failed);
        Assert.Equal(TestNode.Seconds(300), node.Told<ProviderFailed>()[^1].RetryIn);
        node.Passes(100);
        node.JobStarts(1);
        Assert.Equal((NodeState.Busy, Reason.JobsRecorded), node.State);
        node.JobEnds(1);
        Assert.Equal((NodeState.Failed, Reason.StartFailed), node.State);
        node.Mark();
        node.Passes(199.999_999);
        Assert.Empty(node.Told<StartUnit>());
        node.Passes(0.000_001);
        Assert.Single(node.Told<StartUnit>());
    }

    [Fact]
    public void A_start_by_hand_in_the_pause_is_taken_over()
    {
        TestNode node = Failing(6);
        node.Systemd.Finishes(UnitJobResult.Failed);
        node.Mark();
        node.Systemd.ByHand(UnitJobType.Start, UnitActiveState.Activating);
        Assert.Equal((NodeState.Lending, Reason.Running), node.State);
        node.Systemd.Finishes();
        node.Passes(1000);
        Assert.Empty(node.Told<StartUnit>());
        Assert.Empty(node.Told<StopUnit>());
    }

    [Fact]
    public void A_row_of_failures_is_told_to_be_over_once_the_provider_has_proved_healthy()
    {
        TestNode node = Failing(5);
        node.Systemd.Finishes();
        node.Passes(29);
        node.Feed(new TimePassed());
        Assert.Empty(node.Told<ProviderRecovered>());
        Assert.Equal(node.Now + TestNode.Seconds(1), NodeMachine.AnnounceableAt(node.Model));
        Assert.True(NodeMachine.NextDeadline(node.Model) > NodeMachine.AnnounceableAt(node.Model), "it wakes nobody");
        node.Passes(1);
        node.Feed(new TimePassed());
        node.Feed(new TimePassed());
        Assert.Equal([new ProviderRecovered(5, TestNode.Seconds(1 + 2 + 4 + 8 + 16))], node.Told<ProviderRecovered>());
        Assert.Null(NodeMachine.AnnounceableAt(node.Model));
    }

    [Fact]
    public void Only_the_first_of_a_row_is_a_change_worth_telling()
    {
        TestNode node = TestNode.Lent();
        for (int i = 0; i < 100; i++)
        {
            node.Systemd.Becomes(UnitActiveState.Failed);
            node.Feed(new UnitInspected(true, "exit status 1"));
            node.Passes(node.Told<ProviderFailed>()[^1].RetryIn);
            node.Systemd.Finishes();
            node.Passes(0.2);
        }

        Assert.Equal((NodeState.Failed, Reason.ProviderExited), Assert.Single(node.Told<StateChanged>(), change => !change.Again) is var first ? (first.To, first.Reason) : default);
        Assert.Equal(300, node.Told<StateChanged>().Count);

        // A job is news, and so is what comes after it.
        node.Mark();
        node.JobStarts(1);
        node.Systemd.Finishes();
        node.JobEnds(1);
        node.Passes(10);
        Assert.Equal(
            [NodeState.Reclaiming, NodeState.Busy, NodeState.Settling, NodeState.Lending],
            node.Told<StateChanged>().Where(change => !change.Again).Select(change => change.To));
    }

    public static TheoryData<NodeEvent> WhatEndsABackoff => new()
    {
        new ReleaseAsked(),
        new RetryAsked(),
        new SettingsChanged(TestNode.Settings),
        new UnitFilesReloaded(),
    };

    [Theory]
    [MemberData(nameof(WhatEndsABackoff))]
    public void An_operators_word_ends_the_backoff_at_once(NodeEvent word)
    {
        TestNode node = Failing(8);
        node.Systemd.Finishes(UnitJobResult.Failed);
        Assert.Equal(NodeState.Failed, node.Model.Current.State);
        node.Mark();
        node.Feed(word);
        Assert.Single(node.Told<StartUnit>());
        Assert.Equal((NodeState.Lending, Reason.Starting), node.State);

        // It is news, and so is what comes of it: the operator waits for it.
        Assert.DoesNotContain(node.Told<StateChanged>(), change => change.Again);
        node.Systemd.Finishes(UnitJobResult.Failed);
        Assert.Equal((1, TestNode.Seconds(1)), Assert.Single(node.Told<ProviderFailed>()) is var failed ? (failed.InARow, failed.RetryIn) : default);
        Assert.False(node.Told<StateChanged>()[^1].Again);
    }

    [Theory]
    [MemberData(nameof(WhatEndsABackoff))]
    public void The_end_of_a_backoff_ends_no_idle_delay_and_no_job(NodeEvent word)
    {
        TestNode node = Failing(8);
        node.Systemd.Finishes(UnitJobResult.Failed);
        node.JobStarts(1);
        node.Mark();
        node.Feed(word);
        Assert.Equal((NodeState.Busy, Reason.JobsRecorded), node.State);
        node.JobEnds(1);
        Assert.Equal((NodeState.Settling, Reason.IdleDelay), node.State);
        node.Passes(TestNode.Settings.IdleDelay - TimeSpan.FromMicroseconds(1));
        Assert.Empty(node.Told<StartUnit>());
        node.Passes(0.000_001);
        Assert.Single(node.Told<StartUnit>());
    }

    [Theory]
    [MemberData(nameof(WhatEndsABackoff))]
    public void Without_a_backoff_there_is_none_to_end(NodeEvent word)
    {
        TestNode node = TestNode.Lent();
        node.Feed(word);
        Assert.Empty(node.Told());
        Assert.Equal((NodeState.Lending, Reason.Running), node.State);
    }

    [Fact]
    public void A_hold_is_kept_by_whatever_else_ends_a_backoff()
    {
        TestNode node = Failing(8);
        node.Systemd.Finishes(UnitJobResult.Failed);
        node.Feed(new HoldAsked(Holds.Operator));
        node.Feed(new RetryAsked());
        Assert.Equal((NodeState.Held, Reason.OperatorHold), node.State);
        node.Feed(new ReleaseAsked());
        node.Passes(TestNode.Settings.IdleDelay);
        Assert.Equal((NodeState.Lending, Reason.Starting), node.State);
    }

    [Theory]
    [InlineData("exit status 1, result exit-code")]
    [InlineData("signal 11, result core-dump")]
    public void A_failure_for_another_cause_is_the_first_of_its_kind(string crash)
    {
        TestNode node = TestNode.Lent();
        for (int i = 0; i < 7; i++)
        {
            Fails(node, "exit status 78, result exit-code");
            node.Passes(node.Told<ProviderFailed>()[^1].RetryIn);
            node.Systemd.Finishes();
        }

        node.Mark();
        Fails(node, crash);
        Assert.Equal(
            new ProviderFailed(Reason.ProviderExited, 1, TestNode.Seconds(1), TimeSpan.Zero, crash, 8), Assert.Single(node.Told<ProviderFailed>()));
        node.Passes(1);
        Assert.Single(node.Told<StartUnit>());
        node.Systemd.Finishes(UnitJobResult.Timeout, UnitActiveState.Inactive);
        Assert.Equal((Reason.StartTimeout, 1, 9), node.Told<ProviderFailed>()[^1] is var timeout ? (timeout.Reason, timeout.InARow, timeout.InAll) : default);
    }

    /// <summary>Else a provider that fails in two ways by turns would be started each second for ever.</summary>
    [Fact]
    public void Causes_that_take_turns_have_pauses_that_grow()
    {
        TestNode node = TestNode.Lent();
        for (int i = 0; i < 6; i++)
        {
            Fails(node, i % 2 == 0 ? "exit status 1" : "signal 9");
            node.Passes(node.Told<ProviderFailed>()[^1].RetryIn);
            node.Systemd.Finishes();
        }

        Assert.Equal([1, 1, 2, 2, 4, 4], node.Told<ProviderFailed>().Select(failed => failed.RetryIn.TotalSeconds));
        node.Passes(30);
        node.Feed(new TimePassed());
        Assert.Equal(6, Assert.Single(node.Told<ProviderRecovered>()).Failures);
    }

    /// <summary>Jobs may leave no lending the time to prove healthy.</summary>
    [Theory]
    [InlineData(5 * 60 - 11, 4)]
    [InlineData(5 * 60, 1)]
    public void A_failure_hours_after_the_last_is_the_first_again(double idle, int inARow)
    {
        TestNode node = Failing(3);
        node.JobStarts(1);
        node.Systemd.Finishes();
        node.Passes(idle);
        node.JobEnds(1);
        node.Passes(10);
        node.Mark();
        node.Systemd.Finishes(UnitJobResult.Failed);
        Assert.Equal(inARow, Assert.Single(node.Told<ProviderFailed>()).InARow);
    }

    /// <summary>The loop sleeps while nothing happens, for hours: the crash itself is the next event.</summary>
    [Fact]
    public void A_provider_that_was_healthy_starts_anew_though_nothing_happened_since()
    {
        TestNode node = TestNode.Lent();
        for (int i = 0; i < 7; i++)
        {
            Fails(node, "exit status 1");
            node.Passes(node.Told<ProviderFailed>()[^1].RetryIn);
            node.Systemd.Finishes();
        }

        node.Mark();
        node.Passes(30);
        Assert.Empty(node.Told());
        Fails(node, "exit status 1");
        Assert.Equal((1, 1), Assert.Single(node.Told<ProviderFailed>()) is var failed ? (failed.InARow, failed.InAll) : default);
    }

    /// <summary>Nothing may be lost with an answer that comes after the next start: the pauses would not grow.</summary>
    [Fact]
    public void Failures_that_nobody_could_ask_after_count_too()
    {
        TestNode node = TestNode.Lent();
        List<double> pauses = [];
        for (int i = 0; i < 4; i++)
        {
            node.Systemd.Becomes(UnitActiveState.Failed);
            pauses.Add((node.Model.Backoff.RetryAt!.Value - node.Now).TotalSeconds);
            node.Passes(pauses[^1]);
            node.Feed(new UnitInspected(true, "exit status 1"));
            node.Systemd.Finishes();
        }

        Assert.Equal([1, 2, 4, 8], pauses);
        Assert.Empty(node.Told<ProviderFailed>());
    }

    private static void Fails(TestNode node, string ending)
    {
        node.Systemd.Becomes(UnitActiveState.Failed);
        node.Feed(new UnitInspected(true, ending));
    }

    /// <summary>A node whose provider has failed so often in a row, and is being started again.</summary>
    private static TestNode FailedWithJitter(TimeSpan jitter, ulong seed, bool startFails)
    {
        TestNode node = TestNode.Idle(TestNode.Settings with { StartJitter = jitter }, seed: seed);
        node.Passes(TestNode.Settings.IdleDelay + jitter);
        if (startFails)
        {
            node.Systemd.Finishes(UnitJobResult.Failed);
            return node;
        }

        node.Systemd.Finishes();
        node.Systemd.Becomes(UnitActiveState.Failed);
        BootTime? counted = node.Model.Backoff.RetryAt;
        node.Feed(new UnitInspected(true, "exit-code 1"));
        Assert.Equal(counted, node.Model.Backoff.RetryAt);
        return node;
    }

    private static TestNode Failing(int times)
    {
        TestNode node = TestNode.Starting();
        for (int i = 0; i < times; i++)
        {
            node.Systemd.Finishes(UnitJobResult.Failed);
            node.Passes(node.Told<ProviderFailed>()[^1].RetryIn);
        }

        Assert.Equal((NodeState.Lending, Reason.Starting), node.State);
        return node;
    }
}
