using System.Text.Json.Nodes;
using System.Xml.Linq;
using HookAgent.Ctl.Output;
using HookAgent.Ctl.Tests.Harness;
using HookAgent.Tests;

namespace HookAgent.Ctl.Tests.Report;

/// <summary>What the provider's own lines tell: tasks begun and lost, and how soon it was of use.</summary>
public sealed class ProviderTasksTests
{
    /// <summary>A lending that ends with two tasks dropped, and one in which both tasks were completed.</summary>
    private static MadeJournal Story => Lent(new MadeJournal().Started(1).State(2, "unknown", "settling", "idle-delay"))
        .ProviderDrains(60.1).State(70, "reclaiming", "reclaiming", "second-signal", 10)
        .ProviderAborts(70.05, ("\"17\"", "12.5"), ("\"18\"", "9.25"))
        .ProviderStopped(70.1, lent: 49.5, "second-signal").State(70.1, "reclaiming", "busy", "jobs-recorded", 10.1)
        .Left(100, 7).State(100, "busy", "settling", "idle-delay", 30)
        .State(105, "settling", "lending", "starting", 5).ProviderStarts(105.2).ProviderConnects(105.5).State(105.3, "lending", "lending", "running", 0.3)
        .TaskStarts(106, "19").TaskStarts(106.5, "tspflood/20")
        .Came(110, 8).State(110, "lending", "reclaiming", "stop-asked", 5).ProviderDrains(110).ProviderStopped(111, lent: 4.7).State(111, "reclaiming", "busy", "jobs-recorded", 1)
        .Add(120);

    /// <summary>From 10 s on, with three tasks, to a stop that is asked for at 60 s.</summary>
    private static MadeJournal Lent(MadeJournal journal) => journal
        .State(10, "settling", "lending", "starting", 8).ProviderStarts(10.25).State(10.4, "lending", "lending", "running", 0.4)
        .ProviderConnects(10.45).TaskStarts(10.6, "16").TaskStarts(57.55, "17").TaskStarts(59, "18")
        .Came(60, 7).State(60, "lending", "reclaiming", "stop-asked", 50);

    [Theory]
    [InlineData("export")]
    [InlineData("json")]
    public void Tasks_started_aborted_and_the_time_lost_are_counted(string format)
    {
        Reported report = Reported.Of(Story.In(format));

        Assert.Equal("", report.Run.Errors);
        const string tasks = """{"started":5,"aborted":2,"lost_usec":21750000,"aborted_untimed":0,"lendings":2,"lendings_without_task":0,"ends_untold":0,"lines_dropped":0,"nodes":1}""";
        Assert.Equal(tasks, report.All["tasks"]!.ToJsonString());
        Assert.Equal(tasks, report.Json["nodes"]![0]!["tasks"]!.ToJsonString());
    }

    [Fact]
    public void Readiness_counts_from_the_decision()
    {
        JsonNode all = Reported.Of(Story).All;

        Assert.Equal((2, 450_000, 500_000), Figures(all["start_to_connected"]!));
        Assert.Equal((2, 600_000, 1_000_000), Figures(all["start_to_first_task"]!));
    }

    [Fact]
    public void Without_the_providers_journal_nothing_of_it_is_known()
    {
        JsonNode json = Reported.Of(new MadeJournal().Started(1).State(2, "unknown", "lending", "starting").Add(60)).Json;

        foreach (JsonNode figures in (JsonNode[])[json["all"]!, json["nodes"]![0]!])
        {
            foreach (string key in (string[])["tasks", "start_to_connected", "start_to_first_task"])
            {
                Assert.True(figures.AsObject().TryGetPropertyValue(key, out JsonNode? value), key);
                Assert.Null(value);
            }
        }
    }

