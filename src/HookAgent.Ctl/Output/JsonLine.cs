using System.Globalization;
using System.Text.Json.Nodes;
using HookAgent.Core.Jobs;

namespace HookAgent.Ctl.Output;

/// <summary>
/// One JSON object on one line, and what all of hookctl's objects have in common. hookctl(1) documents every key; keys are
/// only ever added. What is not known is null, and its key stays.
/// </summary>
internal static class JsonLine
{
    public static void Write(TextWriter to, JsonObject json) => to.WriteLine(json.ToJsonString());

    /// <summary>RFC 3339 in UTC, with microseconds.</summary>
    public static string? Time(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);

    public static JsonArray Strings(IEnumerable<string> values) => new([.. values.Select(static value => JsonValue.Create(value))]);

    /// <summary>Job ids, as numbers.</summary>
    public static JsonArray Jobs(IEnumerable<JobId> jobs) => new([.. jobs.Select(static job => JsonValue.Create(job.Value))]);
}
