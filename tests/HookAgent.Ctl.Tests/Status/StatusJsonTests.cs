using System.Text.Json;
using System.Text.Json.Nodes;
using HookAgent.Bus;
using HookAgent.Core.Jobs;
using HookAgent.Ctl.Output;
using HookAgent.Ctl.Status;

namespace HookAgent.Ctl.Tests.Status;

public sealed class StatusJsonTests
{
    private static readonly NodeStatus s_busy = new()
    {
        State = "busy",
        Reason = "jobs-recorded",
        Since = 1_763_824_800_123_456,
        Jobs = ["17", "4294967293"],
        Unit = "a@\"1\".service",
        UnitState = "inactive",
        HeldBy = "operator",
        HoldReason = "disk \"sda\"\n",
        HoldUntil = 1_763_830_000_000_000,
        HoldUser = "root (sudo: alice)",
        HoldSince = 1_763_824_800_123_456,
        NextStart = 1_763_824_800_123_456,
        RequireUnit = "slurmd.service",
        SettingsRefused = "a.conf:3: no key",
        LastHandoverUSec = 231_412,
        Counts = NodeCounts.Zero.With(NodeProperty.ProviderStarts, 1).With(NodeProperty.ProviderStops, 2)
            .With(NodeProperty.ShortLendings, 3).With(NodeProperty.SecondSignals, 4).With(NodeProperty.Kills, 5)
            .With(NodeProperty.JobsSeen, 6).With(NodeProperty.RecordsWithoutNudge, 7),
        Handovers = [new NodeHandover(1_763_824_800_123_456, "17", 231_412, 1_200), new NodeHandover(5, "no job", 1, 1)],
        Version = "0.1.0",
        LastProlog = 1_763_824_800_123_456,
        LastPrologJob = "17",
        LastEpilog = 1_763_824_800_123_456,
        LastEpilogJob = "16",
    };

    /// <summary>The schema, key by key: scripts of operators depend on it.</summary>
    [Fact]
    public void Everything_has_its_documented_key() => Assert.Equal(
        """
        {"node":"com0","state":"busy","reason":"jobs-recorded","why":"A Slurm job runs on this node.",
        "since":"2025-11-22T15:20:00.123456Z","jobs":[17,4294967293],"unit":"a@\u00221\u0022.service",
        "unit_state":"inactive",
        "provider_says":{"at":"2025-11-22T15:20:00.123456Z","priority":3,"lines":["what","Cause: why"]},
        "memory_bytes":178782208,"cpu_usec":12345678,
        "hold":{"by":"operator","reason":"disk \u0022sda\u0022\n","until":"2025-11-22T16:46:40.000000Z","user":"root (sudo: alice)","since":"2025-11-22T15:20:00.123456Z","persistent":false},
        "next_start":"2025-11-22T15:20:00.123456Z","require_unit":"slurmd.service","settings_refused":"a.conf:3: no key",
        "last_handover_usec":231412,
        "handovers":[{"at":"2025-11-22T15:20:00.123456Z","job":17,"handover_usec":231412,"overlap_usec":1200}],
        "last_prolog":{"at":"2025-11-22T15:20:00.123456Z","job":17},"last_epilog":{"at":"2025-11-22T15:20:00.123456Z","job":16},
        "counters":{"provider_starts":1,"provider_stops":2,"jobs_seen":6,"records_without_nudge":7,
        "short_lendings":3,"second_signals":4,"kills":5},
        "version":"0.1.0"}
        """.Replace("\n", "", StringComparison.Ordinal) + "\n",
        Json(new StatusSnapshot(s_busy, 178_782_208, 12_345_678,
            new ProviderMessage(UnixTime.FromUsec(s_busy.Since)!.Value, 3, ["what", "Cause: why"]), true)));

    [Fact]
    public void What_is_not_there_is_null_and_its_key_stays()
    {
        JsonNode json = JsonNode.Parse(Json(new NodeStatus { State = "unknown", Reason = "systemd-unreachable" }))!;

        foreach (string key in (string[])["since", "unit_state", "provider_says", "memory_bytes", "cpu_usec", "hold", "last_handover_usec", "last_prolog", "last_epilog"])
        {
            Assert.True(json.AsObject().TryGetPropertyValue(key, out JsonNode? value), key);
            Assert.Null(value);
        }

        Assert.Equal(JsonValueKind.Array, json["jobs"]!.GetValueKind());
    }

    /// <summary>What hookctl adds to them has no row in the table.</summary>
    [Fact]
    public void Each_property_of_the_bus_is_there_under_the_key_of_the_table()
    {
        JsonObject json = JsonNode.Parse(Json(s_busy))!.AsObject();
        string[] keys = [.. json.SelectMany(member => member.Value is JsonObject inner
            ? inner.Select(innerMember => $"{member.Key}.{innerMember.Key}")
            : [member.Key])];

        Assert.Equal(NodeProperty.All.Select(property => property.Key).Order(), keys.Except(["node", "why", "provider_says", "memory_bytes", "cpu_usec"]).Order());
    }

    [Fact]
    public void A_hold_without_an_end_has_none() => Assert.Null(JsonNode.Parse(Json(s_busy with { HoldUntil = 0 }))!["hold"]!["until"]);

    [Fact]
    public void It_is_one_line() => Assert.Single(Json(s_busy), c => c == '\n');

    private static string Json(NodeStatus status) => Json(new StatusSnapshot(status, null, null, null, false));

    private static string Json(StatusSnapshot reading)
    {
        using StringWriter output = new();
        JsonLine.Write(output, StatusJson.Of(reading with { Host = "com0" }));
        return output.ToString();
    }
}
