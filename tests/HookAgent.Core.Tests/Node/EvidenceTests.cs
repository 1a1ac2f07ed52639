using HookAgent.Core.Jobs;
using HookAgent.Core.Node;

namespace HookAgent.Core.Tests.Node;

/// <summary>Unknown is busy.</summary>
public sealed class EvidenceTests
{
    [Fact]
    public void Before_the_directory_is_read_nothing_is_known()
    {
        TestNode node = new();
        Assert.Equal((NodeState.Unknown, Reason.DirectoryUnread), node.State);
        node.Systemd.IsRead();
        Assert.Equal((NodeState.Unknown, Reason.DirectoryUnread), node.State);
        Assert.Null(NodeMachine.NextDeadline(node.Model));
    }

    [Fact]
    public void A_directory_is_believed_by_its_own_proof_and_by_nothing_that_was_known_before()
    {
        TestNode node = new();
        node.ReadDirectory();
        Assert.Equal(DirectoryTrust.Complete, node.Model.Directory.Trust);
        Assert.Equal(PersistentState.Empty, node.Memory);

        node.Complete = false;
        node.ReadDirectory();
        Assert.Equal(DirectoryTrust.Incomplete, node.Model.Directory.Trust);
        TestNode later = node.WithNewDaemon();
        later.ReadDirectory();
        Assert.Equal(DirectoryTrust.Incomplete, later.Model.Directory.Trust);
    }

    [Fact]
    public void A_directory_made_after_boot_says_nothing_until_it_is_reconciled()
    {
        TestNode node = new() { Complete = false };
        node.ReadDirectory();
        node.Systemd.IsRead();
        Assert.Equal((NodeState.Unknown, Reason.DirectoryUnproven), node.State);
        node.Passes(1000);
        Assert.Empty(node.Told<StartUnit>());

        // The list alone is not it: another directory may have taken the place of the one that it fits.
        node.Feed(new Reconciled([], TestNode.NoRecords));
        Assert.Equal((NodeState.Unknown, Reason.DirectoryUnproven), node.State);
        node.Complete = true;
        node.ReadDirectory();
        Assert.Equal((NodeState.Settling, Reason.IdleDelay), node.State);
    }

    [Fact]
    public void A_directory_that_is_replaced_stops_the_provider_until_it_is_reconciled()
    {
        TestNode node = TestNode.Lent();
        node.Complete = false;
        node.ReadDirectory();
        Assert.Single(node.Told<StopUnit>());
        node.Systemd.Finishes();
        Assert.Equal((NodeState.Unknown, Reason.DirectoryUnproven), node.State);

        TestNode restarted = node.WithNewDaemon();
        restarted.ReadDirectory();
        restarted.Systemd.IsRead();
        Assert.Equal((NodeState.Unknown, Reason.DirectoryUnproven), restarted.State);

        restarted.Reconcile();
        Assert.Equal((NodeState.Settling, Reason.IdleDelay), restarted.State);
    }

    [Fact]
    public void A_directory_that_is_gone_stops_the_provider_and_cannot_be_reconciled()
    {
        TestNode node = TestNode.Lent();
        node.Records = null;
        node.ReadDirectory();
        Assert.Single(node.Told<StopUnit>());
        node.Systemd.Finishes();
        Assert.Equal((NodeState.Unknown, Reason.DirectoryMissing), node.State);
        node.Feed(new Reconciled([], TestNode.NoRecords));
        Assert.Equal((NodeState.Unknown, Reason.DirectoryMissing), node.State);
    }

    [Theory]
    [InlineData(DirectoryCondition.Unreadable)]
    [InlineData(DirectoryCondition.NotADirectory)]
    public void A_directory_that_cannot_be_read_stops_the_provider(DirectoryCondition condition)
    {
        TestNode node = TestNode.Lent();
        node.CannotReadDirectory(condition);
        Assert.Single(node.Told<StopUnit>());
        node.Systemd.Finishes();
        Assert.Equal((NodeState.Unknown, Reason.DirectoryUnreadable), node.State);
        node.ReadDirectory();
        Assert.Equal((NodeState.Settling, Reason.IdleDelay), node.State);
    }

    [Fact]
    public void A_directory_that_cannot_be_listed_for_a_moment_ends_no_job()
    {
        TestNode node = TestNode.Idle();
        node.JobStarts(1);
        node.Mark();
        node.CannotReadDirectory();
        Assert.Empty(node.Told());
        Assert.Equal((NodeState.Busy, Reason.JobsRecorded), node.State);
        node.JobEnds(1);
        Assert.Equal([new JobDisappeared(TestNode.Job(1))], node.Told<JobDisappeared>());
        Assert.Equal((NodeState.Settling, Reason.IdleDelay), node.State);
    }