    [Fact]
    public void Only_the_unit_that_the_agent_lends_the_node_to_counts()
    {
        MadeJournal journal = Story;
        journal.Unit = "another.service";
        journal.TaskStarts(107, "99").ProviderAborts(108, ("\"99\"", "1"));
        MadeJournal elsewhere = new MadeJournal { Host = "com1", Unit = "fish.service" }.Started(1).State(2, "unknown", "lending", "starting");
        elsewhere.Unit = "wasimoff-provider.service";
        elsewhere.TaskStarts(3, "5").Add(10);

        Reported report = Reported.Of([journal.Export(), elsewhere.Export()]);
        Assert.Equal((5, 2), Counts(report.All));
        Assert.Null(report.Json["nodes"]![1]!["tasks"]);
        Assert.Equal(1, (int)report.All["tasks"]!["nodes"]!);
    }

    [Fact]
    public void The_providers_file_may_come_before_the_agents_and_twice()
    {
        byte[] whole = Story.Export();
        string[] entries = System.Text.Encoding.Latin1.GetString(whole).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        byte[] Those(Func<string, bool> wanted) => System.Text.Encoding.Latin1.GetBytes(string.Concat(entries.Where(wanted).Select(static entry => entry.TrimStart('\n') + "\n\n")));
        byte[] provider = Those(static entry => entry.Contains("_SYSTEMD_UNIT=", StringComparison.Ordinal));
        byte[] agent = Those(static entry => !entry.Contains("_SYSTEMD_UNIT=", StringComparison.Ordinal));

        Assert.Equal(Reported.Of(whole).All.ToJsonString(), Reported.Of([provider, agent, provider, whole]).All.ToJsonString());
    }

    [Fact]
    public void A_journal_that_another_machine_has_numbered_anew_names_each_task_once()
    {
        string sent = System.Text.Encoding.Latin1.GetString(Story.Export()).Replace("__CURSOR=s=1;i=", "__CURSOR=s=2;i=7", StringComparison.Ordinal);

        Assert.Equal((5, 2), Counts(Reported.Of([Story.Export(), System.Text.Encoding.Latin1.GetBytes(sent)]).All));
    }

    [Fact]
    public void Tasks_of_one_age_that_were_aborted_in_the_same_moment_are_two()
    {
        MadeJournal journal = Lent(new MadeJournal().Started(1).State(2, "unknown", "settling", "idle-delay"))
            .ProviderAborts(70, ("\"17\"", "2.5"), ("\"18\"", "2.5")).ProviderStopped(70.1, 60, "second-signal").State(70.1, "reclaiming", "busy", "jobs-recorded").Add(80);

        JsonNode tasks = Reported.Of([journal.Export(), journal.Export()]).All["tasks"]!;
        Assert.Equal((2, 5_000_000), ((int)tasks["aborted"]!, (int)tasks["lost_usec"]!));
    }

    [Theory]
    // Deno.inspect writes what fits a line into one.
    [InlineData("aborted tasks: [ { worker: 0, task: \"17\", started: 2026-11-22T08:00:57.550Z, age: 12.5 } ]", 1, 12_500_000)]
    [InlineData("aborted tasks: [|  { worker: 0, task: '1\"7', started: undefined, age: 3 },|  { worker: 1, task: undefined, started: undefined, age: 0.001 }|]", 2, 3_001_000)]
    // The start's line tells what the list does not: from 57.55 to 70.
    [InlineData("aborted tasks: [|  { worker: 3, task: \"17\", started: undefined, age: undefined }|]", 1, 12_450_000)]
    // journald dropped the lines of the first task from its age on, and of the second those up to its start.
    [InlineData("aborted tasks: [|  {|    worker: 0,|    task: \"17\",|    started: 2026-11-22T08:00:57.550Z,|    age: 12.5|  }|]", 1, 12_500_000)]
    [InlineData("aborted tasks: [|  {|    worker: 0,|    task: \"17\",|    task: \"18\",|    started: 2026-11-22T08:00:57.550Z,|    age: 2|  }|]", 2, 14_450_000)]
    [InlineData("aborted tasks: []", 0, 0)]
    public void What_is_aborted_is_read_in_every_form(string lines, int aborted, int lost)
    {
        JsonNode tasks = Aborted(lines.Split('|')).All["tasks"]!;

        Assert.Equal((aborted, lost, 0, 0), ((int)tasks["aborted"]!, (int)tasks["lost_usec"]!, (int)tasks["aborted_untimed"]!, (int)tasks["ends_untold"]!));
    }

