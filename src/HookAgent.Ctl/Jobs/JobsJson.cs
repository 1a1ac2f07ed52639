using System.Text.Json;

namespace HookAgent.Ctl.Jobs;

/// <summary>The jobs for programs, as hookctl(1) documents them key by key.</summary>
internal static class JobsJson
{
    public static void Write(JobsReport report, TextWriter to) => JsonLine.Write(to, json =>
    {
        json.WriteString("directory", report.Directory);
        json.WriteStartArray("jobs");
        foreach (JobRow row in report.Rows)
        {
            json.WriteStartObject();
            WriteRow(json, row);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStrings("foreign", report.Foreign);
    });

    private static void WriteRow(Utf8JsonWriter json, JobRow row)
    {
        json.WriteNumber("job", row.Job.Value);
        json.WriteString("record", RecordWord(row.Kind));
        json.WriteString("problem", row.Problem);
        json.WriteBoolean("slurmstepd", row.HasStep);
        json.WriteBoolean("stale", row.IsStale);
        json.WriteNumberOrNull("age_usec", row.Age is { } age ? (ulong)age.TotalMicroseconds : null);
        json.WriteTime("started", row.Record?.StartedUsec is { } usec ? Moment.FromUsec((ulong)usec) : null);
        json.WriteTime("end_time", row.Record?.EndTime is { } end ? Moment.FromUnixSeconds(end) : null);
        json.WriteNumberOrNull("uid", row.Record?.Uid);
        json.WriteString("user", row.Record?.User);
        json.WriteString("partition", row.Record?.Partition);
        json.WriteString("cpus", row.Record?.Cpus);
        json.WriteNumberOrNull("restart", row.Record?.Restart);
    }

    private static string RecordWord(RecordKind kind) => kind switch
    {
        RecordKind.Readable => "readable",
        RecordKind.Unreadable => "unreadable",
        RecordKind.OtherBoot => "other-boot",
        RecordKind.None => "none",
    };
}