    [Fact]
    public void A_directory_deleted_under_a_job_leaves_the_node_unknown()
    {
        TestNode node = TestNode.Idle();
        node.JobStarts(1);
        node.Records = null;
        node.ReadDirectory();
        Assert.Equal((NodeState.Unknown, Reason.DirectoryMissing), node.State);

        // Made again, with nothing in it: the next hook's mkdir, or tmpfiles.
        (node.Records, node.Complete) = ([], false);
        node.ReadDirectory();
        Assert.Equal((NodeState.Unknown, Reason.DirectoryUnproven), node.State);

        node.Reconcile(1);
        Assert.Equal((NodeState.Unknown, Reason.JobWithoutRecord), node.State);
        node.Epilog(1);
        Assert.Equal((NodeState.Settling, Reason.IdleDelay), node.State);
    }

    [Fact]
    public void A_foreign_entry_keeps_the_provider_off_until_it_is_removed()
    {
        TestNode node = TestNode.Lent();
        node.ForeignEntry = true;
        node.ReadDirectory();
        node.Systemd.Finishes(into: UnitActiveState.Inactive);
        Assert.Equal((NodeState.Unknown, Reason.ForeignEntry), node.State);
        node.Feed(new Reconciled([], TestNode.NoRecords));
        Assert.Equal((NodeState.Unknown, Reason.ForeignEntry), node.State);
        node.ForeignEntry = false;
        node.ReadDirectory();
        Assert.Equal((NodeState.Settling, Reason.IdleDelay), node.State);
    }

    [Fact]
    public void A_job_whose_record_failed_counts_until_its_Epilog()
    {
        TestNode node = TestNode.Lent();
        node.Feed(new RecordFailed(TestNode.Job(1)));
        node.Feed(new RecordFailed(TestNode.Job(1)));
        Assert.Equal([new JobAppeared(TestNode.Job(1))], node.Told<JobAppeared>());
        node.Systemd.Finishes();
        Assert.Equal((NodeState.Unknown, Reason.JobWithoutRecord), node.State);
        Assert.Equal([TestNode.Job(1)], node.Memory.Unrecorded);

        TestNode restarted = node.WithNewDaemon();
        restarted.ReadDirectory();
        restarted.Systemd.IsRead();
        Assert.Equal((NodeState.Unknown, Reason.JobWithoutRecord), restarted.State);

        restarted.Epilog(1);
        Assert.Equal((NodeState.Settling, Reason.IdleDelay), restarted.State);
        Assert.Empty(restarted.Memory.Unrecorded);
    }

    [Fact]
    public void A_record_that_comes_after_all_takes_over()
    {
        TestNode node = TestNode.Idle();
        node.Feed(new RecordFailed(TestNode.Job(1)));
        node.JobStarts(1);
        node.Feed(new RecordFailed(TestNode.Job(1)));
        Assert.Equal((NodeState.Busy, Reason.JobsRecorded), node.State);
        Assert.Empty(node.Memory.Unrecorded);
        node.JobEnds(1);
        Assert.Equal((NodeState.Settling, Reason.IdleDelay), node.State);
        Assert.Equal([new JobAppeared(TestNode.Job(1))], node.Told<JobAppeared>());
        Assert.Equal([new JobDisappeared(TestNode.Job(1))], node.Told<JobDisappeared>());
    }

    [Fact]
    public void Forget_drops_a_record_or_a_job_without_one()
    {
        TestNode node = TestNode.Idle();
        node.JobStarts(1);
        node.Feed(new RecordFailed(TestNode.Job(2)));
        node.Feed(new JobForgotten(TestNode.Job(3), TestNode.Record));
        Assert.Empty(node.Told<DropRecord>());

        node.Feed(new JobForgotten(TestNode.Job(1), TestNode.Record));
        Assert.Equal([new DropRecord(TestNode.Job(1), TestNode.Record)], node.Told<DropRecord>());
        Assert.Equal((NodeState.Unknown, Reason.JobWithoutRecord), node.State);
        node.Feed(new JobForgotten(TestNode.Job(2), TestNode.Record));
        Assert.Equal((NodeState.Settling, Reason.IdleDelay), node.State);
        Assert.Equal(2, node.Told<JobDisappeared>().Count);
    }

