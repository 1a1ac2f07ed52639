using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using HookAgent.Bus;
using HookAgent.Core.Jobs;

namespace HookAgent.Ctl.Status;

/// <summary>
/// A node's status for programs: one JSON object on one line. Keys are only ever added.
/// <list type="bullet">
/// <item>state, reason: the daemon's words; why: the reason as a sentence, for people</item>
/// <item>since: when the state was entered, as RFC 3339 in UTC with microseconds; null where not known</item>
/// <item>jobs: the ids of the jobs on the node, numbers in ascending order</item>
/// <item>unit; unit_state: systemd's ActiveState, null where systemd does not answer</item>
/// <item>hold: null, or an object of by ("operator", "hand-stopped"), reason (may be empty), until (as since;
/// null for no end)</item>
/// <item>last_handover_usec: from the hook's start to the unit being off, in µs; null before the first</item>
/// <item>counters, since the daemon started: provider_starts, provider_stops, useless_starts, second_signals,
/// kills, jobs_seen, records_without_nudge</item>
/// <item>version: the daemon's</item>
/// </list>
/// </summary>
internal static class StatusJson
{
    public static void Write(NodeStatus status, TextWriter to)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            json.WriteString("state", status.State);
            json.WriteString("reason", status.Reason);
            json.WriteString("why", Why.Sentence(status.Reason));
            WriteTime(json, "since", status.Since);
            WriteJobs(json, status.Jobs);
            json.WriteString("unit", status.Unit);
            json.WriteString("unit_state", status.UnitState.Length > 0 ? status.UnitState : null);
            WriteHold(json, status);
            WriteNumberOrNull(json, "last_handover_usec", status.LastHandoverUSec);
            WriteCounters(json, status);
            json.WriteString("version", status.Version);
            json.WriteEndObject();
        }

        to.WriteLine(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    private static void WriteJobs(Utf8JsonWriter json, IReadOnlyList<string> jobs)
    {
        json.WriteStartArray("jobs");
        foreach (string text in jobs)
        {
            if (JobId.TryParse(text, out JobId job))
            {
                json.WriteNumberValue(job.Value);
            }
        }

        json.WriteEndArray();
    }

    private static void WriteHold(Utf8JsonWriter json, NodeStatus status)
    {
        if (status.HeldBy.Length == 0)
        {
            json.WriteNull("hold");
            return;
        }

        json.WriteStartObject("hold");
        json.WriteString("by", status.HeldBy);
        json.WriteString("reason", status.HoldReason);
        WriteTime(json, "until", status.HoldUntil);
        json.WriteEndObject();
    }

    private static void WriteCounters(Utf8JsonWriter json, NodeStatus status)
    {
        json.WriteStartObject("counters");
        json.WriteNumber("provider_starts", status.ProviderStarts);
        json.WriteNumber("provider_stops", status.ProviderStops);
        json.WriteNumber("useless_starts", status.UselessStarts);
        json.WriteNumber("second_signals", status.SecondSignals);
        json.WriteNumber("kills", status.Kills);
        json.WriteNumber("jobs_seen", status.JobsSeen);
        json.WriteNumber("records_without_nudge", status.RecordsWithoutNudge);
        json.WriteEndObject();
    }

    private static void WriteTime(Utf8JsonWriter json, string name, ulong usec) => json.WriteString(
        name, Moment.FromUsec(usec)?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture));

    private static void WriteNumberOrNull(Utf8JsonWriter json, string name, ulong value)
    {
        if (value == 0)
        {
            json.WriteNull(name);
        }
        else
        {
            json.WriteNumber(name, value);
        }
    }
}