    [Fact]
    public void A_task_whose_start_is_nowhere_told_is_lost_for_an_unknown_time()
    {
        Reported all = Aborted("aborted tasks: [", "  { worker: 3, task: \"1000\", started: undefined, age: undefined }", "]");
        Assert.Equal("1", all.All["tasks"]!["aborted_untimed"]!.ToString());
        Assert.Null(all.All["tasks"]!["lost_usec"]);

        Reported some = Aborted("aborted tasks: [", "  { worker: 3, task: \"1000\", started: undefined, age: undefined },", "  { worker: 4, task: \"1001\", started: undefined, age: 2 }", "]");
        Assert.Equal(("2", "1", "2000000"), (some.All["tasks"]!["aborted"]!.ToString(), some.All["tasks"]!["aborted_untimed"]!.ToString(), some.All["tasks"]!["lost_usec"]!.ToString()));
    }

    [Fact]
    public void Lines_that_look_like_it_elsewhere_are_no_tasks()
    {
        MadeJournal journal = Story.Wrote(115, "    task: \"5\",", "    age: 3", "aborted tasks: 1 5");

        Assert.Equal((5, 2), Counts(Reported.Of(journal).All));
    }

    [Theory]
    [InlineData("sigkill", false)]
    [InlineData("clean", true)]
    public void Where_a_provider_ends_without_naming_its_tasks_their_number_is_unknown(string how, bool crashes)
    {
        MadeJournal journal = Lent(new MadeJournal().Started(1).State(2, "unknown", "settling", "idle-delay")).ProviderDrains(60);
        if (crashes)
        {
            journal.Wrote(90, "error: Uncaught (in promise) TypeError: Cannot read properties of undefined (reading 'currentTasks')");
        }

        journal.ProviderStopped(91, 50, how).State(91, "reclaiming", "busy", "jobs-recorded").Add(100);
        Reported report = Reported.Of(journal);
        JsonNode tasks = report.All["tasks"]!;
        Assert.Equal(("1", "3"), (tasks["ends_untold"]!.ToString(), tasks["started"]!.ToString()));
        Assert.Null(tasks["aborted"]);
        Assert.Null(tasks["lost_usec"]);
    }

    [Fact]
    public void A_clean_stop_and_an_end_without_a_task_lose_nothing()
    {
        MadeJournal journal = new MadeJournal().Started(1).State(2, "unknown", "settling", "idle-delay")
            .State(10, "settling", "lending", "starting", 8).ProviderStarts(10.2).State(10.3, "lending", "failed", "provider-exited").Add(20);

        JsonNode tasks = Reported.Of(journal).All["tasks"]!;
        Assert.Equal("""{"started":0,"aborted":0,"lost_usec":0,"aborted_untimed":0,"lendings":1,"lendings_without_task":1,"ends_untold":0,"lines_dropped":0,"nodes":1}""", tasks.ToJsonString());
    }

    [Fact]
    public void Lines_that_journald_dropped_make_every_count_a_least()
    {
        MadeJournal dropped = new MadeJournal().Started(1).State(2, "unknown", "settling", "idle-delay")
            .State(10, "settling", "lending", "starting", 8).ProviderStarts(10.2).LinesDropped(40, 1500).Add(60);

        JsonNode tasks = Reported.Of(dropped).All["tasks"]!;
        Assert.Equal("1500", tasks["lines_dropped"]!.ToString());
        Assert.Null(tasks["started"]);
        Assert.Null(tasks["aborted"]);
        Assert.Equal("5", Reported.Of(Story.LinesDropped(106.7, 3)).All["tasks"]!["started"]!.ToString());
    }

