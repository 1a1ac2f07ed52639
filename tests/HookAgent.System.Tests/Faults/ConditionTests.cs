using HookAgent.Core.Time;
using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests.Faults;

/// <summary>systemd itself refuses a provider beside a record, whoever asks for it.</summary>
public sealed class ConditionTests(SystemFixture fixture, ITestOutputHelper output) : FaultTest(fixture, output)
{
    [Theory]
    [InlineData("a start by hand", "systemctl start wasimoff-provider")]
    [InlineData("a restart by hand", "systemctl restart wasimoff-provider")]
    [InlineData("a daemon that is killed", "systemctl kill --kill-who=main --signal=KILL hookagentd; systemctl start wasimoff-provider hookagentd")]
    public void Beside_a_record_the_provider_is_not_started_by(string what, string command) => Fault($"beside a job, {what}", NoOverlap, () =>
    {
        Bench.BeginLent("[Node]\nIdleDelay=300ms\n[Hook]\nPrologWait=15s\n");
        string id = Slurm.Sbatch(3);
        Slurm.Begun(id);
        BootTime tried = BootClock.Now();

        // systemctl says "canceled" where the agent's stop was faster than systemd's own refusal.
        Node.Shell($"{command} || test $? -eq 1");
        JobRun job = Slurm.Finished(id);
        Assert.True(tried < job.End, "the job was over too soon");

        Agent.WaitUntilLent();
        Bench.WaitUntilReady();
        ProviderRun[] runs = Provider.Runs();
        Assert.Equal(2, runs.Length);
        Assert.All(runs, run => Assert.Equal(TimeSpan.Zero, run.Life.Overlap(job.Life)));
        return $"no provider until {(runs[1].Start - job.End).Ms()} after the job";
    });

    /// <summary>
    /// systemd restarts an active provider with the daemon it is bound to. Here the daemon hangs, so that the provider
    /// is still active beside a job when an operator restarts the daemon.
    /// </summary>
    [Fact]
    [Trait("Duration", "long")]
    public void A_restart_of_a_hung_daemon_does_not_restart_the_provider_beside_a_record() => Fault("a hung daemon restarted by hand beside a job", WorstOverlap, () =>
    {
        Bench.BeginLent("[Node]\nIdleDelay=300ms\n[Hook]\nPrologWait=0\n");
        Node.Run("systemctl", "kill", "--kill-who=main", "--signal=STOP", Agent.Unit);
        string id = Slurm.Sbatch(9);
        Slurm.Begun(id);
        Assert.Equal("active", Provider.ActiveState);
        Node.Run("systemctl", "restart", Agent.Unit);
        JobRun job = Slurm.Finished(id);

        Agent.WaitUntilLent();
        Bench.WaitUntilReady();
        ProviderRun[] runs = Provider.Runs();
        Assert.Equal(2, runs.Length);
        Assert.True(runs[0].Life.End < job.End && runs[1].Start > job.End);
        return $"provider gone {runs[0].Life.Overlap(job.Life).Ms()} into the job, none until {(runs[1].Start - job.End).Ms()} after it";
    });
}
