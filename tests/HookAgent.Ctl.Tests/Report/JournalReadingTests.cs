using System.Text;
using HookAgent.Core.Journal;
using HookAgent.Ctl.Output;
using HookAgent.Ctl.Tests.Harness;
using HookAgent.Tests;

namespace HookAgent.Ctl.Tests.Report;

/// <summary>What journalctl writes, and what may become of it on its way.</summary>
public sealed class JournalReadingTests
{
    private static MadeJournal Plain => new MadeJournal().Started(1).State(2, "unknown", "busy", "jobs-recorded").Add(10);

    private static readonly string[] s_plain = ["com0 unknown directory-unread 1", "com0 busy jobs-recorded 8"];

    [Theory]
    [InlineData("export")]
    [InlineData("json")]
    public void Binary_and_enormous_fields_are_passed_over(string format)
    {
        MadeJournal journal = new MadeJournal().Started(1).With("MESSAGE", Encoding.UTF8.GetBytes("two\nlines = \"quoted\" \\ µ"))
            .State(2, "unknown", "busy", "jobs-recorded").With("COREDUMP", new byte[3_000_000]).With("NAMES", [0, 255, 10, 10]).Add(10);

        Reported report = Reported.Of(journal.In(format));
        Assert.Equal("", report.Run.Errors);
        // A line of JSON this long cannot be the agent's; its field in the other format can be.
        Assert.Equal(format == "json" ? ["com0 unknown directory-unread 9"] : s_plain, report.Intervals);
    }

    [Theory]
    [InlineData("export")]
    [InlineData("json")]
    public void A_wanted_field_may_be_binary(string format)
    {
        MadeJournal journal = new MadeJournal().AddBytes([]).With("__REALTIME_TIMESTAMP", "1795334401000000"u8.ToArray())
            .With("__MONOTONIC_TIMESTAMP", "1000000"u8.ToArray()).With("_BOOT_ID", "b"u8.ToArray()).With("_HOSTNAME", [(byte)'c', 0xC3, 0xB6, 0x01])
            .With("MESSAGE_ID", Encoding.ASCII.GetBytes(NodeMessageIds.DaemonStarted));

        Assert.Equal("c\u00f6\u0001", (string)Reported.Of(journal.In(format)).Json["nodes"]![0]!["node"]!);
    }

    [Fact]
    public void A_field_that_is_there_several_times_counts_once()
    {
        string json = Encoding.UTF8.GetString(Plain.Json()).Replace("\"MESSAGE_ID\" : ", "\"SLURM_JOB_ID\" : [ \"1\", \"2\" ], \"X\" : [[1, 2], \"3\"], \"MESSAGE_ID\" : ", StringComparison.Ordinal);

        Assert.Equal(s_plain, Reported.Of(Encoding.UTF8.GetBytes(json)).Intervals);
    }

    [Theory]
    [InlineData("{\"__CURSOR\":\"s=1\",", "{\"N\":null,\"B\":true,\"F\":1.5e-3,\"E\":\"\\u00e4\\ud83d\\ude00\\\"\\n\\/\",\"A\":[],\"__CURSOR\":\"s=1\",")]
    [InlineData("{\"__CURSOR\"", "\u001e{\"__CURSOR\"")]
    [InlineData("{\"__CURSOR\"", "data: {\"__CURSOR\"")]
    [InlineData("\n", "\r\n\r\n")]
    public void Other_ways_to_write_JSON_are_read(string what, string instead)
    {
        string json = Encoding.UTF8.GetString(Plain.Json()).Replace(" : ", ":", StringComparison.Ordinal).Replace(", ", ",", StringComparison.Ordinal)
            .Replace("s=1;i=0;b=b0000000000000000000000000000001", "s=1", StringComparison.Ordinal);

        Reported report = Reported.Of(Encoding.UTF8.GetBytes(json.Replace(what, instead, StringComparison.Ordinal)));
        Assert.Equal("", report.Run.Errors);
        Assert.Equal(s_plain, report.Intervals);
    }