    [Fact]
    public void The_list_counts_also_where_the_agent_told_the_end_first()
    {
        MadeJournal journal = Lent(new MadeJournal().Started(1).State(2, "unknown", "settling", "idle-delay"))
            .ProviderStopped(70, 60, "second-signal").State(70, "reclaiming", "busy", "jobs-recorded").ProviderAborts(70.001, ("\"17\"", "12.5")).Add(80);

        JsonNode tasks = Reported.Of(journal).All["tasks"]!;
        Assert.Equal(("1", "0"), (tasks["aborted"]!.ToString(), tasks["ends_untold"]!.ToString()));
    }

    [Fact]
    public void A_provider_that_was_found_running_has_no_start_to_count_from()
    {
        MadeJournal journal = new MadeJournal().Started(1).State(2, "unknown", "lending", "running").ProviderConnects(3).TaskStarts(4, "1").Add(10);

        JsonNode all = Reported.Of(journal).All;
        Assert.Equal(("0", "1"), (all["start_to_first_task"]!["count"]!.ToString(), all["tasks"]!["started"]!.ToString()));
    }

    [Fact]
    public void The_span_leaves_out_what_lies_outside()
    {
        Reported report = Reported.Of(Story, "--since", "2026-11-22 08:01:40 UTC", "--until", "2026-11-22 08:02:00 UTC");

        Assert.Equal((2, 0), Counts(report.All));
        Assert.Equal("1", report.All["tasks"]!["lendings"]!.ToString());
    }

    [Fact]
    public void People_read_it_in_tables_and_what_is_unknown_is_a_question_mark()
    {
        MadeJournal killed = Lent(new MadeJournal { Host = "com1" }.Started(1).State(2, "unknown", "settling", "idle-delay"))
            .ProviderStopped(70, 60, "sigkill").State(70, "reclaiming", "busy", "jobs-recorded");
        MadeJournal silent = new MadeJournal { Host = "com2" }.Started(1).State(2, "unknown", "lending", "starting").Add(120);
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder["a"], Story.Export());
        File.WriteAllBytes(folder["b"], killed.Export());
        File.WriteAllBytes(folder["c"], silent.Json());

