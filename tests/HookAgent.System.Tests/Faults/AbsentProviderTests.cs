using HookAgent.Core.Time;
using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests.Faults;

/// <summary>A provider that cannot or must not be started: missing, masked, stopped by hand. Jobs run all the same.</summary>
public sealed class AbsentProviderTests(SystemFixture fixture, ITestOutputHelper output) : FaultTest(fixture, output)
{
    private const string UnitFile = "/lib/systemd/system/wasimoff-provider.service";
    private const string Program = "/usr/local/lib/hookagent-standin/provider";

    // Two programs to start are a fault of the unit for every systemd; 247 ends itself over Type=dbus without BusName=.
    private const string SecondStart = "/etc/systemd/system/wasimoff-provider.service.d/99-second-start.conf";

    [Theory]
    [InlineData("provider's unit missing", "unit-missing", $"mv {UnitFile} /srv/unit && systemctl daemon-reload", $"mv /srv/unit {UnitFile} && systemctl daemon-reload")]
    [InlineData("provider's unit file of no use", "bad-unit", $"printf '[Service]\\nExecStart=/bin/true\\n' >{SecondStart} && systemctl daemon-reload", $"rm {SecondStart} && systemctl daemon-reload")]
    [InlineData("provider's program missing", "start-failed", $"mv {Program} /srv/program", $"mv /srv/program {Program}")]
    [InlineData("provider masked", "masked", "systemctl mask wasimoff-provider", "systemctl unmask wasimoff-provider")]
    public void After_the_next_job_it_is_not_started(string name, string reason, string take, string giveBack) => Fault(name, NoOverlap, () =>
    {
        Bench.BeginLent(Waiting);
        NodeStatus without;
        JobRun first;
        JobRun second;
        BootTime back;
        try
        {
            Node.Shell(take);
            first = Slurm.Srun(0.3);
            without = Agent.WaitFor(reason == "masked" ? "held" : "failed", reason);
            second = Slurm.Srun(0.3);
        }
        finally
        {
            // systemd may start it before the command says that all is well again.
            back = BootClock.Now();
            Node.Shell(giveBack);
        }

        ProviderRun next = LentAfter(second.End);
        Assert.DoesNotContain(Provider.Runs(), run => run.Start > first.Begin && run.Start < back);
        return $"{without.State} ({without.Reason}), jobs run; lent {(next.Ready!.Value - back).Ms()} after it began to be put right";
    });

    /// <summary>The hand's word outlives a job and the daemon.</summary>
    [Fact]
    public void Stopped_by_hand() => Fault("provider stopped by hand", NoOverlap, () =>
    {
        Bench.BeginLent(Waiting);
        Node.Run("systemctl", "stop", Harness.Provider.Unit);
        Agent.WaitFor("held", "hand-stopped");
        JobRun job = Slurm.Srun(0.3);
        Agent.WaitFor("held", "hand-stopped");
        Node.Run("systemctl", "restart", Harness.Agent.Unit);
        Agent.WaitFor("held", "hand-stopped");
        Assert.Single(Provider.Runs());
        Node.Run("systemctl", "start", Harness.Provider.Unit);
        LentAfter(job.End);
        Agent.WaitUntilLent();
        return "held (hand-stopped), also after a job and a restart of the daemon; a start by hand lends again";
    });
}
