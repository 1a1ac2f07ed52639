using System.Globalization;
using System.Text.Json;
using HookAgent.Core.Time;

namespace HookAgent.SystemTests.Harness;

/// <summary>One entry of a node's journal.</summary>
internal sealed class JournalEntry(IReadOnlyDictionary<string, string> fields, TimeSpan realtimeToBoottime)
{
    public string this[string field] =>
        fields.GetValueOrDefault(field) ?? throw new KeyNotFoundException($"the journal's \"{fields.GetValueOrDefault("MESSAGE")}\" has no field {field}");

    public string Message => this["MESSAGE"];

    public bool Has(string field) => fields.ContainsKey(field);

    public TimeSpan Microseconds(string field) => TimeSpan.FromMicroseconds(long.Parse(this[field], CultureInfo.InvariantCulture));

    /// <summary>When it was written by its sender, where that is told.</summary>
    public BootTime Moment => new BootTime(long.Parse(
        fields.GetValueOrDefault("_SOURCE_REALTIME_TIMESTAMP") ?? this["__REALTIME_TIMESTAMP"], CultureInfo.InvariantCulture)) + realtimeToBoottime;

    public static JournalEntry Parse(string json, TimeSpan realtimeToBoottime)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return new JournalEntry(
            document.RootElement.EnumerateObject()
                .Where(property => property.Value.ValueKind == JsonValueKind.String)
                .ToDictionary(property => property.Name, property => property.Value.GetString()!),
            realtimeToBoottime);
    }
}
