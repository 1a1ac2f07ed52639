using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace HookAgent.Ctl;

/// <summary>
/// One JSON object on one line, and the shapes that all of hookctl's objects share. hookctl(1) documents every key;
/// keys are only ever added. What is not known is null, and its key stays.
/// </summary>
internal static class JsonLine
{
    /// <summary>Writes the object whose members <paramref name="members"/> writes.</summary>
    public static void Write(TextWriter to, Action<Utf8JsonWriter> members)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        to.WriteLine(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    /// <summary>A time as RFC 3339 in UTC, with microseconds.</summary>
    public static void WriteTime(this Utf8JsonWriter json, string name, DateTimeOffset? time) => json.WriteString(
        name, time?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture));

    public static void WriteNumberOrNull(this Utf8JsonWriter json, string name, ulong? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    public static void WriteStrings(this Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    /// <summary>Job ids, as numbers.</summary>
    public static void WriteJobs(this Utf8JsonWriter json, string name, IEnumerable<Core.Jobs.JobId> jobs)
    {
        json.WriteStartArray(name);
        foreach (Core.Jobs.JobId job in jobs)
        {
            json.WriteNumberValue(job.Value);
        }

        json.WriteEndArray();
    }
}
