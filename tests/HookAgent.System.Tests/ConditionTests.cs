using HookAgent.Core.Time;
using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests;

/// <summary>systemd itself refuses a provider beside a record, whoever asks for it.</summary>
public sealed class ConditionTests(SystemFixture fixture, ITestOutputHelper output) : SystemTest(fixture, output)
{
    [Theory]
    [InlineData("a start by hand", "systemctl start wasimoff-provider")]
    [InlineData("a restart by hand", "systemctl restart wasimoff-provider")]
    [InlineData("a restart of the daemon", "systemctl restart hookagentd")]
    [InlineData("a daemon that is killed", "systemctl kill --kill-whom=main --signal=KILL hookagentd; systemctl start wasimoff-provider hookagentd")]
    public void Beside_a_record_the_provider_is_not_started_by(string what, string command) => Story(() =>
    {
        Bench.BeginLent("[Node]\nIdleDelay=300ms\n[Hook]\nPrologWait=15s\n");
        string id = Slurm.Sbatch(3);
        Slurm.Begun(id);
        BootTime tried = BootClock.Now();
        Node.Shell(command);
        JobRun job = Slurm.Finished(id);
        Assert.True(tried < job.End, "the job was over too soon");

        Agent.WaitUntilLent();
        Bench.WaitUntilReady();
        ProviderRun[] runs = Provider.Runs();
        Assert.Equal(2, runs.Length);
        Assert.All(runs, run => Assert.Equal(TimeSpan.Zero, run.Life.Overlap(job.Life)));
        Figure($"beside a record, {what}: no provider until {(runs[1].Start - job.End).Ms()} after the job");
    });
}
