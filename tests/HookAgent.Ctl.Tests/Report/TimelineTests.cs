using System.Text.Json.Nodes;
using HookAgent.Ctl.Output;

namespace HookAgent.Ctl.Tests.Report;

/// <summary>Intervals and counts, as events make them.</summary>
public sealed class TimelineTests
{
    /// <summary>A job comes to a lent node and goes, and the node is lent again.</summary>
    private static MadeJournal Story => new MadeJournal()
        .Started(10).State(10.1, "unknown", "settling", "idle-delay", 0.1)
        .State(20.1, "settling", "lending", "starting", 10).State(20.6, "lending", "lending", "running", 0.5)
        .Came(60, 17).State(60, "lending", "reclaiming", "stop-asked", 39.9).ProviderStopped(60.2, lent: 39.4)
        .State(60.2, "reclaiming", "busy", "jobs-recorded", 0.2).HandedOver(60.2, 17, 0.21, 0.2)
        .Left(100.2, 17).State(100.2, "busy", "settling", "idle-delay", 40)
        .State(110.2, "settling", "lending", "starting", 10);

    [Theory]
    [InlineData("export")]
    [InlineData("json")]
    public void Each_change_begins_an_interval_and_a_job_is_named_where_it_was(string format)
    {
        Reported report = Reported.Of(Story.In(format));

        Assert.Equal(0, report.Run.ExitCode);
        Assert.Equal("", report.Run.Errors);
        Assert.Equal(
            [
                "com0 unknown directory-unread 0.1", "com0 settling idle-delay 10", "com0 lending starting 0.5",
                "com0 lending running 39.4", "com0 reclaiming stop-asked 0.2 17", "com0 busy jobs-recorded 40 17",
                "com0 settling idle-delay 10",
            ],
            report.Intervals);
    }

    [Fact]
    public void Shares_handovers_overlaps_starts_and_jobs_are_counted()
    {
        JsonNode all = Reported.Of(Story).All;

        Assert.Equal(39_900_000, (long)all["states"]!["lending"]!["usec"]!);
        Assert.Equal(0.398204, (double)all["states"]!["lending"]!["share"]!, 6);
        Assert.Equal("""{"count":1,"p50_usec":210000,"p95_usec":210000,"p99_usec":210000,"max_usec":210000,"total_usec":210000}""", all["handovers"]!.ToJsonString());
        Assert.Equal("""{"count":1,"p50_usec":200000,"p95_usec":200000,"p99_usec":200000,"max_usec":200000,"total_usec":200000}""", all["overlaps"]!.ToJsonString());
        Assert.Equal("""{"starts":2,"short":0,"failed":0}""", all["provider"]!.ToJsonString());
        Assert.Equal(1, (int)all["jobs"]!);
    }

    [Theory]
    [InlineData("10s", 0)]
    [InlineData("39s", 0)]
    [InlineData("39500ms", 1)]
    public void A_lending_is_short_whose_provider_was_up_for_less_than_said(string limit, int isShort) =>
        Assert.Equal(isShort, (int)Reported.Of(Story, "--short", limit).All["provider"]!["short"]!);

    [Fact]
    public void A_provider_that_was_only_starting_was_lent_shortly_and_one_of_unknown_age_was_not()
    {
        MadeJournal journal = Story.ProviderStopped(111, lent: 0).ProviderStopped(112, lent: null);

        Assert.Equal(1, (int)Reported.Of(journal).All["provider"]!["short"]!);
    }

    [Fact]
    public void A_provider_that_fails_is_counted_as_failed()
    {
        MadeJournal journal = Story.State(110.4, "lending", "failed", "start-failed", 0.2).State(111.4, "failed", "lending", "starting", 1)
            .State(111.5, "lending", "failed", "start-failed", 0.1).State(112.5, "failed", "lending", "starting", 1).State(113, "lending", "lending", "running", 0.5);

        Assert.Equal("""{"starts":4,"short":0,"failed":2}""", Reported.Of(journal).All["provider"]!.ToJsonString());
    }

    [Fact]
    public void A_provider_started_by_hand_is_a_start_too()
    {
        MadeJournal journal = new MadeJournal().Started(1).State(2, "unknown", "lending", "running", 1).State(3, "lending", "lending", "running", 1);

        Assert.Equal(1, (int)Reported.Of(journal).All["provider"]!["starts"]!);
    }

