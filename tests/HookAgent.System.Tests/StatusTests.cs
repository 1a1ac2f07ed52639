using System.Globalization;
using System.Text.Json;
using HookAgent.Core.Time;
using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests;

/// <summary>hookctl tells what systemd and the records tell.</summary>
public sealed class StatusTests(SystemFixture fixture, ITestOutputHelper output) : SystemTest(fixture, output)
{
    private const string DropIn = "/run/systemd/system/wasimoff-provider.service.d/90-says.conf";

    [Fact]
    public void Status_agrees_with_systemd_and_the_records_in_every_phase() => Story(() =>
    {
        Bench.BeginLent("[Node]\nIdleDelay=2s\n", "drain_seconds=3");
        Agrees("lending", "running", "active");

        string job = Slurm.Sbatch(6);
        Agrees("reclaiming", "stop-asked", "deactivating", job);
        Agrees("busy", "jobs-recorded", "inactive", job);
        Slurm.Completed(job);
        Agrees("settling", "idle-delay", "inactive");
        Agrees("lending", "running", "active");

        Node.Run("systemctl", "stop", "slurmd");
        Agrees("held", "required-unit-inactive", "inactive");
        Node.Run("systemctl", "start", "slurmd");
        Agrees("lending", "running", "active");

        Node.Run("systemctl", "stop", HookAgent.SystemTests.Harness.Provider.Unit);
        Agrees("held", "hand-stopped", "inactive");
        Node.Run("systemctl", "start", HookAgent.SystemTests.Harness.Provider.Unit);
        Agrees("lending", "running", "active");
        Eventually.True("Slurm has its node back", TimeSpan.FromSeconds(30), () => Slurm.NodeState() == "IDLE");
    });

    /// <summary>As the shipped starter says it (packaging/wasimoff): why it does not start, and what it waits for.</summary>
    [Fact]
    public void A_provider_that_fails_or_waits_is_quoted_from_its_journal() => Story(() =>
    {
        string[] why = ["The provider was not started: Deno is missing.", "Cause: DENO is not set.", "Next: install Deno."];
        string[] wait = ["Waiting for the broker at controller:4080: connection refused"];
        try
        {
            Says($"printf '<3>%s\\n' '{string.Join("' '", why)}' >&2; echo bye; exit 78");
            Bench.Begin("[Node]\nIdleDelay=300ms\n");

            // Between its pauses it is tried again, and is not failed.
            Becomes("the cause is quoted", () => Quoted() is { } quoted && quoted.SequenceEqual(why));
            string text = $": \"{why[0]}\"\n          \"{why[1]}\"\n          \"{why[2]}\"\n";
            Becomes("people see it too", () => Node.Run("hookctl", "status").Output.Contains(text, StringComparison.Ordinal));
            const string hidden = "Provider: what it said: 'journalctl -u wasimoff-provider.service', by root or the groups adm and systemd-journal\n";
            Becomes("others are told where it is", () => Node.AsAlice("hookctl", "status").Output.Contains(hidden, StringComparison.Ordinal));

            Says($"printf '<4>%s\\n' '{wait[0]}' >&2; exec sleep 60");
            Agent.WaitUntilLent();
            Becomes("the wait is quoted", () => Quoted() is { } quoted && quoted.SequenceEqual(wait));
        }
        finally
        {
            Node.Shell($"rm -f {DropIn} && systemctl daemon-reload");
        }
    });

    [Fact]
    public void A_reload_of_refused_settings_fails_and_is_told_until_they_are_good() => Story(() =>
    {
        const string file = "/etc/hookagent/hookagent.conf.d/zz-refused.conf";
        Bench.BeginLent("[Node]\nIdleDelay=300ms\n");
        try
        {
            Node.Write(file, "[Node]\nIdelDelay=5s\n");
            Assert.False(Node.Try("systemctl", "reload", HookAgent.SystemTests.Harness.Agent.Unit).Succeeded);
            Becomes("the refusal is in the status", () => Node.Run("hookctl", "status").Output.Contains($"Config: refused, old settings in force: {file}:2: ", StringComparison.Ordinal));
            Becomes("and in systemd's", () => Node.Run("systemctl", "show", "-p", "StatusText", HookAgent.SystemTests.Harness.Agent.Unit).Output.Contains($"{file}:2: ", StringComparison.Ordinal));
            Agrees("lending", "running", "active");
        }
        finally
        {
            Node.Shell($"rm -f {file}");
        }

        Node.Run("systemctl", "reload", HookAgent.SystemTests.Harness.Agent.Unit);
        Becomes("nothing is refused any more", () => !Node.Run("hookctl", "status").Output.Contains("Config:", StringComparison.Ordinal));
    });

    [Fact]
    public void A_hold_is_told_with_who_made_it() => Story(() =>
    {
        Bench.BeginLent("[Node]\nIdleDelay=300ms\n");
        BootTime since = BootClock.Now();
        string said = Node.Run("env", "SUDO_USER=alice", "hookctl", "hold", "--reason", "swap DIMM 3").Output;
        Assert.StartsWith("Held until released, by root (sudo: alice): \"swap DIMM 3\".", said, StringComparison.Ordinal);
        Agent.WaitFor("held", "operator-hold");
        Assert.Contains("    Held: until released, by root (sudo: alice): \"swap DIMM 3\". Since ", Node.Run("hookctl", "status").Output, StringComparison.Ordinal);
        Assert.StartsWith("Released the hold by root (sudo: alice): \"swap DIMM 3\".\n", Node.Run("hookctl", "release").Output, StringComparison.Ordinal);
        Agent.WaitUntilLent();
        Assert.Contains("Hold released by root.", Journal.Find(since, "SYSLOG_IDENTIFIER=hookagentd").Select(static entry => entry.Message));
    });

    private void Becomes(string what, Func<bool> so) =>
        Eventually.Get(what, TimeSpan.FromSeconds(20), () => so() ? "" : null, () => Node.Run("hookctl", "status").Output);

    /// <summary>What the provider runs instead of the stand-in; systemd's reload ends a backoff.</summary>
    private void Says(string script)
    {
        Node.Shell($"mkdir -p {Path.GetDirectoryName(DropIn)}");
        Node.Write(DropIn, $"[Service]\nExecStart=\nExecStart=/bin/sh -c \"{script.Replace("%", "%%", StringComparison.Ordinal)}\"\n");
        Node.Run("systemctl", "daemon-reload");
    }

    private string[]? Quoted()
    {
        using JsonDocument status = JsonDocument.Parse(Node.Run("hookctl", "status", "--json").Output);
        return status.RootElement.GetProperty("provider_says") is { ValueKind: JsonValueKind.Object } says
            ? [.. says.GetProperty("lines").EnumerateArray().Select(line => line.GetString()!)]
            : null;
    }

    private void Agrees(string state, string reason, string activeState, params string[] jobs)
    {
        Agent.WaitFor(state, reason);

        // A provider started by hand counts as running from its start on; the agent hears of the rest a little later.
        Eventually.True($"the agent sees the unit {activeState}", TimeSpan.FromSeconds(10), () => Agent.Status()?.UnitState == activeState);
        NodeStatus status = Agent.WaitFor(state, reason);
        Assert.Equal(jobs, status.Jobs.Select(job => job.ToString(CultureInfo.InvariantCulture)));
        Assert.Equal(activeState, Provider.ActiveState);
        Assert.Equal(jobs, Agent.RecordedJobs);
    }
}
