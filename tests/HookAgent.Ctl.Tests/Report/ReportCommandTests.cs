using System.Text;
using System.Text.Json.Nodes;
using HookAgent.Ctl.Output;
using HookAgent.Ctl.Tests.Harness;
using HookAgent.Report;
using HookAgent.Report.Events;
using HookAgent.Tests;

namespace HookAgent.Ctl.Tests.Report;

public sealed class ReportCommandTests
{
    private static MadeJournal Story(string host = "com0", string? machine = null) => new MadeJournal { Host = host, Machine = machine! }
        .Started(10).State(12, "unknown", "lending", "starting", 2).State(13, "lending", "lending", "running", 1)
        .Came(60, 17).State(60, "lending", "reclaiming", "stop-asked", 48).ProviderStopped(61, lent: 1.5)
        .State(61, "reclaiming", "busy", "jobs-recorded", 1).HandedOver(61, 17, 1.2345, 0.0125).Add(110);

    [Fact]
    public void Tells_people_in_tables()
    {
        Hookctl run = OfFiles([Story("com10"), Story("com2")], "--since", "2026-11-22 08:00 UTC");

        Assert.Equal("", run.Errors);
        string[] lines = run.Output.Split('\n');
        Assert.Equal("2 nodes: com[2,10]", lines[0]);
        Assert.Equal(
            """
            Lent 96.0 of 220.0 node-seconds (43.6 %); harvested 100.0 % of the idle time.

            SHARE  LENDING    BUSY  RECLAIMING  SETTLING  HELD  FAILED  UNKNOWN    OFF
            com2    43.6 %  44.5 %       0.9 %         -     -       -    1.8 %  9.1 %
            com10   43.6 %  44.5 %       0.9 %         -     -       -    1.8 %  9.1 %
            all     43.6 %  44.5 %       0.9 %         -     -       -    1.8 %  9.1 %

            JOBS AND PROVIDER  JOBS  STARTS  SHORT  FAILED  BOOTS  HARVESTED
            com2                  1       1      1       0      1    100.0 %
            com10                 1       1      1       0      1    100.0 %
            all                   1       2      2       0      2    100.0 %

            HANDOVERS  COUNT    P50    P99    MAX  OVERLAPS    P50    MAX  TOTAL
            com2           1  1.2 s  1.2 s  1.2 s         1  13 ms  13 ms  13 ms
            com10          1  1.2 s  1.2 s  1.2 s         1  13 ms  13 ms  13 ms
            all            2  1.2 s  1.2 s  1.2 s         2  13 ms  13 ms  25 ms

            The journals have nothing of 20 s of the nodes' time, which counts as off: they begin later or end earlier than this report.
            Nothing is known of the tasks: the journal that was read has no line of a Wasimoff provider. If there is one, write it on each node with 'journalctl -u hookagentd.service -u wasimoff-provider.service -o export'.

            """,
            string.Join('\n', lines[3..]));
    }

    [Fact]
    public void Says_what_one_has_to_know_of_the_figures()
    {
        MadeJournal rebooted = new MadeJournal { Host = "com9" }.Started(1).Started(5).Agent(6, Core.Journal.NodeMessageIds.EntriesDropped);
        rebooted.Boot = "b2";
        rebooted.Clock = MadeJournal.Morning.AddHours(1);
        rebooted.Started(3).Started(4);
        rebooted.Clock = rebooted.Clock.AddHours(1);
        rebooted.State(9, "unknown", "busy", "jobs-recorded");

        string[] lines = OfFiles([Story(), Story(machine: "7777000000000000000000000000000f"), rebooted]).Output.Split('\n');
        int notes = Array.FindIndex(lines, static line => line.StartsWith("2 nodes share", StringComparison.Ordinal));
        Assert.Equal(
            [
                "2 nodes share their host name with another; the machine id tells them apart: com0/3f2a0000, com0/77770000.",
                "The journals have nothing of 18 s of the nodes' time, which counts as off: they begin later or end earlier than this report.",
                "Nothing is known of the tasks: the journal that was read has no line of a Wasimoff provider. If there is one, write it on each node with 'journalctl -u hookagentd.service -u wasimoff-provider.service -o export'.",
                "1 node (once: com9) went down without stopping the agent; what follows the last entry of that boot counts as off.",
                "1 node (2 times: com9) had the agent killed at a time that the journal does not tell; the state before counts until the next start.",
                "1 node (once: com9) had the clock set; the times before are shown by the clock as it was then set.",
                "1 node (once: com9) lost entries of the agent, so that the figures are too low.",
                "",
            ],
            lines[notes..]);
    }

