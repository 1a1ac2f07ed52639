using System.Reflection;
using System.Text.RegularExpressions;
using HookAgent.Core.Jobs;
using HookAgent.Core.Journal;
using HookAgent.Core.Node;
using HookAgent.Core.Text;
using HookAgent.Daemon.Journal;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace HookAgent.Daemon.Tests.Journal;

public sealed class MessagesTests
{
    private static readonly JobId s_job = JobId.TryParse("17", out JobId job) ? job : default;

    [Fact]
    public void Every_message_has_an_id_of_the_list_and_every_id_a_message()
    {
        LoggerMessageAttribute[] messages = [.. typeof(NodeLog).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>()).OfType<LoggerMessageAttribute>()];
        Assert.NotEmpty(messages);
        Assert.Distinct(messages.Select(message => message.EventId));
        Assert.Equal(
            Ids(typeof(NodeMessageIds)).Values.Except([NodeMessageIds.EntriesDropped]).Order(),
            messages.Select(message => message.EventName!).Concat(Enum.GetValues<Reason>().Select(NodeMessageIds.Of)).Distinct().Order());
    }

    [Fact]
    public void Every_id_is_one_of_its_own() => Assert.Distinct(AllIds());

    [Fact]
    public void Every_id_but_the_ordinary_ones_has_an_entry_in_the_catalog_that_says_what_to_do()
    {
        string[] entries = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "hookagent.catalog")).Split("\n-- ")[1..];
        Assert.Equal(AllIds().Except(NodeMessageIds.Ordinary).Order(), entries.Select(entry => entry[..32]).Order());
        Assert.All(entries, entry =>
        {
            Assert.Matches(@"\A[0-9a-f]{32}\nSubject: \S.{5,70}\nDefined-By: HookAgent\nDocumentation: man:\S+\(\d\)( man:\S+\(\d\))*\n\n\S", entry);

            // journalctl puts "░░ " before each line.
            Assert.All(Filled(entry).Split('\n'), line => Assert.InRange(line.Length, 0, 77));
        });
    }

    [Theory]
    [InlineData(Reason.Running, NodeMessageIds.StateChanged)]
    [InlineData(Reason.DirectoryUnproven, NodeMessageIds.DirectoryUnproven)]
    public void A_change_of_state_that_asks_for_something_has_the_page_of_its_reason(Reason reason, string id)
    {
        StateChanged changed = new(NodeState.Settling, reason.State(), reason, TimeSpan.FromSeconds(1), [], Again: false);
        Assert.Equal([id], LogEventFields.Of(Tell(log => Decide(log, changed))).Where(static field => field.Name == "MESSAGE_ID").Select(static field => field.Value));
    }

    /// <summary>With the values that most nodes have, the unit's name among them.</summary>
    private static string Filled(string entry) => Regex.Replace(entry, "@([A-Z_]+)@", static field => field.Groups[1].Value switch
    {
        "UNIT" or "STRAY" => "wasimoff-provider.service",
        "SLURM_JOB_ID" => "1002315",
        "END_TIME" => "Thu 2026-11-26 16:30:12 CET",
        "HOOKAGENT_REASON" => "condition-unmet",
        _ => "17",
    });

    [Fact]
    public void The_journal_reads_the_catalog()
    {
        using TemporaryFolder root = new();
        Directory.CreateDirectory(root["usr/lib/systemd/catalog"]);
        Directory.CreateDirectory(root["var/lib/systemd/catalog"]);
        File.Copy(Path.Combine(AppContext.BaseDirectory, "hookagent.catalog"), root["usr/lib/systemd/catalog/hookagent.catalog"]);
        Assert.Equal("", Child.Run("journalctl", "--update-catalog", $"--root={root.Path}"));
        Assert.Equal(AllIds().Except(NodeMessageIds.Ordinary).Count(), Child.Run("journalctl", "--list-catalog", $"--root={root.Path}").Split('\n').Length);
    }

    [Fact]
    public void The_catalog_uses_only_fields_that_its_entries_have()
    {
        string catalog = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "hookagent.catalog"));
        HashSet<string> fields = [.. typeof(NodeLog).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(method => method.GetCustomAttribute<LoggerMessageAttribute>() is not null)
            .SelectMany(method => method.GetParameters()).Select(parameter => LogEventFields.FieldName(parameter.Name!))];
        Assert.All(Regex.Matches(catalog, "@([A-Z_]+)@").Select(match => match.Groups[1].Value), field => Assert.Contains(field, fields));
    }

    [Fact]
    public void The_manual_names_each_field_that_is_for_searching_and_no_other()
    {
        string manual = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "hookagentd.8.scd"));
        string section = manual[manual.IndexOf("\n# JOURNAL\n", StringComparison.Ordinal)..manual.IndexOf("\n# METRICS\n", StringComparison.Ordinal)];
        IEnumerable<string> documented = Regex.Matches(section, "(?<=^|, )_([A-Z_]+)_(?=,|$)", RegexOptions.Multiline).Select(match => match.Groups[1].Value);
        IEnumerable<string> sent = typeof(NodeLog).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(method => method.GetCustomAttribute<LoggerMessageAttribute>() is not null)
            .SelectMany(method => method.GetParameters()).Select(parameter => LogEventFields.FieldName(parameter.Name!))
            .Where(field => field.StartsWith("SLURM_", StringComparison.Ordinal) || field.StartsWith("HOOKAGENT_", StringComparison.Ordinal) || field == "UNIT");
        Assert.Equal(sent.Distinct().Order(), documented.Order());
    }

    [Theory]
    [InlineData("SlurmJobId", "SLURM_JOB_ID")]
    [InlineData("hookagentHandoverUsec", "HOOKAGENT_HANDOVER_USEC")]
    [InlineData("unit", "UNIT")]
    public void Names_become_field_names(string property, string field) => Assert.Equal(field, LogEventFields.FieldName(property));

    [Fact]
    public void An_entry_has_its_fields_and_no_others()
    {
        Dictionary<string, string> entry = Fields(Tell(log => log.RecordNotDropped(s_job, "it \"is\" {not} there")));
        Assert.Equal(new Dictionary<string, string>
        {
            ["MESSAGE"] = "The record of job 17 could not be removed: it \"is\" {not} there.",
            ["MESSAGE_ID"] = NodeMessageIds.RecordUnreadable,
            ["PRIORITY"] = "4",
            ["SYSLOG_IDENTIFIER"] = "hookagentd",
            ["SLURM_JOB_ID"] = "17",
            ["CAUSE"] = "it \"is\" {not} there",
        }, entry);
    }

    [Fact]
    public void Each_sentence_ends_in_one_full_stop()
    {
        Assert.Equal(
            "Settings not usable: a.conf:2: is no span of time; a.conf:3: is no key. hookagentd does not start.",
            Fields(Tell(static log => log.SettingsBad("a.conf:2: is no span of time; a.conf:3: is no key", "hookagentd does not start.")))["MESSAGE"]);
    }

    [Fact]
    public void What_stands_in_no_placeholder_is_a_field_all_the_same()
    {
        Dictionary<string, string> entry = Fields(Tell(log => Decide(log, new HandoverDone(s_job, TimeSpan.FromMilliseconds(8.34), TimeSpan.FromMilliseconds(1)))));
        Assert.Equal(("8340", "1000", "1000", "a.service"), (entry["HOOKAGENT_HANDOVER_USEC"], entry["HOOKAGENT_OVERLAP_USEC"], entry["SLURM_JOB_UID"], entry["UNIT"]));
        Assert.Equal("Handover to job 17: 8.3 ms (Prolog start to provider stopped), up to 1 ms of it beside the job.", entry["MESSAGE"]);
        Assert.EndsWith(
            "8.3 ms (Prolog start to provider stopped), all before the job began.",
            Fields(Tell(log => Decide(log, new HandoverDone(s_job, TimeSpan.FromMilliseconds(8.34), TimeSpan.Zero))))["MESSAGE"], StringComparison.Ordinal);
    }

    [Fact]
    public void A_change_without_a_job_has_no_job_field()
    {
        Dictionary<string, string> entry = Fields(Tell(log => Decide(log, new StateChanged(NodeState.Settling, NodeState.Lending, Reason.Starting, TimeSpan.FromSeconds(1), [], Again: false))));
        Assert.Equal("settling -> lending: The node is idle and the provider is starting.", entry["MESSAGE"]);
        Assert.Equal(("lending", "settling", "starting", "1000000"), (entry["HOOKAGENT_STATE"], entry["HOOKAGENT_PREVIOUS_STATE"], entry["HOOKAGENT_REASON"], entry["HOOKAGENT_IN_STATE_USEC"]));
        Assert.DoesNotContain("SLURM_JOB_ID", entry.Keys);
        Assert.DoesNotContain("SLURM_JOB_UID", entry.Keys);
    }

    [Fact]
    public void A_change_for_several_jobs_is_found_by_each()
    {
        Assert.True(JobId.TryParse("18", out JobId second));
        LogEvent entry = Tell(log => Decide(log, new StateChanged(NodeState.Reclaiming, NodeState.Busy, Reason.JobsRecorded, default, [s_job, second], Again: false)));
        string[] fields = [.. LogEventFields.Of(entry).Select(field => $"{field.Name}={field.Value}")];
        Assert.Equal(["SLURM_JOB_ID=17", "SLURM_JOB_ID=18", "SLURM_JOB_UID=1000"], fields.Where(field => field.StartsWith("SLURM_", StringComparison.Ordinal)));
    }

    [Fact]
    public void However_many_jobs_there_are_the_journal_takes_the_entry()
    {
        LogEvent entry = Tell(log => Decide(log, new StateChanged(
            NodeState.Unknown, NodeState.Busy, Reason.JobsRecorded, default,
            [.. Enumerable.Range(1, 5000).Select(number => JobId.TryParse($"{number}", out JobId job) ? job : default)], Again: false)));
        Assert.InRange(LogEventFields.Of(entry).Count, 33, 60);
    }

    [Theory]
    [InlineData(StopStage.Asked, 3.0, "a.service stopped as asked within 12 ms; it had run for 3 s.", "clean", "3000000")]
    [InlineData(StopStage.SecondSignal, 0.0, "a.service stopped after a second SIGTERM within 12 ms; it was only starting.", "second-signal", "0")]
    [InlineData(StopStage.Killed, null, "a.service stopped after SIGKILL within 12 ms; how long it had run is not known.", "sigkill", null)]
    public void A_stop_tells_how_and_how_long(StopStage stage, double? lent, string message, string stop, string? lentUsec)
    {
        Dictionary<string, string> entry = Fields(Tell(log => Decide(log, new ProviderStopped(
            stage, TimeSpan.FromMilliseconds(12), lent is { } seconds ? TimeSpan.FromSeconds(seconds) : null, [s_job]))));
        Assert.Equal(message, entry["MESSAGE"]);
        Assert.Equal(
            (stop, "12000", lentUsec, "17"),
            (entry["HOOKAGENT_STOP"], entry["HOOKAGENT_STOP_USEC"], entry.GetValueOrDefault("HOOKAGENT_LENT_USEC"), entry["SLURM_JOB_ID"]));
    }

    [Fact]
    public void A_hundred_failures_of_one_cause_are_told_a_few_times()
    {
        List<LogEvent> told = Failures(Enumerable.Repeat("exit status 1", 100));
        Assert.Equal(
            [1, 2, 4, 8, 16, 32, 64],
            told.Select(entry => int.Parse(Fields(entry)["HOOKAGENT_FAILURES"], System.Globalization.CultureInfo.InvariantCulture)));
        Assert.EndsWith("(exit status 1) First failure; next try in 5 min.", Fields(told[0])["MESSAGE"], StringComparison.Ordinal);
        Assert.EndsWith("(exit status 1) Failed 64 times within 1 min 4 s; next try in 5 min.", Fields(told[^1])["MESSAGE"], StringComparison.Ordinal);
    }

    [Fact]
    public void Another_cause_is_told_at_once_and_each_but_once() => Assert.Equal(
        ["1", "2", "3", "4", "5", "8", "16"],
        Failures(["a", "a", "b", "a", "c", "b", "a", "c", "b", "b", "a", "c", "c", "a", "b", "a"]).Select(entry => Fields(entry)["HOOKAGENT_FAILURES"]));

    [Theory]
    [InlineData(1, 1, "First failure; next try in 1 s.")]
    [InlineData(1, 8, "First failure for this cause; next try in 1 s.")]
    [InlineData(2, 9, "Failed 2 times within 3 s; next try in 1 s.")]
    public void A_failure_says_how_often_it_came_for_its_cause(int inARow, int inAll, string end)
    {
        Dictionary<string, string> entry = Fields(Tell(log => Decide(
            log, new ProviderFailed(Reason.StartTimeout, inARow, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3), "", inAll))));
        Assert.EndsWith(end, entry["MESSAGE"], StringComparison.Ordinal);
        Assert.Equal($"{inARow}", entry["HOOKAGENT_FAILURES"]);
    }

    [Theory]
    [InlineData("swap DIMM 3", ": \"swap DIMM 3\"")]
    [InlineData("", "")]
    public void A_hold_says_who_why_and_until_when(string reason, string because)
    {
        Hold hold = new(HoldKind.Operator, "root (sudo: alice)", reason, null, null, false);
        DateTimeOffset until = new(2025, 11, 22, 16, 0, 0, TimeSpan.Zero);
        Assert.Equal($"Held until released by root (sudo: alice){because}; the provider stays off.", Told(hold));
        Assert.Equal($"Held until {MomentText.Of(until, TimeZoneInfo.Local)} by root (sudo: alice){because}; the provider stays off.", Told(hold with { UntilRealtime = until }));
        Assert.Equal("Held until released, because a.service was stopped by hand; the provider stays off.", Told(hold with { Kind = HoldKind.HandStopped }));

        static string Told(Hold hold) => Fields(Tell(log => Decide(log, new HoldBegan(hold))))["MESSAGE"];
    }

    [Theory]
    [InlineData(HoldKind.Operator, false, "root (sudo: alice)", "Hold released by root (sudo: alice).")]
    [InlineData(HoldKind.HandStopped, false, "root", "Hold released by root.")]
    [InlineData(HoldKind.Operator, true, null, "Hold ended: its time is over.")]
    [InlineData(HoldKind.HandStopped, false, null, "Hold ended: a.service was started by hand.")]
    public void The_end_of_a_hold_says_what_ended_it(HoldKind kind, bool expired, string? by, string message)
    {
        Hold hold = new(kind, "root", "", null, null, false);
        Assert.Equal(message, Fields(Tell(log => Decide(log, new HoldEnded(hold, expired, by))))["MESSAGE"]);
    }

    [Fact]
    public void A_unit_that_is_missing_is_named()
    {
        StateChanged missing = new(NodeState.Settling, NodeState.Held, Reason.RequiredUnitInactive, default, [], Again: false);
        Assert.Contains(": slurmd.service (RequireUnit=) is not active", Fields(Tell(log => Decide(log, missing)))["MESSAGE"], StringComparison.Ordinal);
    }

    [Fact]
    public void Tries_of_a_provider_that_keeps_failing_are_no_news() => Assert.Equal(
        LogEventLevel.Debug,
        Tell(log => Decide(log, new StateChanged(NodeState.Failed, NodeState.Lending, Reason.Starting, default, [], Again: true))).Level);

    [Fact]
    public void A_refusal_that_is_repeated_each_second_is_not()
    {
        NodeEffect refused = new HookAgent.Core.Node.StopRefused("no");
        NodeEffect stopped = new ProviderStopped(StopStage.Asked, default, null, []);
        List<LogEvent> told = All(log =>
        {
            DecisionLog decisions = new(log, "a.service", "slurmd.service", _ => 1000);
            foreach (NodeEffect effect in Enumerable.Repeat(refused, 7).Append(stopped).Append(refused))
            {
                decisions.Log(effect);
            }
        });
        const string first = "systemd refused to stop a.service: no. Asking again every second.";
        Assert.Equal(
            [
                first, $"{first} It has refused 2 times.", $"{first} It has refused 4 times.",
                "a.service stopped as asked within 0 s; how long it had run is not known.", first,
            ],
            told.Select(entry => Fields(entry)["MESSAGE"]));
    }

    [Fact]
    public void A_fault_is_critical_and_brings_its_exception()
    {
        Dictionary<string, string> entry = Fields(Tell(log => log.DaemonFault(new InvalidOperationException("why"))));
        Assert.Equal("2", entry["PRIORITY"]);
        Assert.Contains("InvalidOperationException: why", entry["EXCEPTION"], StringComparison.Ordinal);
    }

    [Fact]
    public void Lost_entries_are_counted()
    {
        Dictionary<string, string> entry = Fields(LogEventFields.OfLost(3));
        Assert.Equal(("3 entries were lost: the journal did not take them in time.", NodeMessageIds.EntriesDropped), (entry["MESSAGE"], entry["MESSAGE_ID"]));
    }

    /// <summary>What is told as a warning of failures in a row, one a second, of these causes.</summary>
    private static List<LogEvent> Failures(IEnumerable<string> causes) =>
        [.. All(log =>
        {
            DecisionLog decisions = new(log, "a.service", "slurmd.service", _ => null);
            foreach ((int number, string cause) in causes.Index())
            {
                decisions.Log(new ProviderFailed(Reason.StartFailed, number + 1, TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(number + 1), cause, number + 1));
            }
        }).Where(entry => entry.Level >= LogEventLevel.Warning)];

    private static void Decide(Microsoft.Extensions.Logging.ILogger log, NodeEffect effect) => new DecisionLog(log, "a.service", "slurmd.service", _ => 1000).Log(effect);

    private static LogEvent Tell(Action<Microsoft.Extensions.Logging.ILogger> say) => Assert.Single(All(say));

    private static List<LogEvent> All(Action<Microsoft.Extensions.Logging.ILogger> say)
    {
        Kept kept = new();
        using Logger log = new LoggerConfiguration().MinimumLevel.Debug().WriteTo.Sink(kept).CreateLogger();
        using ILoggerFactory loggers = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Debug).AddSerilog(log));
        say(loggers.CreateLogger("test"));
        return kept.Events;
    }

    private static Dictionary<string, string> Fields(LogEvent entry) => Fields(LogEventFields.Of(entry));

    private static Dictionary<string, string> Fields(IReadOnlyList<(string Name, string Value)> fields) =>
        fields.ToDictionary(field => field.Name, field => field.Value);

    private static Dictionary<string, string> Ids(Type type) => type
        .GetFields(BindingFlags.Public | BindingFlags.Static).ToDictionary(field => field.Name, field => (string)field.GetRawConstantValue()!);

    private static IEnumerable<string> AllIds() => Ids(typeof(MessageIds)).Values.Concat(Ids(typeof(NodeMessageIds)).Values);

    private sealed class Kept : ILogEventSink
    {
        public List<LogEvent> Events { get; } = [];

        public void Emit(LogEvent logEvent) => Events.Add(logEvent);
    }
}