    [Fact]
    public void A_stopped_agent_is_off_until_it_starts_again()
    {
        Reported report = Reported.Of(new MadeJournal().Started(1).State(2, "unknown", "busy", "jobs-recorded").Stopping(5).Started(9).State(10, "unknown", "busy", "jobs-recorded"));

        Assert.Equal(
            ["com0 unknown directory-unread 1", "com0 busy jobs-recorded 3", "com0 off agent-stopped 4", "com0 unknown directory-unread 1"],
            report.Intervals);
        Assert.Equal(0, (int)report.All["agent_kills"]!);
    }

    [Fact]
    public void A_killed_agent_is_off_from_when_systemd_says_so()
    {
        Reported report = Reported.Of(new MadeJournal().Started(1).State(2, "unknown", "busy", "jobs-recorded").UnitFailed(5).Started(6).State(7, "unknown", "busy", "jobs-recorded"));

        Assert.Equal(
            ["com0 unknown directory-unread 1", "com0 busy jobs-recorded 3", "com0 off agent-failed 1", "com0 unknown directory-unread 1"],
            report.Intervals);
        Assert.Equal(0, (int)report.All["agent_kills"]!);
    }

    [Fact]
    public void Without_that_the_state_counts_until_the_next_start_and_the_kill_is_counted()
    {
        Reported report = Reported.Of(new MadeJournal().Started(1).State(2, "unknown", "busy", "jobs-recorded").Started(6).State(7, "unknown", "busy", "jobs-recorded"));

        Assert.Equal(["com0 unknown directory-unread 1", "com0 busy jobs-recorded 4", "com0 unknown directory-unread 1"], report.Intervals);
        Assert.Equal(1, (int)report.All["agent_kills"]!);
    }

    [Fact]
    public void What_systemd_says_of_other_units_and_others_say_in_its_name_is_not_heard()
    {
        MadeJournal journal = new MadeJournal().Started(1).State(2, "unknown", "busy", "jobs-recorded")
            .Add(3, ("MESSAGE_ID", "d9b373ed55a64feb8242e02dbe79a49c"), ("_UID", "0"), ("_PID", "1"), ("UNIT", "wasimoff-provider.service"))
            .Add(4, ("MESSAGE_ID", "d9b373ed55a64feb8242e02dbe79a49c"), ("_UID", "0"), ("_PID", "99"), ("UNIT", "hookagentd.service"))
            .Add(5);

        Assert.Equal("com0 busy jobs-recorded 3", Reported.Of(journal).Intervals[^1]);
    }

    [Fact]
    public void An_entry_of_another_user_than_root_is_not_the_agents()
    {
        MadeJournal journal = new MadeJournal().Started(1).State(2, "unknown", "busy", "jobs-recorded").Add(3,
            ("MESSAGE_ID", HookAgent.Core.Journal.NodeMessageIds.StateChanged), ("_UID", "1000"), ("HOOKAGENT_STATE", "failed"), ("HOOKAGENT_REASON", "killed")).Add(5);

        Reported report = Reported.Of(journal);
        Assert.Equal("com0 busy jobs-recorded 3", report.Intervals[^1]);
        Assert.Equal(2, (int)report.Json["read"]!["events"]!);
    }

    [Fact]
    public void A_node_that_went_down_is_off_from_its_last_sign_to_the_agents_next_start()
    {
        MadeJournal journal = new MadeJournal().Started(10).State(11, "unknown", "lending", "running").Add(100, ("MESSAGE", "something else"));
        journal.Boot = "b2";
        journal.Clock = MadeJournal.Morning.AddSeconds(200);
        journal.Started(15).State(16, "unknown", "settling", "idle-delay").Add(20);

        Reported report = Reported.Of(journal);
        Assert.Equal(
            ["com0 unknown directory-unread 1", "com0 lending running 89", "com0 off node-down 115", "com0 unknown directory-unread 1", "com0 settling idle-delay 4"],
            report.Intervals);
        Assert.Equal(("2", "1"), (report.All["boots"]!.ToString(), report.All["crashes"]!.ToString()));
    }

    [Fact]
    public void An_orderly_reboot_is_no_crash()
    {
        MadeJournal journal = new MadeJournal().Started(10).State(11, "unknown", "busy", "jobs-recorded").Came(11, 4).Stopping(50);
        journal.Boot = "b2";
        journal.Clock = MadeJournal.Morning.AddSeconds(200);
        journal.Started(15).Came(15.5, 5).State(16, "unknown", "busy", "jobs-recorded").Add(20);

        Reported report = Reported.Of(journal);
        Assert.Equal("com0 off agent-stopped 165", report.Intervals[2]);
        Assert.Equal("com0 busy jobs-recorded 4 5", report.Intervals[^1]);
        Assert.Equal(("2", "0"), (report.All["boots"]!.ToString(), report.All["crashes"]!.ToString()));
    }

