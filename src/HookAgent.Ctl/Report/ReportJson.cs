using System.Text;
using System.Text.Json;
using HookAgent.Ctl.Report.Timeline;

namespace HookAgent.Ctl.Report;

/// <summary>
/// The report for programs: one JSON object on one line. Keys are only ever added; hookctl(1) describes them.
/// </summary>
internal static class ReportJson
{
    public static void Write(ReportResult result, TextWriter to)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            json.WriteString("since", ReportTime.Rfc3339(result.Span.From));
            json.WriteString("until", ReportTime.Rfc3339(result.Span.To));
            json.WriteNumber("useless_usec", result.Useless.Ticks / TimeSpan.TicksPerMicrosecond);
            json.WriteStartObject("all");
            Write(json, result.All);
            json.WriteEndObject();
            json.WriteStartArray("nodes");
            foreach (NodeLine node in result.Nodes)
            {
                json.WriteStartObject();
                json.WriteString("node", node.HostName);
                json.WriteString("machine_id", node.MachineId);
                Write(json, node.Figures);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartObject("read");
            json.WriteNumber("files", result.Read.Files);
            json.WriteNumber("entries", result.Read.Entries);
            json.WriteNumber("events", result.Read.Events);
            json.WriteNumber("damaged_entries", result.Read.Damaged);
            json.WriteNumber("foreign_files", result.Read.Foreign);
            json.WriteNumber("unreadable_files", result.Read.Unreadable);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        to.WriteLine(Encoding.UTF8.GetString(buffer.ToArray()));
    }

    private static void Write(Utf8JsonWriter json, Figures figures)
    {
        json.WriteStartObject("states");
        foreach (LaneState state in LaneStates.All)
        {
            json.WriteStartObject(state.Word());
            json.WriteNumber("usec", figures.Usec(state));
            json.WriteNumber("share", Math.Round(figures.Share(state), 6));
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteNumber("jobs", figures.JobCount);
        json.WriteStartObject("provider");
        json.WriteNumber("starts", figures.Starts);
        json.WriteNumber("useless", figures.Useless);
        json.WriteNumber("failed", figures.FailedStarts);
        json.WriteEndObject();
        Write(json, "handovers", figures.Handovers);
        Write(json, "overlaps", figures.Overlaps);
        json.WriteNumber("boots", figures.Boots);
        json.WriteNumber("crashes", figures.Crashes);
        json.WriteNumber("agent_kills", figures.Kills);
        json.WriteNumber("clock_steps", figures.ClockSteps);
        json.WriteNumber("times_entries_lost", figures.EntriesLost);
    }

    private static void Write(Utf8JsonWriter json, string name, Distribution times)
    {
        json.WriteStartObject(name);
        json.WriteNumber("count", times.Count);
        WriteTime("p50_usec", times.P50);
        WriteTime("p95_usec", times.P95);
        WriteTime("p99_usec", times.P99);
        WriteTime("max_usec", times.Max);
        WriteTime("total_usec", times.Total);
        json.WriteEndObject();

        void WriteTime(string key, long usec)
        {
            if (times.Count > 0)
            {
                json.WriteNumber(key, usec);
            }
            else
            {
                json.WriteNull(key);
            }
        }
    }
}
