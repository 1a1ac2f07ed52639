using System.Globalization;
using System.Text;
using HookAgent.Core.Journal;
using Serilog.Events;

namespace HookAgent.Daemon.Journal;

/// <summary>
/// A log event as fields of a journal entry (systemd.journal-fields(7)): the message, its priority, the event's
/// name as MESSAGE_ID, and each property under its name in capitals (SlurmJobId: SLURM_JOB_ID).
/// </summary>
internal static class LogEventFields
{
    private const string EventIdProperty = "EventId";

    /// <summary>Of an entry whose id depends on what it tells; named as the parameter, because it stands in no placeholder.</summary>
    private const string MessageIdProperty = "messageId";

    /// <summary>Properties that logging adds for itself and that say nothing to an operator.</summary>
    private static readonly HashSet<string> s_unwanted = ["SourceContext", EventIdProperty];

    public static IReadOnlyList<(string Name, string Value)> Of(LogEvent entry)
    {
        List<(string Name, string Value)> fields =
        [
            ("MESSAGE", PlainMessage.Of(entry)),
            ("PRIORITY", Priority(entry.Level)),
            ("SYSLOG_IDENTIFIER", "hookagentd"),
        ];
        if (entry.Exception is { } exception)
        {
            fields.Add(("EXCEPTION", exception.ToString()));
        }

        foreach ((string name, LogEventPropertyValue value) in entry.Properties)
        {
            if (name == EventIdProperty && !entry.Properties.ContainsKey(MessageIdProperty) && MessageId(value) is { } id)
            {
                fields.Add(("MESSAGE_ID", id));
            }
            else if (!s_unwanted.Contains(name))
            {
                // The journal takes a field as often as it has values: an entry is then found by each of them.
                AddScalars(fields, FieldName(name), value);
            }
        }

        return fields;
    }

    public static IReadOnlyList<(string Name, string Value)> OfLost(long entries) =>
    [
        ("MESSAGE", string.Create(CultureInfo.InvariantCulture, $"{entries} entries were lost: the journal did not take them in time.")),
        ("PRIORITY", Priority(LogEventLevel.Warning)),
        ("SYSLOG_IDENTIFIER", "hookagentd"),
        ("MESSAGE_ID", NodeMessageIds.EntriesDropped),
    ];

    /// <summary>SlurmJobId to SLURM_JOB_ID: an underscore before each capital but the first.</summary>
    internal static string FieldName(string property)
    {
        StringBuilder name = new(property.Length + 8);
        foreach (char c in property)
        {
            if (char.IsAsciiLetterUpper(c) && name.Length > 0)
            {
                name.Append('_');
            }

            name.Append(char.ToUpperInvariant(c));
        }

        return name.ToString();
    }

    private static void AddScalars(List<(string Name, string Value)> fields, string name, LogEventPropertyValue value)
    {
        if (value is ScalarValue { Value: { } scalar })
        {
            fields.Add((name, Convert.ToString(scalar, CultureInfo.InvariantCulture) ?? ""));
        }
        else if (value is SequenceValue several)
        {
            foreach (LogEventPropertyValue element in several.Elements)
            {
                AddScalars(fields, name, element);
            }
        }
    }

    /// <summary>The levels of syslog(3).</summary>
    private static string Priority(LogEventLevel level) => level switch
    {
        LogEventLevel.Fatal => "2",
        LogEventLevel.Error => "3",
        LogEventLevel.Warning => "4",
        LogEventLevel.Information => "6",
        LogEventLevel.Verbose or LogEventLevel.Debug => "7",
    };

    private static string? MessageId(LogEventPropertyValue value) =>
        value is StructureValue structure
        && structure.Properties.FirstOrDefault(property => property.Name == "Name")?.Value is ScalarValue { Value: string name }
            ? name
            : null;
}
