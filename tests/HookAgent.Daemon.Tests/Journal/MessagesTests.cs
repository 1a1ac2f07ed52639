using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using HookAgent.Core.Journal;
using HookAgent.Core.Jobs;
using HookAgent.Core.Node;
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
            messages.Select(message => message.EventName!).Distinct().Order());
    }

    [Fact]
    public void Every_id_is_one_of_its_own() => Assert.Distinct(AllIds());

    [Fact]
    public void Every_id_has_an_entry_in_the_catalog_that_says_what_to_do()
    {
        string[] entries = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "hookagent.catalog")).Split("\n-- ")[1..];
        Assert.Equal(AllIds().Order(), entries.Select(entry => entry[..32]).Order());
        Assert.All(entries, entry =>
        {
            Assert.Matches(@"\A[0-9a-f]{32}\nSubject: \S.{5,70}\nDefined-By: HookAgent\nDocumentation: man:\S+\(\d\)( man:\S+\(\d\))*\n\n\S", entry);
            Assert.All(entry.Split('\n').Skip(4), line => Assert.InRange(line.Length, 0, 82));
        });
    }

    [Fact]
    public void The_journal_reads_the_catalog()
    {
        using TemporaryFolder root = new();
        Directory.CreateDirectory(root["usr/lib/systemd/catalog"]);
        Directory.CreateDirectory(root["var/lib/systemd/catalog"]);
        File.Copy(Path.Combine(AppContext.BaseDirectory, "hookagent.catalog"), root["usr/lib/systemd/catalog/hookagent.catalog"]);
        Assert.Equal("", Child.Run("journalctl", "--update-catalog", $"--root={root.Path}"));
        Assert.Equal(AllIds().Count(), Child.Run("journalctl", "--list-catalog", $"--root={root.Path}").Split('\n').Length);
    }

    [Fact]
    public void The_catalog_uses_only_fields_that_its_entries_have()
    {
        string catalog = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "hookagent.catalog"));
        HashSet<string> fields = [.. typeof(NodeLog).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(method => method.GetCustomAttribute<LoggerMessageAttribute>() is not null)
            .SelectMany(method => method.GetParameters()).Select(parameter => JournalEntry.FieldName(parameter.Name!))];
        Assert.All(Regex.Matches(catalog, "@([A-Z_]+)@").Select(match => match.Groups[1].Value), field => Assert.Contains(field, fields));
    }

    [Theory]
    [InlineData("SlurmJobId", "SLURM_JOB_ID")]
    [InlineData("hookagentHandoverUsec", "HOOKAGENT_HANDOVER_USEC")]
    [InlineData("unit", "UNIT")]
    public void Names_become_field_names(string property, string field) => Assert.Equal(field, JournalEntry.FieldName(property));

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
    public void What_stands_in_no_placeholder_is_a_field_all_the_same()
    {
        Dictionary<string, string> entry = Fields(Tell(log => Decide(log, new HandoverDone(s_job, TimeSpan.FromMilliseconds(8.34), TimeSpan.FromMilliseconds(1)))));
        Assert.Equal(("8340", "1000", "1000", "a.service"), (entry["HOOKAGENT_HANDOVER_USEC"], entry["HOOKAGENT_OVERLAP_USEC"], entry["SLURM_JOB_UID"], entry["UNIT"]));
        Assert.Equal("The node is handed over to job 17: the provider was gone 8.3 ms after the job's Prolog began, and ran beside the job for 1.0 ms of them.", entry["MESSAGE"]);
    }

    [Fact]
    public void A_change_without_a_job_has_no_job_field()
    {
        Dictionary<string, string> entry = Fields(Tell(log => Decide(log, new StateChanged(NodeState.Settling, NodeState.Lending, Reason.Starting, TimeSpan.FromSeconds(1), null))));
        Assert.Equal("settling -> lending: The node is idle and the provider is starting.", entry["MESSAGE"]);
        Assert.Equal(("lending", "starting", "1000000"), (entry["HOOKAGENT_STATE"], entry["HOOKAGENT_REASON"], entry["HOOKAGENT_IN_STATE_USEC"]));
        Assert.DoesNotContain("SLURM_JOB_ID", entry.Keys);
        Assert.DoesNotContain("SLURM_JOB_UID", entry.Keys);
    }

    [Fact]
    public void Where_the_provider_stopped_how_and_how_long_are_in_their_places() => Assert.Equal(
        "a.service stopped after a second SIGTERM within 12.0 ms; it had run for 3s.",
        Fields(Tell(log => Decide(log, new ProviderStopped(StopRung.SecondSignal, TimeSpan.FromMilliseconds(12), TimeSpan.FromSeconds(3)))))["MESSAGE"]);

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    [InlineData(4, true)]
    [InlineData(12, false)]
    public void Of_a_series_of_failures_not_every_one_is_told(int number, bool told) => Assert.Equal(
        told, All(log => Decide(log, new ProviderFailed(Reason.StartFailed, number, TimeSpan.FromSeconds(1), ""))).Count > 0);

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
        Dictionary<string, string> entry = Fields(JournalEntry.Dropped(3));
        Assert.Equal(("3 entries were lost: the journal did not take them in time.", NodeMessageIds.EntriesDropped), (entry["MESSAGE"], entry["MESSAGE_ID"]));
    }

    private static void Decide(Microsoft.Extensions.Logging.ILogger log, NodeEffect effect) => new DecisionLog(log, "a.service", _ => 1000).Tell(effect);

    private static LogEvent Tell(Action<Microsoft.Extensions.Logging.ILogger> say) => Assert.Single(All(say));

    private static List<LogEvent> All(Action<Microsoft.Extensions.Logging.ILogger> say)
    {
        Kept kept = new();
        using Logger log = new LoggerConfiguration().WriteTo.Sink(kept).CreateLogger();
        using ILoggerFactory loggers = LoggerFactory.Create(logging => logging.AddSerilog(log));
        say(loggers.CreateLogger("test"));
        return kept.Events;
    }

    private static Dictionary<string, string> Fields(LogEvent entry) => Fields(JournalEntry.Fields(entry));

    private static Dictionary<string, string> Fields(ReadOnlyMemory<byte>[] fields) =>
        fields.Select(field => Encoding.UTF8.GetString(field.Span).Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);

    private static Dictionary<string, string> Ids(Type type) => type
        .GetFields(BindingFlags.Public | BindingFlags.Static).ToDictionary(field => field.Name, field => (string)field.GetRawConstantValue()!);

    private static IEnumerable<string> AllIds() => Ids(typeof(MessageIds)).Values.Concat(Ids(typeof(NodeMessageIds)).Values);

    private sealed class Kept : ILogEventSink
    {
        public List<LogEvent> Events { get; } = [];

        public void Emit(LogEvent logEvent) => Events.Add(logEvent);
    }
}
