using System.Text.Json;
using HookAgent.Bus;
using HookAgent.Ctl.Agent;
using HookAgent.Ctl.Output;
using HookAgent.Ctl.Reconcile;
using HookAgent.Ctl.Status;
using HookAgent.Tests;
using Xunit.Abstractions;

namespace HookAgent.Ctl.Tests.Status;

/// <summary>Whatever a daemon or squeue says, hookctl shows it on its lines, and nothing that a terminal would obey.</summary>
public sealed class StatusFuzzTests(ITestOutputHelper output)
{
    private static readonly string[] s_words = ["lending", "operator-hold", "hand-stopped", "17", "wasimoff-provider.service", "disk swap", ""];

    private static readonly ulong[] s_numbers =
        [0, 1, 1_763_824_800_123_456, 253_402_300_799_999_999, 253_402_300_800_000_000, long.MaxValue, ulong.MaxValue];

    [Fact]
    public void A_status_keeps_to_its_lines_and_its_json_can_be_read() => Fuzz.Run(output, 2, mutator =>
    {
        NodeStatus status = new()
        {
            State = mutator.Mutate(s_words),
            Reason = mutator.Mutate(s_words),
            Since = mutator.Pick(s_numbers),
            Jobs = [.. Enumerable.Range(0, mutator.Pick(4)).Select(_ => mutator.Mutate(s_words))],
            Unit = mutator.Mutate(s_words),
            UnitState = mutator.Mutate(s_words),
            HeldBy = mutator.Mutate(s_words),
            HoldReason = mutator.Mutate(s_words),
            HoldUntil = mutator.Pick(s_numbers),
            Version = mutator.Mutate(s_words),
            LastHandoverUSec = mutator.Pick(s_numbers),
            Counts = NodeCounts.Zero.With(NodeProperty.Kills, mutator.Pick(s_numbers)),
            Handovers = [.. Enumerable.Range(0, mutator.Pick(7)).Select(_ => new NodeHandover(mutator.Pick(s_numbers), mutator.Mutate(s_words), mutator.Pick(s_numbers), mutator.Pick(s_numbers)))],
        };
        StatusSnapshot reading = new(status, mutator.Pick(2) == 0 ? null : mutator.Pick(s_numbers), mutator.Pick(2) == 0 ? null : mutator.Pick(s_numbers),
            mutator.Pick(2) == 0 ? null : new ProviderMessage(DateTimeOffset.UnixEpoch, 3, [mutator.Mutate(s_words), mutator.Mutate(s_words)]), mutator.Pick(2) == 0);
        using StringWriter text = new();
        TimeZoneInfo zone = TimeZoneInfo.CreateCustomTimeZone("test", TimeSpan.FromHours(mutator.Pick(29) - 14), null, null);
        new StatusText(new Terminal(text, text, Coloured: false), DateTimeOffset.UnixEpoch.AddYears(mutator.Pick(8000)), zone).Write(reading);
        string[] lines = text.ToString().Split('\n');
        int optional = (reading.MemoryBytes is null ? 0 : 1) + (reading.CpuUsec is null ? 0 : 1) + (status.HeldBy.Length > 0 ? 1 : 0)
            + (reading.Provider?.Lines.Count ?? (status.State == "failed" && !reading.ByRoot ? 1 : 0)) + (status.State == "failed" ? 1 : 0);
        Assert.Equal(7 + Math.Max(1, Math.Min(5, status.Handovers.Count)) + optional, lines.Length);
        Assert.All(lines, line => Assert.DoesNotContain(line, char.IsControl));

        if (status.State.Length > 0)
        {
            Assert.DoesNotContain(AgentConnection.Explain(new NodeAnswer(NodeOutcome.Error, status.State, status.Reason)), char.IsControl);
        }

        using StringWriter json = new();
        JsonLine.Write(json, StatusJson.Of(reading));
        Assert.Single(json.ToString().TrimEnd('\n').Split('\n'));
        using JsonDocument read = JsonDocument.Parse(json.ToString());
        Assert.Equal(JsonValueKind.String, read.RootElement.GetProperty("state").ValueKind);
    });

    [Fact]
    public void What_squeue_prints_is_jobs_or_strange() => Fuzz.Run(output, 1, mutator =>
    {
        string said = mutator.Mutate(["17|RUNNING\n18|COMPLETING\n4294967293|PENDING\n", "17|RUNNING", "slurm_load_jobs error: Unable to contact\n", ""]);
        var jobs = SqueueOutput.Parse(said, out _, out string? strange);
        Assert.True(strange is null || jobs.IsEmpty);
        Assert.All(jobs, job => Assert.Contains(job.ToString(), said, StringComparison.Ordinal));
    });
}