    [Theory]
    [InlineData(-3600)]
    [InlineData(3600)]
    [InlineData(1_700_000_000)]
    public void A_clock_that_is_set_changes_no_interval(int by)
    {
        MadeJournal journal = new MadeJournal { Clock = MadeJournal.Morning.AddSeconds(-by) };
        journal.Started(10).State(11, "unknown", "settling", "idle-delay").State(21, "settling", "lending", "starting");
        journal.Clock = MadeJournal.Morning;
        journal.State(61, "lending", "reclaiming", "stop-asked").State(62, "reclaiming", "busy", "jobs-recorded");

        Reported report = Reported.Of(journal);
        Assert.Equal(
            ["com0 unknown directory-unread 1", "com0 settling idle-delay 10", "com0 lending starting 40", "com0 reclaiming stop-asked 1"],
            report.Intervals);
        Assert.Equal(1, (int)report.All["clock_steps"]!);
        Assert.Equal("2026-11-22T08:00:10.000000Z", (string)report.Json["since"]!);
    }

    [Fact]
    public void A_boot_whose_clock_was_behind_the_boot_before_ends_no_earlier()
    {
        MadeJournal journal = new MadeJournal().Started(10).State(11, "unknown", "busy", "jobs-recorded").Stopping(100);
        journal.Boot = "b2";
        journal.Clock = MadeJournal.Morning.AddSeconds(50);
        journal.Started(15).State(16, "unknown", "settling", "idle-delay").State(80, "settling", "held", "operator-hold").Add(90);

        Reported report = Reported.Of(journal);
        Assert.Equal(
            ["com0 unknown directory-unread 1", "com0 busy jobs-recorded 89", "com0 settling idle-delay 30", "com0 held operator-hold 10"],
            report.Intervals);
    }

    [Fact]
    public void Where_the_journal_begins_later_the_first_change_tells_what_was_before()
    {
        MadeJournal journal = new MadeJournal().Add(1).State(100, "lending", "reclaiming", "stop-asked", 30).State(101, "reclaiming", "busy", "jobs-recorded", 1);

        Reported report = Reported.Of(journal, "--since", "2026-11-22 08:00:50 UTC", "--until", "2026-11-22 08:01:50 UTC");
        Assert.Equal(
            ["com0 off no-data 20", "com0 lending  30", "com0 reclaiming stop-asked 1", "com0 busy jobs-recorded 9"],
            report.Intervals);
        Assert.Equal(0, (int)report.All["provider"]!["starts"]!);
    }

    [Fact]
    public void Entries_that_were_lost_leave_the_states_around_them_as_long_as_they_were()
    {
        // From lending over reclaiming to busy nothing was written.
        MadeJournal journal = new MadeJournal().Started(1).State(2, "unknown", "lending", "running", 1)
            .Agent(60, HookAgent.Core.Journal.NodeMessageIds.EntriesDropped).State(100, "busy", "settling", "idle-delay", 50);

        Reported report = Reported.Of(journal);
        Assert.Equal(["com0 unknown directory-unread 1", "com0 lending running 48", "com0 busy  50"], report.Intervals);
        Assert.Equal(1, (int)report.All["times_entries_lost"]!);
    }

    /// <summary>journald's rate limit: of the agent's own lines that is a loss, of others' and of a user's word it is none.</summary>
    [Fact]
    public void Entries_that_journald_suppressed_are_lost()
    {
        const string suppressed = "a596d6fe7bfa4994828e72309e95d61e";
        MadeJournal journal = new MadeJournal().Started(1).State(2, "unknown", "lending", "running", 1)
            .LinesDropped(10, 5, "hookagentd.service")
            .Add(11, ("MESSAGE_ID", suppressed), ("_UID", "0"), ("MESSAGE", "Suppressed 7 messages from hookagentd.service"))
            .LinesDropped(12, 5, "other.service")
            .Add(13, ("MESSAGE_ID", suppressed), ("_UID", "1000"), ("MESSAGE", "Suppressed 7 messages from hookagentd.service"));

        Assert.Equal(2, (int)Reported.Of(journal).All["times_entries_lost"]!);
    }