    [Fact]
    public void Tells_programs_in_JSON_with_these_keys()
    {
        JsonNode json = JsonNode.Parse(OfFiles([Story()], "--json").Output)!;

        Assert.Equal(["since", "until", "short_usec", "all", "nodes", "read"], Keys(json));
        string[] figures =
        [
            "states", "idle_usec", "harvested", "out_of_action_usec", "jobs", "provider", "tasks", "start_to_connected", "start_to_first_task", "handovers", "delays", "overlaps", "boots", "crashes", "agent_kills", "clock_steps", "times_entries_lost",
        ];
        Assert.Equal(figures, Keys(json["all"]!));
        Assert.Equal(["node", "machine_id", .. figures], Keys(json["nodes"]![0]!));
        Assert.Equal(["lending", "busy", "reclaiming", "settling", "held", "failed", "unknown", "off"], Keys(json["all"]!["states"]!));
        Assert.Equal(["usec", "share"], Keys(json["all"]!["states"]!["busy"]!));
        Assert.Equal(["starts", "short", "failed"], Keys(json["all"]!["provider"]!));
        Assert.Equal(["count", "p50_usec", "p95_usec", "p99_usec", "max_usec", "total_usec"], Keys(json["all"]!["overlaps"]!));
        Assert.Equal(["files", "entries", "events", "provider_events", "damaged_entries", "foreign_files", "unreadable_files"], Keys(json["read"]!));
        Assert.Equal("2000000", json["short_usec"]!.ToString());
        Assert.Equal("2026-11-22T08:01:50.000000Z", (string)json["until"]!);
    }

