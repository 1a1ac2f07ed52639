using System.Text.Json.Nodes;
using HookAgent.Bus;
using HookAgent.Core.Jobs;
using HookAgent.Ctl.Output;

namespace HookAgent.Ctl.Status;

/// <summary>
/// A node's status for programs, as hookctl(1) documents it key by key. Also what hold, release, retry and forget answer
/// with.
/// </summary>
internal static class StatusJson
{
    public static JsonObject Of(StatusSnapshot reading)
    {
        NodeStatus status = reading.Node;
        return new JsonObject
        {
            ["node"] = reading.Host,
            ["state"] = status.State,
            ["reason"] = status.Reason,
            ["why"] = ReasonSentence.Of(status),
            ["since"] = JsonLine.Time(UnixTime.FromUsec(status.Since)),
            ["jobs"] = JsonLine.Jobs(Ids(status.Jobs)),
            ["unit"] = status.Unit,
            ["unit_state"] = status.UnitState.Length > 0 ? status.UnitState : null,
            ["provider_says"] = reading.Provider is not { } provider ? null : new JsonObject
            {
                ["at"] = JsonLine.Time(provider.At),
                ["priority"] = provider.Priority,
                ["lines"] = JsonLine.Strings(provider.Lines),
            },
            ["memory_bytes"] = reading.MemoryBytes,
            ["cpu_usec"] = reading.CpuUsec,
            ["hold"] = status.HeldBy.Length == 0 ? null : new JsonObject
            {
                ["by"] = status.HeldBy,
                ["reason"] = status.HoldReason,
                ["until"] = JsonLine.Time(UnixTime.FromUsec(status.HoldUntil)),
                ["user"] = status.HoldUser.Length > 0 ? status.HoldUser : null,
                ["since"] = JsonLine.Time(UnixTime.FromUsec(status.HoldSince)),
                ["persistent"] = status.HoldPersistent,
            },
            ["next_start"] = JsonLine.Time(UnixTime.FromUsec(status.NextStart)),
            ["require_unit"] = status.RequireUnit.Length > 0 ? status.RequireUnit : null,
            ["settings_refused"] = status.SettingsRefused.Length > 0 ? status.SettingsRefused : null,
            ["last_handover_usec"] = status.LastHandoverUSec > 0 ? status.LastHandoverUSec : (ulong?)null,
            ["handovers"] = new JsonArray([.. status.Handovers.SelectMany(Of)]),
            ["last_prolog"] = Call(status.LastProlog, status.LastPrologJob),
            ["last_epilog"] = Call(status.LastEpilog, status.LastEpilogJob),
            ["counters"] = new JsonObject(NodeProperty.Counters.Select(counter => KeyValuePair.Create(counter.CounterKey, (JsonNode?)status.Counts[counter]))),
            ["version"] = status.Version,
        };
    }

    private static JsonObject? Call(ulong at, string job) => at == 0 || !JobId.TryParse(job, out JobId id) ? null : new JsonObject
    {
        ["at"] = JsonLine.Time(UnixTime.FromUsec(at)),
        ["job"] = id.Value,
    };

    /// <summary>None where the agent gives no job id.</summary>
    private static IEnumerable<JsonNode> Of(NodeHandover handover) => Ids([handover.JobId]).Select(job => new JsonObject
    {
        ["at"] = JsonLine.Time(UnixTime.FromUsec(handover.At)),
        ["job"] = job.Value,
        ["handover_usec"] = handover.Usec,
        ["overlap_usec"] = handover.OverlapUsec,
    });

    private static IEnumerable<JobId> Ids(IEnumerable<string> texts)
    {
        foreach (string text in texts)
        {
            if (JobId.TryParse(text, out JobId job))
            {
                yield return job;
            }
        }
    }
}