    [Fact]
    public void An_escaped_value_is_the_same_value()
    {
        string json = Encoding.UTF8.GetString(Plain.Json()).Replace("\"com0\"", "\"\\u0063o\\u006D0\"", StringComparison.Ordinal);

        Assert.Equal(s_plain, Reported.Of(Encoding.UTF8.GetBytes(json)).Intervals);
    }

    [Theory]
    [InlineData("export")]
    [InlineData("json")]
    public void A_file_that_was_cut_off_is_read_as_far_as_it_is_whole(string format)
    {
        byte[] whole = Plain.Add(20).In(format);

        Reported report = Reported.Of(whole[..^30]);
        Assert.Equal(0, report.Run.ExitCode);
        Assert.Equal(s_plain, report.Intervals);
        Assert.Equal("hookctl: /file0 is damaged or cut off: 1 entry was skipped.\n", report.Run.Errors);
        Assert.Equal(1, (int)report.Json["read"]!["damaged_entries"]!);
    }

    [Theory]
    [InlineData("export")]
    [InlineData("json")]
    public void A_file_whose_beginning_is_missing_is_read_from_its_first_whole_entry(string format)
    {
        byte[] whole = new MadeJournal().Add(0.5).Started(1).State(2, "unknown", "busy", "jobs-recorded").Add(10).In(format);

        Reported report = Reported.Of(whole[25..]);
        Assert.Equal(s_plain, report.Intervals);
    }

    [Theory]
    [InlineData("no field\n")]
    [InlineData("lower=1\n")]
    [InlineData("FIELD\n\u0004\0\0\0\0\0\0\0fourX\n")]
    [InlineData("FIELD\n\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007fdata\n")]
    [InlineData("FIELD\n\u0000\u0000\u0000\u0010\u0000\u0000\u0000\u0000data\n")]
    public void What_makes_no_sense_between_entries_costs_nothing_but_itself_or_the_rest(string nonsense)
    {
        byte[] before = new MadeJournal().Started(1).Add(3).Export();
        byte[] after = new MadeJournal().State(2, "unknown", "busy", "jobs-recorded").Add(10).Export();

        Reported report = Reported.Of([.. before, .. Encoding.Latin1.GetBytes(nonsense), (byte)'\n', .. after]);
        Assert.Equal(0, report.Run.ExitCode);
        Assert.Contains("1 entry was skipped", report.Run.Errors, StringComparison.Ordinal);
        Assert.StartsWith("com0 unknown directory-unread ", report.Intervals[0], StringComparison.Ordinal);
    }

    [Fact]
    public void An_entry_of_the_agents_without_a_time_is_damaged()
    {
        byte[] bytes = Plain.AddBytes([("MESSAGE_ID", NodeMessageIds.DaemonStarted), ("_HOSTNAME", "com0"), ("_BOOT_ID", "b")]).Export();

        Reported report = Reported.Of(bytes);
        Assert.Equal(s_plain, report.Intervals);
        Assert.Equal(1, (int)report.Json["read"]!["damaged_entries"]!);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("99999999999999999999")]
    [InlineData("253402300800000000")]
    [InlineData("1e3")]
    [InlineData("")]
    public void A_time_that_is_none_is_no_time(string time)
    {
        byte[] bytes = Plain.AddBytes([
            ("__REALTIME_TIMESTAMP", time), ("__MONOTONIC_TIMESTAMP", "5"), ("MESSAGE_ID", NodeMessageIds.DaemonStarted), ("_HOSTNAME", "com0"), ("_BOOT_ID", "b")]).Export();

        Assert.Equal(s_plain, Reported.Of(bytes).Intervals);
    }