    [Theory]
    [InlineData("--csv", "-", "node,machine_id,state,")]
    [InlineData("--lendings", "/dev/stdout", "node,machine_id,from,")]
    [InlineData("--svg", "-", "<svg ")]
    public void A_file_may_be_standard_output_and_is_then_all_of_it(string option, string file, string begins)
    {
        Hookctl run = OfFiles([Story()], option, file);

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.StartsWith(begins, run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("SHARE ", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--csv - and --svg would be mixed on standard output; name a file", "--csv=-", "--svg=-")]
    [InlineData("--svg - and --json would be mixed on standard output; name a file", "--svg=-", "--json")]
    [InlineData("--sort does not know 'size'; give name, lent, harvested, jobs, delay or trouble", "--sort", "size")]
    public void What_would_be_mixed_or_is_not_known_is_refused(string sentence, params string[] options)
    {
        Hookctl run = OfFiles([Story()], options);

        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Contains(sentence, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void The_nodes_come_in_the_order_that_is_asked_for()
    {
        string[] OrderBy(string key) => [.. OfFiles([Story(), Story("com1").Left(110, 17).State(110, "busy", "settling", "idle-delay", 50).Add(300)], "--sort", key).Output.Split('\n')
            .SkipWhile(static line => !line.StartsWith("SHARE", StringComparison.Ordinal)).Skip(1).Take(2).Select(static line => line.Split(' ')[0])];

        Assert.Equal(["com0", "com1"], OrderBy("name"));
        Assert.Equal(["com1", "com0"], OrderBy("harvested").Reverse());
        Assert.Equal(["com0", "com1"], OrderBy("lent"));
    }

    [Theory]
    [InlineData("com0,com1,com2", "com[0-2]")]
    [InlineData("com1,com10,com3", "com[1,3,10]")]
    [InlineData("com01,com1,com02", "com[01-02],com1")]
    [InlineData("login,com7", "login,com7")]
    [InlineData("a1-ib,a2-ib", "a1-ib,a2-ib")]
    [InlineData("n12345678901234567890", "n12345678901234567890")]
    public void Node_sets_are_written_as_Slurm_writes_them(string names, string set) => Assert.Equal(set, NodeSets.Of(names.Split(',')));

    [Fact]
    public void Writes_every_interval_as_comma_separated_values()
    {
        using TemporaryFolder folder = new();
        Hookctl run = OfFiles([Story("a,\"b")], "--csv", folder["csv"]);

        Assert.Equal(0, run.ExitCode);
        string[] rows = File.ReadAllLines(folder["csv"]);
        Assert.Equal("node,machine_id,state,reason,from,to,seconds,jobs,handover_seconds", rows[0]);
        Assert.Equal("\"a,\"\"b\",000000000000000000000000612c2262,reclaiming,stop-asked,2026-11-22T08:01:00.000000Z,2026-11-22T08:01:01.000000Z,1.000000,17,1.234500", rows[^2]);
        Assert.Single(rows.Skip(1), static row => !row.EndsWith(','));
        Assert.Equal([folder["csv"]], Directory.GetFiles(folder.Path));
    }

    /// <summary>"--html *.export" without a name takes the first journal for the page.</summary>
    [Theory]
    [InlineData("--csv")]
    [InlineData("--lendings")]
    [InlineData("--svg")]
    [InlineData("--html")]
    public void No_journal_is_written_over(string option)
    {
        using TemporaryFolder folder = new();
        foreach (string head in (string[])["__CURSOR=s=1\n", "LPKSHHRH\0"])
        {
            File.WriteAllText(folder["com0.export"], head);
            Hookctl run = Hookctl.Run(["report", option, folder["com0.export"], folder["com1.export"]]);
            Assert.Equal(64, run.ExitCode);
            Assert.Contains($"{option} would write over {folder["com0.export"]}, which is a journal; name another file", run.Errors, StringComparison.Ordinal);
            Assert.Equal(head, File.ReadAllText(folder["com0.export"]));
        }
    }

    [Theory]
    [InlineData("--since does not understand 'noon'; give a time such as", "--since", "noon")]
    [InlineData("--until does not understand '-2parsecs'; give a time such as", "--until", "-2parsecs")]
    [InlineData("there is no time between --since and --until (or now)", "--since", "-1h", "--until", "-2h")]
    [InlineData("there is no time between --since and now", "--since", "+1h")]
    [InlineData("'soon' is no time; give one such as 500ms, 10s or 1min", "--short", "soon")]
    [InlineData("--csv and --svg name the same file", "--csv", "/tmp/x", "--svg", "/tmp/x")]
    [InlineData("--since needs a value", "--since", "--json")]
    public void A_wrong_command_line_says_what_is_wrong(string complaint, params string[] arguments)
    {
        Hookctl run = Hookctl.Run(["report", .. arguments]);

        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.StartsWith($"hookctl: {complaint}", run.Errors, StringComparison.Ordinal);
        Assert.Equal("", run.Output);
    }

    [Theory]
    [InlineData("--csv", "missing/file", "there is no folder ")]
    [InlineData("--svg", "missing/file", "there is no folder ")]
    [InlineData("--svg", "", "is a folder")]
    public void A_file_that_cannot_be_written_is_told_before_anything_is_read(string option, string name, string cause)
    {
        using TemporaryFolder folder = new();

        Hookctl run = Hookctl.Run("report", option, folder[name], "--journalctl", "/bin/false");
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("hookctl: cannot write: ", run.Errors, StringComparison.Ordinal);
        Assert.Contains(cause, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_disk_leaves_no_half_file()
    {
        Hookctl run = OfFiles([Story()], "--svg", "/dev/full");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("No space left on device", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_that_fails_leaves_the_old_files_as_they_were()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["old"], "old");

        Hookctl run = Hookctl.Run("report", "--svg", folder["old"], "--journalctl", "/bin/false");
        Assert.Equal(1, run.ExitCode);
        Assert.Equal("old", File.ReadAllText(folder["old"]));
        Assert.Equal([folder["old"]], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_link_stays_one_and_a_device_is_not_replaced()
    {
        using TemporaryFolder folder = new();
        File.CreateSymbolicLink(folder["link"], folder["target"]);
        File.WriteAllText(folder["target"], "old");

        Hookctl run = OfFiles([Story()], "--svg", folder["link"], "--csv", "/dev/null");
        Assert.Equal("", run.Errors);
        Assert.NotNull(new FileInfo(folder["link"]).LinkTarget);
        Assert.StartsWith("<svg ", File.ReadAllText(folder["target"]), StringComparison.Ordinal);
        Assert.False(new FileInfo("/dev/null").Length > 0);
    }

    [Fact]
    public void Files_without_the_agent_say_how_to_get_some()
    {
        Hookctl run = OfFiles([new MadeJournal().Add(1, ("MESSAGE", "hello"))]);

        Assert.Equal(new Hookctl(1, "", "hookctl: the agent has no entry in this file; write it on each node with 'journalctl -u hookagentd.service -u wasimoff-provider.service -o export'\n"), run);
    }

    [Fact]
    public void Reads_this_nodes_journal_through_journalctl()
    {
        using FakeProgram journalctl = new("journalctl", "[ $2 = hookagentd.service ] || exit 0; echo \"$@\" >arguments; cat journal");
        File.WriteAllBytes(Path.Combine(Path.GetDirectoryName(journalctl.FilePath)!, "journal"), Story().Export());

        Hookctl run = Hookctl.Run("report", "--json", "--journalctl", journalctl.FilePath);
        Assert.Equal("", run.Errors);
        Assert.Equal(9, (int)JsonNode.Parse(run.Output)!["read"]!["entries"]!);
        Assert.StartsWith("--unit hookagentd.service --output export --quiet --no-pager --output-fields=MESSAGE_ID,_HOSTNAME,", journalctl.Left("arguments"), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_boot_that_broke_off_the_journals_last_entry_counts()
    {
        using FakeProgram journalctl = new("journalctl", "case $1 in --unit) cat agent ;; _BOOT_ID=b1) cat last ;; *) exit 1 ;; esac");
        MadeJournal agent = new MadeJournal { Boot = "b1" }.Started(1).State(2, "unknown", "lending", "running");
        agent.Boot = "b2";
        agent.Clock = MadeJournal.Morning.AddHours(3);
        File.WriteAllBytes(Path.Combine(Path.GetDirectoryName(journalctl.FilePath)!, "agent"), agent.Started(9).Export());
        File.WriteAllBytes(Path.Combine(Path.GetDirectoryName(journalctl.FilePath)!, "last"), new MadeJournal { Boot = "b1" }.Add(7202, ("MESSAGE", "tick")).Export());

        Hookctl run = Hookctl.Run("report", "--json", "--journalctl", journalctl.FilePath);
        Assert.Equal("", run.Errors);
        Assert.Equal(7_200_000_000, (long)JsonNode.Parse(run.Output)!["all"]!["states"]!["lending"]!["usec"]!);
    }

    [Theory]
    [InlineData("exit 0", "hookctl: the agent has no entry in this node's journal; does it run? See 'systemctl status hookagentd.service'\n")]
    [InlineData("echo 'Failed to open' >&2; exit 1", "hookctl: the journal of this node cannot be read: JOURNALCTL failed (exit code 1: Failed to open)\n")]
    public void A_journal_that_gives_nothing_is_told(string body, string errors)
    {
        using FakeProgram journalctl = new("journalctl", body);

        Hookctl run = Hookctl.Run("report", "--journalctl", journalctl.FilePath);
        Assert.Equal(new Hookctl(1, "", errors), run with { Errors = run.Errors.Replace(journalctl.FilePath, "JOURNALCTL", StringComparison.Ordinal) });
    }

    [Fact]
    public void A_missing_journalctl_is_told()
    {
        Hookctl run = Hookctl.Run("report", "--journalctl", "/nowhere/journalctl");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("hookctl: /nowhere/journalctl cannot be run (No such file or directory); it comes with systemd. Give files that journalctl wrote instead: hookctl report FILE...\n", run.Errors);
    }

    [Fact]
    public void The_published_program_reads_standard_input_and_draws()
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder["journal"], Story().Json());

        Hookctl run = Hookctl.RunProgram("bash", ["-c", $"{Hookctl.Binary} report --since -9000d --short 3s --svg {folder["svg"]} - <{folder["journal"]}"]);
        Assert.Equal("", run.Errors);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("\nHANDOVERS  COUNT    P50", run.Output, StringComparison.Ordinal);
        Assert.EndsWith("</svg>\n", File.ReadAllText(folder["svg"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Nodes_come_in_the_order_of_their_numbers()
    {
        string[] hosts = ["com10", "com2", "com1", "b3x7", "b3x20", "com01", "com"];

        Assert.Equal(
            ["b3x7", "b3x20", "com", "com01", "com1", "com2", "com10"],
            NodeLabels.Of([.. hosts.Select(static host => new NodeHistory(host, ""))]).Select(static node => node.Label));
    }

    private static string[] Keys(JsonNode node) => [.. node.AsObject().Select(static pair => pair.Key)];

    private static Hookctl OfFiles(MadeJournal[] journals, params string[] options)
    {
        using TemporaryFolder folder = new();
        string[] names = [.. journals.Select((journal, i) => (Path: folder[$"{i}"], journal)).Select(static file =>
        {
            File.WriteAllBytes(file.Path, file.journal.Export());
            return file.Path;
        })];
        return Hookctl.Run(["report", .. options, .. names]);
    }
}