    [Fact]
    public void The_span_cuts_intervals_and_leaves_out_what_is_counted_outside()
    {
        Reported report = Reported.Of(Story, "--since", "2026-11-22 08:00:30 UTC", "--until", "2026-11-22 08:01:00 UTC");

        Assert.Equal(["com0 lending running 30"], report.Intervals);
        Assert.Equal(0, (int)report.All["handovers"]!["count"]!);
        Assert.Equal(0, (int)report.All["provider"]!["starts"]!);
    }

    [Fact]
    public void A_job_that_was_there_before_counts_in_the_span()
    {
        Reported report = Reported.Of(Story, "--since", "2026-11-22 08:01:10 UTC", "--until", "2026-11-22 08:01:20 UTC");

        Assert.Equal(["com0 busy jobs-recorded 10 17"], report.Intervals);
        Assert.Equal(1, (int)report.All["jobs"]!);
    }

    [Fact]
    public void A_job_is_one_job_after_a_restart_of_the_agent_a_requeue_and_on_two_nodes()
    {
        MadeJournal one = new MadeJournal().Started(1).Came(2, 9).Stopping(3).Started(4).Came(4, 9).Left(5, 9).Came(6, 9);
        MadeJournal two = new MadeJournal { Host = "com1" }.Started(1).Came(2, 9).Came(3, 10);

        Reported report = Reported.Of([one.Export(), two.Json()]);
        Assert.Equal([1, 2], report.Json["nodes"]!.AsArray().Select(node => (int)node!["jobs"]!));
        Assert.Equal(2, (int)report.All["jobs"]!);
    }

    [Fact]
    public void Order_and_repetition_of_files_change_nothing()
    {
        MadeJournal story = Story;
        byte[] whole = story.Export();
        int half = System.Text.Encoding.Latin1.GetString(whole).IndexOf("\n\n", whole.Length / 2, StringComparison.Ordinal) + 2;

        Reported report = Reported.Of([whole[half..], whole[..half], story.Json()]);
        Assert.Equal(Reported.Of(Story).Intervals, report.Intervals);
        Assert.Equal(Reported.Of(Story).All.ToJsonString(), report.All.ToJsonString());
    }

    [Fact]
    public void A_host_that_was_renamed_is_one_node()
    {
        const string machine = "3f2a0000000000000000000000000001";
        MadeJournal before = new MadeJournal { Host = "old", Machine = machine }.Started(1).Add(11);
        MadeJournal after = new MadeJournal { Host = "new", Machine = machine, Boot = "b7", Clock = MadeJournal.Morning.AddHours(1) }.Started(1).Add(11);
        MadeJournal copied = new MadeJournal { Host = "copied", Machine = machine, Boot = "b8" }.Started(1).Add(11);

        Assert.Equal(["new"], Nodes([before.Export(), after.Export()]));
        Assert.Equal(["copied", "old"], Nodes([before.Export(), copied.Export()]));
    }

    private static string[] Nodes(byte[][] journals) => [.. Reported.Of(journals).Json["nodes"]!.AsArray().Select(node => (string)node!["node"]!)];

    [Fact]
    public void Two_nodes_of_one_name_are_told_apart()
    {
        MadeJournal one = new MadeJournal().Started(1).Add(11);
        MadeJournal two = new MadeJournal { Machine = "7777000000000000000000000000000f", Boot = "b7" }.Started(1).State(2, "unknown", "busy", "jobs-recorded").Add(11);

        Reported report = Reported.Of([one.Export(), two.Export()]);
        Assert.Equal(["3f2a0000000000000000000000000001", "7777000000000000000000000000000f"], report.Json["nodes"]!.AsArray().Select(node => (string)node!["machine_id"]!));
        Assert.Equal(["com0 unknown directory-unread 10", "com0 unknown directory-unread 1", "com0 busy jobs-recorded 9"], report.Intervals);
    }

    [Fact]
    public void A_state_and_a_reason_of_a_newer_agent_are_unknown_and_kept()
    {
        Reported report = Reported.Of(new MadeJournal().Started(1).State(2, "unknown", "dreaming", "electric-sheep").Add(3));

        Assert.Equal("com0 unknown electric-sheep 1", report.Intervals[^1]);
    }

    [Fact]
    public void A_reason_that_is_no_word_is_other()
    {
        Reported report = Reported.Of(new MadeJournal().Started(1).State(2, "unknown", "busy", "a,\"b").Add(3));

        Assert.Equal("com0 busy other 1", report.Intervals[^1]);
    }
}