    [Fact]
    public void A_reconcile_adds_what_Slurm_lists_and_forgets_what_it_does_not()
    {
        TestNode node = TestNode.Idle();
        node.JobStarts(1);
        node.Feed(new RecordFailed(TestNode.Job(2)));
        node.Mark();
        node.Feed(new Reconciled([TestNode.Job(1), TestNode.Job(3)], TestNode.NoRecords));
        Assert.Equal([TestNode.Job(3)], node.Model.Jobs.Unrecorded);
        Assert.Equal([new JobAppeared(TestNode.Job(3))], node.Told<JobAppeared>());
        Assert.Equal([new JobDisappeared(TestNode.Job(2))], node.Told<JobDisappeared>());

        // Its Prolog was only just to come.
        node.JobStarts(3);
        Assert.Single(node.Told<JobAppeared>());
        Assert.Empty(node.Model.Jobs.Unrecorded);
    }

    [Fact]
    public void A_list_older_than_an_Epilog_does_not_revive_the_job()
    {
        TestNode node = TestNode.Idle();
        node.JobStarts(1);
        node.Passes(50);
        node.Epilog(1);
        node.Passes(60);
        node.Feed(new Reconciled([TestNode.Job(1)], TestNode.NoRecords));
        Assert.Empty(node.Model.Jobs.Unrecorded);
        node.Passes(0.000_001);
        node.Feed(new Reconciled([TestNode.Job(1)], TestNode.NoRecords));
        Assert.Equal([TestNode.Job(1)], node.Model.Jobs.Unrecorded);
    }

    [Fact]
    public void A_list_that_lacks_a_job_whose_Prolog_waits_is_older_than_the_job()
    {
        TestNode node = TestNode.Lent();
        node.Feed(new RecordFailed(TestNode.Job(1)));
        long prolog = node.PrologCalls(1);
        node.Feed(new Reconciled([], TestNode.NoRecords));
        Assert.False(node.IsAnswered(prolog));
        Assert.Equal([TestNode.Job(1)], node.Model.Jobs.Unrecorded);

        node.Systemd.Finishes();
        Assert.True(node.IsAnswered(prolog));
        node.Feed(new Reconciled([], TestNode.NoRecords));
        Assert.Empty(node.Model.Jobs.Unrecorded);
    }

    [Fact]
    public void A_list_is_believed_about_a_job_that_was_requeued()
    {
        TestNode node = TestNode.Idle();
        node.JobStarts(1);
        node.Epilog(1);
        node.JobStarts(1);
        node.Feed(new EpilogCalled(TestNode.Job(1)));
        node.Records = null;
        node.ReadDirectory();
        node.Feed(new Reconciled([TestNode.Job(1)], TestNode.NoRecords));
        Assert.Equal((NodeState.Unknown, Reason.JobWithoutRecord), node.State);
    }

    [Fact]
    public void What_is_remembered_of_ended_jobs_is_bounded()
    {
        TestNode node = TestNode.Idle();
        for (uint job = 1; job <= 10_000; job++)
        {
            node.Feed(new EpilogCalled(TestNode.Job(job)));
        }

        Assert.InRange(node.Model.Jobs.RecentlyEnded.Count, 1, 1024);
    }

    [Fact]
    public void A_slurmstepd_without_a_record_keeps_the_node_until_it_ends()
    {
        TestNode node = TestNode.Idle();
        node.Steps = [TestNode.Job(5)];
        node.Passes(10);
        Assert.Empty(node.Told<StartUnit>());
        Assert.Equal((NodeState.Unknown, Reason.StepWithoutRecord), node.State);
        Assert.Null(NodeMachine.NextDeadline(node.Model));

        node.Steps = [];
        node.Gather();
        Assert.Equal((NodeState.Settling, Reason.IdleDelay), node.State);
        node.Passes(10);
        Assert.Single(node.Told<StartUnit>());
    }

    [Fact]
    public void A_slurmstepd_of_a_known_job_is_no_contradiction()
    {
        TestNode node = TestNode.Idle();
        node.JobStarts(1);
        node.Feed(new RecordFailed(TestNode.Job(2)));
        node.Feed(new StepsScanned([TestNode.Job(1), TestNode.Job(2)], []));
        Assert.Empty(node.Model.Jobs.OrphanSteps);
    }

