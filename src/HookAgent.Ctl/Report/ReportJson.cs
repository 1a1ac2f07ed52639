using System.Text;
using System.Text.Json;
using HookAgent.Report;
using HookAgent.Report.Timeline;

namespace HookAgent.Ctl.Report;

/// <summary>
/// The report for programs: one JSON object on one line. Keys are only ever added; hookctl(1) describes them.
/// </summary>
internal static class ReportJson
{
    public static void Write(ReportResult result, TextWriter to)
    {
        to.WriteLine(Encoding.UTF8.GetString(Bytes(result)));
    }

    /// <summary>The object alone.</summary>
    public static byte[] Bytes(ReportResult result)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            json.WriteString("since", ReportTime.Rfc3339(result.Span.From));
            json.WriteString("until", ReportTime.Rfc3339(result.Span.To));
            json.WriteNumber("short_usec", result.Short.Ticks / TimeSpan.TicksPerMicrosecond);
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
            json.WriteNumber("provider_events", result.Read.ProviderEvents);
            json.WriteNumber("damaged_entries", result.Read.Damaged);
            json.WriteNumber("foreign_files", result.Read.Foreign);
            json.WriteNumber("unreadable_files", result.Read.Unreadable);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.ToArray();
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
        json.WriteNumber("short", figures.Short);
        json.WriteNumber("failed", figures.FailedStarts);
        json.WriteEndObject();
        Write(json, figures.Tasks);
        Write(json, "start_to_connected", figures.Tasks?.Connected);
        Write(json, "start_to_first_task", figures.Tasks?.FirstTasks);
        Write(json, "handovers", figures.Handovers);
        Write(json, "overlaps", figures.Overlaps);
        json.WriteNumber("boots", figures.Boots);
        json.WriteNumber("crashes", figures.Crashes);
        json.WriteNumber("agent_kills", figures.Kills);
        json.WriteNumber("clock_steps", figures.ClockSteps);
        json.WriteNumber("times_entries_lost", figures.EntriesLost);
    }

    private static void Write(Utf8JsonWriter json, TaskFigures? tasks)
    {
        if (tasks is null)
        {
            json.WriteNull("tasks");
            return;
        }

        json.WriteStartObject("tasks");
        Write(json, "started", tasks.Started);
        Write(json, "aborted", tasks.Aborted);
        Write(json, "lost_usec", tasks.LostUsec);
        json.WriteNumber("aborted_untimed", tasks.Untimed);
        json.WriteNumber("lendings", tasks.Lendings);
        json.WriteNumber("lendings_without_task", tasks.WithoutTask);
        json.WriteNumber("ends_untold", tasks.EndsUntold);
        json.WriteNumber("lines_dropped", tasks.LinesDropped);
        json.WriteNumber("nodes", tasks.Nodes);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, long? known)
    {
        if (known is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void Write(Utf8JsonWriter json, string name, Distribution? known)
    {
        if (known is not { } times)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        json.WriteNumber("count", times.Count);
        Write(json, "p50_usec", times.Count > 0 ? times.P50 : null);
        Write(json, "p95_usec", times.Count > 0 ? times.P95 : null);
        Write(json, "p99_usec", times.Count > 0 ? times.P99 : null);
        Write(json, "max_usec", times.Count > 0 ? times.Max : null);
        Write(json, "total_usec", times.Count > 0 ? times.Total : null);
        json.WriteEndObject();
    }
}
