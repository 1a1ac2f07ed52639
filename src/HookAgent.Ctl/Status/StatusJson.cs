using System.Text.Json;
using HookAgent.Bus;
using HookAgent.Core.Jobs;

namespace HookAgent.Ctl.Status;

/// <summary>
/// A node's status for programs, as hookctl(1) documents it key by key. Also what hold, release, retry and forget answer
/// with.
/// </summary>
internal static class StatusJson
{
    public static void Write(StatusReading reading, TextWriter to) => JsonLine.Write(to, json => WriteMembers(json, reading));

    /// <summary>The members of the object, for another object that has them too.</summary>
    public static void WriteMembers(Utf8JsonWriter json, StatusReading reading)
    {
        NodeStatus status = reading.Node;
        json.WriteString("state", status.State);
        json.WriteString("reason", status.Reason);
        json.WriteString("why", Why.Sentence(status.Reason));
        json.WriteTime("since", Moment.FromUsec(status.Since));
        json.WriteJobs("jobs", Ids(status.Jobs));
        json.WriteString("unit", status.Unit);
        json.WriteString("unit_state", status.UnitState.Length > 0 ? status.UnitState : null);
        WriteProvider(json, reading.Provider);
        json.WriteNumberOrNull("memory_bytes", reading.MemoryBytes);
        json.WriteNumberOrNull("cpu_usec", reading.CpuUsec);
        WriteHold(json, status);
        json.WriteNumberOrNull("last_handover_usec", status.LastHandoverUSec > 0 ? status.LastHandoverUSec : null);
        WriteHandovers(json, status.Handovers);
        WriteCounters(json, status);
        json.WriteString("version", status.Version);
    }

    private static List<JobId> Ids(IReadOnlyList<string> texts)
    {
        List<JobId> ids = [];
        foreach (string text in texts)
        {
            if (JobId.TryParse(text, out JobId job))
            {
                ids.Add(job);
            }
        }

        return ids;
    }

    private static void WriteProvider(Utf8JsonWriter json, ProviderWords? provider)
    {
        if (provider is null)
        {
            json.WriteNull("provider_says");
            return;
        }

        json.WriteStartObject("provider_says");
        json.WriteTime("at", provider.At);
        json.WriteNumber("priority", provider.Priority);
        json.WriteStrings("lines", provider.Lines);
        json.WriteEndObject();
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
        json.WriteTime("until", Moment.FromUsec(status.HoldUntil));
        json.WriteEndObject();
    }

    private static void WriteHandovers(Utf8JsonWriter json, IReadOnlyList<NodeHandover> handovers)
    {
        json.WriteStartArray("handovers");
        foreach (NodeHandover handover in handovers)
        {
            if (!JobId.TryParse(handover.JobId, out JobId job))
            {
                continue;
            }

            json.WriteStartObject();
            json.WriteTime("at", Moment.FromUsec(handover.At));
            json.WriteNumber("job", job.Value);
            json.WriteNumber("handover_usec", handover.Usec);
            json.WriteNumber("overlap_usec", handover.OverlapUsec);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteCounters(Utf8JsonWriter json, NodeStatus status)
    {
        json.WriteStartObject("counters");
        foreach (NodeCounter counter in NodeProperty.Counters)
        {
            json.WriteNumber(counter.CounterKey, status.Counts[counter]);
        }

        json.WriteEndObject();
    }
}