    /// <summary>An operator who releases the node is to know; and a job has the first word.</summary>
    [Fact]
    public void A_slurmstepd_without_a_record_is_told_before_a_hold()
    {
        TestNode node = TestNode.Idle();
        node.Feed(new HoldAsked(Holds.Operator));
        node.Steps = [TestNode.Job(5)];
        node.Gather();
        Assert.Equal((NodeState.Unknown, Reason.StepWithoutRecord), node.State);

        node.Steps = [];
        node.Gather();
        Assert.Equal((NodeState.Held, Reason.OperatorHold), node.State);
    }

    [Fact]
    public void A_slurmstepd_found_beside_a_lent_provider_stops_it()
    {
        TestNode node = TestNode.Lent();
        node.Feed(new StepsScanned([TestNode.Job(5)], []));
        Assert.Single(node.Told<StopUnit>());
    }

    /// <summary>slurm.conf does not name the hook, or no longer: nothing tells of the job but its slurmstepd.</summary>
    [Fact]
    public void A_lent_node_is_scanned_for_a_job_that_no_hook_told_of_each_minute()
    {
        TestNode node = TestNode.Lent();
        node.Passes(600);
        Assert.Equal(10, node.Told<ScanSteps>().Count);
        Assert.Empty(node.Told<StopUnit>());

        node.Steps = [TestNode.Job(5)];
        node.Passes(60);
        Assert.Single(node.Told<StopUnit>());
        node.Systemd.Finishes();
        Assert.Equal((NodeState.Unknown, Reason.StepWithoutRecord), node.State);
        Assert.Null(NodeMachine.NextDeadline(node.Model));
    }

    /// <summary>A provider that the agent finds running is lent as well.</summary>
    [Fact]
    public void A_node_that_a_new_agent_finds_lent_is_scanned_too()
    {
        TestNode node = TestNode.Lent().WithNewDaemon();
        node.ReadDirectory();
        node.Systemd.IsRead();
        Assert.Equal((NodeState.Lending, Reason.Running), node.State);
        node.Steps = [TestNode.Job(5)];
        node.Passes(60);
        Assert.Single(node.Told<StopUnit>());
    }

    [Fact]
    public void Beside_a_recorded_job_nothing_is_scanned_for()
    {
        TestNode node = TestNode.Lent();
        node.JobStarts(1);
        node.Systemd.Finishes();
        node.Mark();
        node.Passes(10_000);
        Assert.Empty(node.Told<ScanSteps>());
        Assert.Null(NodeMachine.NextDeadline(node.Model));
    }

    /// <summary>Deleted by hand, or by the Epilog of an earlier run that Slurm repeats: what disappears is the news.</summary>
    [Fact]
    public void A_record_that_disappears_without_its_Epilog_has_a_slurmstepd_looked_for_at_once()
    {
        TestNode node = TestNode.Idle();
        (node.Steps, node.Spanned) = ([TestNode.Job(1)], [TestNode.Job(1)]);
        node.JobStarts(1);
        node.JobEnds(1);
        node.Passes(1);
        Assert.Equal((NodeState.Unknown, Reason.JobWithoutRecord), node.State);

        // An allocation has no slurmstepd between its steps, but this one's batch script had: its end is the job's.
        node.Passes(1000);
        Assert.Empty(node.Told<StartUnit>());
        (node.Steps, node.Spanned) = ([], []);
        node.Gather();
        Assert.Equal((NodeState.Settling, Reason.IdleDelay), node.State);
        node.Passes(10);
        Assert.Single(node.Told<StartUnit>());
    }

    [Fact]
    public void Between_the_steps_of_an_allocation_its_lost_record_still_counts()
    {
        TestNode node = TestNode.Idle();
        node.Steps = [TestNode.Job(1)];
        node.JobStarts(1);
        node.JobEnds(1);
        node.Passes(1);
        node.Steps = [];
        node.Gather();
        node.Passes(1000);
        Assert.Equal((NodeState.Unknown, Reason.JobWithoutRecord), node.State);
        node.Epilog(1);
        Assert.Equal((NodeState.Settling, Reason.IdleDelay), node.State);
    }

    [Fact]
    public void An_Epilog_that_speaks_spares_the_look()
    {
        TestNode node = TestNode.Idle(TestNode.Settings with { IdleDelay = TestNode.Seconds(100) });
        node.JobStarts(1);
        node.Epilog(1);
        node.Passes(99);
        Assert.Empty(node.Told<ScanSteps>());
        node.JobStarts(2);
        node.JobEnds(2);
        node.Passes(0.999_999);
        Assert.Empty(node.Told<ScanSteps>());
        node.Passes(0.000_001);
        Assert.Single(node.Told<ScanSteps>());
    }

