using System.Text.Json;

namespace HookAgent.SystemTests.Harness;

/// <summary>What <c>hookctl status --json</c> says.</summary>
internal sealed record NodeStatus(string State, string Reason, string UnitState, IReadOnlyList<long> Jobs)
{
    public static NodeStatus Parse(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        JsonElement root = document.RootElement;
        return new NodeStatus(
            root.GetProperty("state").GetString()!,
            root.GetProperty("reason").GetString()!,
            root.GetProperty("unit_state").GetString() ?? "",
            [.. root.GetProperty("jobs").EnumerateArray().Select(job => job.GetInt64())]);
    }

    public bool Is(string state, string reason) => State == state && Reason == reason;

    public override string ToString() => $"{State} ({Reason}), unit {UnitState}, jobs [{string.Join(' ', Jobs)}]";
}
