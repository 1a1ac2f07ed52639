using System.Text.Json.Nodes;
using HookAgent.Report;
using HookAgent.Report.Events;
using HookAgent.Report.Timeline;

namespace HookAgent.Ctl.Report;

/// <summary>The report for programs, as hookctl(1) documents it.</summary>
internal static class ReportJson
{
    public static JsonObject Of(ReportResult result) => new()
    {
        ["since"] = TimeText.Rfc3339(result.Span.From),
        ["until"] = TimeText.Rfc3339(result.Span.To),
        ["short_usec"] = result.Shortest.Ticks / TimeSpan.TicksPerMicrosecond,
        ["all"] = Of(result.All),
        ["nodes"] = new JsonArray([.. result.Nodes.Select(Of)]),
        ["read"] = new JsonObject
        {
            ["files"] = result.Read.Files,
            ["entries"] = result.Read.Entries,
            ["events"] = result.Read.Events,
            ["provider_events"] = result.Read.ProviderEvents,
            ["damaged_entries"] = result.Read.Damaged,
            ["foreign_files"] = result.Read.Foreign,
            ["unreadable_files"] = result.Read.Unreadable,
        },
    };

    public static JsonObject Of(Figures figures) => new()
    {
        ["states"] = new JsonObject(ReportedStates.All.Select(state => KeyValuePair.Create<string, JsonNode?>(state.Word(), new JsonObject
        {
            ["usec"] = figures.Usec(state),
            ["share"] = Math.Round(figures.Share(state), 6),
        }))),
        ["idle_usec"] = figures.IdleUsec,
        ["harvested"] = figures.Harvested is { } share ? Math.Round(share, 6) : null,
        ["out_of_action_usec"] = new JsonObject(figures.OutOfAction.Select(static entry => KeyValuePair.Create<string, JsonNode?>(entry.Key, entry.Value))),
        ["jobs"] = figures.JobCount,
        ["provider"] = new JsonObject { ["starts"] = figures.Starts, ["short"] = figures.Short, ["failed"] = figures.FailedStarts },
        ["tasks"] = figures.Tasks is { } tasks ? Of(tasks) : null,
        ["start_to_connected"] = Of(figures.Tasks?.Connected),
        ["start_to_first_task"] = Of(figures.Tasks?.FirstTasks),
        ["handovers"] = Of(figures.Handovers),
        ["delays"] = Of(figures.Delays),
        ["overlaps"] = Of(figures.Overlaps),
        ["boots"] = figures.Boots,
        ["crashes"] = figures.Crashes,
        ["agent_kills"] = figures.Kills,
        ["clock_steps"] = figures.ClockSteps,
        ["times_entries_lost"] = figures.EntriesLost,
    };

    private static JsonObject Of(NodeFigures node)
    {
        JsonObject json = Of(node.Figures);
        json.Insert(0, "node", node.HostName);
        json.Insert(1, "machine_id", node.MachineId);
        return json;
    }

    private static JsonObject Of(TaskFigures tasks) => new()
    {
        ["started"] = tasks.Started,
        ["aborted"] = tasks.Aborted,
        ["lost_usec"] = tasks.LostUsec,
        ["aborted_untimed"] = tasks.Untimed,
        ["lendings"] = tasks.Lendings,
        ["lendings_without_task"] = tasks.WithoutTask,
        ["ends_untold"] = tasks.EndsWithoutList,
        ["lines_dropped"] = tasks.LinesDropped,
        ["nodes"] = tasks.Nodes,
    };

    private static JsonObject? Of(Distribution? distribution)
    {
        return distribution is not { } times ? null : new()
        {
            ["count"] = times.Count,
            ["p50_usec"] = Known(times.P50),
            ["p95_usec"] = Known(times.P95),
            ["p99_usec"] = Known(times.P99),
            ["max_usec"] = Known(times.Max),
            ["total_usec"] = Known(times.Total),
        };

        long? Known(long usec) => distribution is { Count: > 0 } ? usec : null;
    }
}