    /// <summary>It may have been deleted by hand, between two steps of the job: no slurmstepd tells of it.</summary>
    [Fact]
    public void A_list_is_believed_about_a_job_whose_record_went_without_a_word()
    {
        TestNode node = TestNode.Idle();
        node.JobStarts(1);
        node.JobEnds(1);
        node.Feed(new Reconciled([TestNode.Job(1)], TestNode.NoRecords));
        node.Passes(100);
        Assert.Equal((NodeState.Unknown, Reason.JobWithoutRecord), node.State);
        node.Feed(new EpilogCalled(TestNode.Job(1)));
        Assert.Equal((NodeState.Settling, Reason.IdleDelay), node.State);
    }

    [Fact]
    public void A_list_is_believed_about_a_job_whose_record_was_deleted_while_it_runs()
    {
        TestNode node = TestNode.Idle();
        node.Steps = [TestNode.Job(1)];
        node.JobStarts(1);
        node.Epilog(1);
        node.Gather();
        Assert.Equal((NodeState.Unknown, Reason.StepWithoutRecord), node.State);
        node.Feed(new Reconciled([TestNode.Job(1)], TestNode.NoRecords));
        Assert.Equal((NodeState.Unknown, Reason.JobWithoutRecord), node.State);
    }

    [Fact]
    public void A_job_whose_record_failed_ends_with_its_last_slurmstepd_also_behind_the_daemons_back()
    {
        TestNode node = TestNode.Idle();
        node.Feed(new RecordFailed(TestNode.Job(1)));
        (node.Steps, node.Spanned) = ([TestNode.Job(1)], [TestNode.Job(1)]);
        node.Passes(1);
        Assert.Equal([TestNode.Job(1)], node.Memory.Witnessed);

        TestNode restarted = node.WithNewDaemon();
        (restarted.Steps, restarted.Spanned) = ([], []);
        restarted.Gather();
        restarted.Systemd.IsRead();
        Assert.Equal((NodeState.Settling, Reason.IdleDelay), restarted.State);
        Assert.Equal([new JobDisappeared(TestNode.Job(1))], restarted.Told<JobDisappeared>());
        Assert.Empty(restarted.Memory.Witnessed);
    }

    [Fact]
    public void A_job_of_which_no_such_slurmstepd_was_seen_is_looked_for_more_and_more_rarely()
    {
        TestNode node = TestNode.Idle(TestNode.Settings with { IdleDelay = TestNode.Seconds(100_000) });
        node.Feed(new RecordFailed(TestNode.Job(1)));
        node.Passes(3600);
        Assert.Equal((NodeState.Unknown, Reason.JobWithoutRecord), node.State);
        Assert.InRange(node.Told<ScanSteps>().Count, 10, 16);
        node.Feed(new EpilogCalled(TestNode.Job(1)));
        node.Mark();
        node.Passes(3600);
        Assert.Empty(node.Told<ScanSteps>());
    }

    [Fact]
    public void Records_that_went_with_their_directory_have_not_ended()
    {
        TestNode node = TestNode.Idle();
        node.JobStarts(1);
        (node.Records, node.Complete) = ([], false);
        node.ReadDirectory();
        node.Reconcile(1);
        Assert.Equal((NodeState.Unknown, Reason.JobWithoutRecord), node.State);
    }

    [Fact]
    public void Forget_leaves_another_record_than_the_one_that_is_meant()
    {
        TestNode node = TestNode.Idle();
        node.JobStarts(1);
        node.Feed(new JobForgotten(TestNode.Job(1), null));
        Assert.Empty(node.Told<DropRecord>());
        node.Feed(new JobForgotten(TestNode.Job(1), new RecordIdentity(8, 1)));
        Assert.Equal((NodeState.Busy, Reason.JobsRecorded), node.State);
        node.Feed(new Reconciled([TestNode.Job(1)], TestNode.NoRecords.Add(TestNode.Job(1), TestNode.Record)));
        Assert.Equal((NodeState.Busy, Reason.JobsRecorded), node.State);
        node.Feed(new Reconciled([], TestNode.NoRecords.Add(TestNode.Job(1), TestNode.Record)));
        Assert.Equal((NodeState.Settling, Reason.IdleDelay), node.State);
    }
}