    [Theory]
    [InlineData("", "/file1 is empty: its node is not in the report.")]
    [InlineData("LPKSHHRH\0\0", "/file1 is a journal file of journald's own; read it with 'journalctl -o export --file /file1 | hookctl report -'.")]
    [InlineData("\u001f\u008b\u0008", "/file1 is compressed; unpack it first, as in 'zcat /file1 | hookctl report -'.")]
    [InlineData("Nov 22 08:00:00 com0 hookagentd[1]: started\n", "/file1 is neither 'journalctl -o export' nor 'journalctl -o json'; it was skipped.")]
    [InlineData("\0\0\0\0", "/file1 is neither 'journalctl -o export' nor 'journalctl -o json'; it was skipped.")]
    public void A_foreign_file_among_others_is_named_and_passed_over(string content, string remark)
    {
        Reported report = Reported.Of([Plain.Export(), Encoding.Latin1.GetBytes(content)]);

        Assert.Equal($"hookctl: {remark}\n", report.Run.Errors);
        Assert.Equal(0, report.Run.ExitCode);
        Assert.Equal(s_plain, report.Intervals);
    }

    [Fact]
    public void A_file_that_is_not_there_is_an_error_but_the_others_are_reported()
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder["a"], Plain.Export());

        Hookctl run = Hookctl.Run("report", folder["a"], folder["b"]);
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("com0\nfrom ", run.Output, StringComparison.Ordinal);
        Assert.Contains($"hookctl: {folder["b"]} cannot be read: ", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_is_its_files_but_for_hidden_ones_and_what_is_below()
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder["a"], Plain.Export());
        File.WriteAllText(folder[".a.swp"], "no journal");
        Directory.CreateDirectory(folder["older"]);
        File.WriteAllText(Path.Combine(folder["older"], "b"), "no journal");

        Hookctl run = Hookctl.Run("report", "--json", folder.Path);
        Assert.Equal("", run.Errors);
        Assert.Equal(Hookctl.Run("report", "--json", folder["a"]).Output, run.Output);
    }

    [Theory]
    [InlineData("export")]
    [InlineData("json")]
    public void No_damage_makes_it_crash(string format)
    {
        byte[] whole = new MadeJournal().Started(1).With("MESSAGE", [0, 1, 10, 255]).State(2, "unknown", "busy", "jobs-recorded")
            .Came(2, 17).HandedOver(3, 17, 0.2, 0.1).Left(4, 17).Stopping(9).Add(10).In(format);
        using TemporaryFolder folder = new();
        for (int seed = 0; seed < 600; seed++)
        {
            Random random = new(seed);
            byte[] damaged = [.. whole];
            for (int i = 0; i < random.Next(1, 6); i++)
            {
                int at = random.Next(damaged.Length);
                switch (random.Next(4))
                {
                    case 0:
                        damaged[at] = (byte)random.Next(256);
                        break;
                    case 1:
                        damaged[at] = (byte)"\n=\"\\[]{},:0-"[random.Next(12)];
                        break;
                    case 2:
                        damaged = [.. damaged[..at], .. damaged[random.Next(at, damaged.Length)..], 10];
                        break;
                    default:
                        damaged = [.. damaged[..at], .. damaged[random.Next(damaged.Length)..]];
                        break;
                }

                damaged = damaged.Length == 0 ? [0] : damaged;
            }

            File.WriteAllBytes(folder["damaged"], damaged);
            Hookctl run = Hookctl.Run("report", "--json", "--svg", folder["svg"], folder["damaged"]);
            Assert.True(run.ExitCode is 0 or 1, $"seed {seed}: {run}");
        }
    }

    [Fact]
    public void Deeply_nested_JSON_is_damage()
    {
        byte[] deep = Encoding.ASCII.GetBytes($"{{\"A\":{new string('[', 500_000)}\n{{\"B\":{string.Concat(Enumerable.Repeat("[ ", 100_000))}\n");

        Assert.Contains("2 entries were skipped", Reported.Of([Plain.Export(), deep]).Run.Errors, StringComparison.Ordinal);
    }
}
