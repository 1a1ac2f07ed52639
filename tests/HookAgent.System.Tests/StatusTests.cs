using System.Globalization;
using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests;

/// <summary>hookctl tells what systemd and the records tell.</summary>
public sealed class StatusTests(SystemFixture fixture, ITestOutputHelper output) : SystemTest(fixture, output)
{
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