        Hookctl run = Hookctl.Run("report", folder.Path);
        Assert.Equal("", run.Errors);
        Assert.Contains(
            """

            TASKS  STARTED  ABORTED  TIME LOST  LENDINGS  WITHOUT TASK
            com0         5        2       22 s         2             0
            com1         3        ?          ?         1             0
            com2         ?        ?          ?         ?             ?
            all          8       2+      22 s+         3             0

            READY AFTER START  CONNECTED     P50     MAX  FIRST TASK     P50     MAX
            com0                       2  450 ms  500 ms           2  600 ms     1 s
            com1                       1  450 ms  450 ms           1  600 ms  600 ms
            com2                       ?       ?       ?           ?       ?       ?
            all                        3  450 ms  500 ms           3  600 ms     1 s

            """, run.Output, StringComparison.Ordinal);
        Assert.Contains("\nNothing is known of the tasks of com2: ", run.Output, StringComparison.Ordinal);
        Assert.Contains("\n1 lending (com1) ended without a list of the aborted tasks: ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lending_whose_broker_does_not_answer_is_told_of()
    {
        using TemporaryFolder folder = new();
        MadeJournal journal = new MadeJournal { Host = "com0" }.Started(0).State(1, "unknown", "settling", "idle-delay", 1).State(6, "settling", "lending", "starting", 5)
            .Wrote(7, "Waiting for the broker at http://controller:4080: connection refused").State(7.5, "lending", "lending", "running", 1.5).Add(60);
        File.WriteAllBytes(folder["a"], journal.Export());

        Hookctl run = Hookctl.Run("report", "--summary", folder["a"]);
        Assert.Contains("\n1 lending (com0) found no broker: the node was lent, and nobody used it.\n", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Nothing is known of the tasks", run.Output, StringComparison.Ordinal);

        // It answers at last.
        File.WriteAllBytes(folder["a"], journal.ProviderStarts(70).ProviderConnects(71).Add(80).Export());
        Assert.DoesNotContain("found no broker", Hookctl.Run("report", "--summary", folder["a"]).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_lending_is_a_line_of_comma_separated_values()
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder["a"], Story.State(125, "settling", "lending", "starting", 1).Add(130).Export());

        Hookctl run = Hookctl.Run("report", "--lendings", folder["csv"], folder["a"]);
        Assert.Equal("", run.Errors);
        const string node = "com0,3f2a0000000000000000000000000001";
        Assert.Equal(
            [
                "node,machine_id,from,to,seconds,stop,connected_seconds,first_task_seconds,tasks_started,tasks_aborted,tasks_lost_seconds",
                $"{node},2026-11-22T08:00:10.000000Z,2026-11-22T08:01:10.100000Z,60.100000,second-signal,0.450000,0.600000,3,2,21.750000",
                $"{node},2026-11-22T08:01:45.000000Z,2026-11-22T08:01:51.000000Z,6.000000,clean,0.500000,1.000000,2,0,0.000000",
                $"{node},2026-11-22T08:02:05.000000Z,,,,,,,,",
            ],
            File.ReadAllLines(folder["csv"]));
    }

    [Fact]
    public void The_picture_marks_where_tasks_were_aborted()
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder["a"], Story.Export());

        Assert.Equal(0, Hookctl.Run("report", "--svg", folder["svg"], folder["a"]).ExitCode);
        XElement svg = XDocument.Load(folder["svg"]).Root!;
        XNamespace ns = svg.Name.Namespace;
        XElement mark = Assert.Single(svg.Descendants(ns + "path"), static path => (string?)path.Attribute("class") == "aborted");
        Assert.EndsWith(": 2 tasks aborted, time lost 22 s", (string)mark.Element(ns + "title")!, StringComparison.Ordinal);
        Assert.Contains(svg.Descendants(ns + "text"), static text => text.Value == "tasks aborted: 2, time lost 22 s");
    }

    [Fact]
    public void This_nodes_journal_is_asked_for_the_unit_that_the_agent_names()
    {
        using FakeProgram journalctl = new("journalctl", "echo \"$@\" >>arguments; case $2 in hookagentd.service) cat agent ;; wasimoff-provider.service) cat provider ;; esac");
        string folder = Path.GetDirectoryName(journalctl.FilePath)!;
        File.WriteAllBytes(Path.Combine(folder, "agent"), new MadeJournal().Started(1).State(2, "unknown", "lending", "starting").Export());
        File.WriteAllBytes(Path.Combine(folder, "provider"), new MadeJournal().ProviderConnects(2.5).TaskStarts(3, "1").Export());

        Hookctl run = Hookctl.Run("report", "--json", "--since", "2026-11-22 08:00 UTC", "--journalctl", journalctl.FilePath);
        Assert.Equal("", run.Errors);
        Assert.Equal("1", JsonNode.Parse(run.Output)!["all"]!["tasks"]!["started"]!.ToString());
        Assert.Contains("\n--unit wasimoff-provider.service --since=@1795334400 --output export ", journalctl.Left("arguments"), StringComparison.Ordinal);
    }

    /// <summary>The first lending of <see cref="Story"/>, ended by a second signal with these words.</summary>
    private static Reported Aborted(params string[] lines) => Reported.Of(
        Lent(new MadeJournal().Started(1).State(2, "unknown", "settling", "idle-delay")).Wrote(70, lines)
            .ProviderStopped(70.1, 60, "second-signal").State(70.1, "reclaiming", "busy", "jobs-recorded").Add(80));

    private static (int Started, int Aborted) Counts(JsonNode figures) => ((int)figures["tasks"]!["started"]!, (int)figures["tasks"]!["aborted"]!);

    private static (int Count, int P50, int Max) Figures(JsonNode times) => ((int)times["count"]!, (int)times["p50_usec"]!, (int)times["max_usec"]!);
}
