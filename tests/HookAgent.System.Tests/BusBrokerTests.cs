using HookAgent.Core.Time;
using HookAgent.SystemTests.Authorisation;
using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests;

/// <summary>A node of its own, with dbus-broker, on which the packages are installed beside a running job.</summary>
public sealed class BusBrokerTests(ITestOutputHelper output)
{
    [Fact]
    public void Installed_beside_a_job_a_node_with_dbus_broker_is_lent_once_the_job_has_ended()
    {
        string[] packages = [Packages.Agent, Packages.Provider];
        using Lab lab = Lab.Up("broker", bus: "dbus-broker");
        Bench bench = new(lab.Node);
        try
        {
            lab.Standin();
            Assert.True(lab.Node.Try("pgrep", "-x", "dbus-broker").Succeeded, "the bus should be dbus-broker's");
            string early = bench.Slurm.Sbatch(15);
            bench.Slurm.Begun(early);
            bench.Agent.Set("[Node]\nIdleDelay=300ms\n[Hook]\nPrologWait=15s\n");
            lab.Install(packages);
            bench.Agent.WaitFor("unknown", "job-without-record");
            bench.WireSlurm();
            RefusalIsInTheJournal(bench);

            JobRun job = bench.Slurm.Finished(early);
            bench.Agent.WaitUntilLent();
            bench.WaitUntilReady();
            JobRun next = bench.Slurm.Srun(0.5);
            bench.Agent.WaitUntilLent();
            bench.WaitUntilReady();

            ProviderRun[] runs = bench.Provider.Runs();
            Assert.Equal(2, runs.Length);
            Assert.All(runs, run => Assert.Equal(TimeSpan.Zero, run.Life.Overlap(job.Life) + run.Life.Overlap(next.Life)));
            bench.CheckUndrained();
            Assert.All(bench.HooksSince(new BootTime(0)), bench.Check);
        }
        catch
        {
            output.WriteLine(bench.Journal.Tail(250));
            throw;
        }
    }

    /// <summary>dbus-broker's words differ from dbus-daemon's, and its fields.</summary>
    private static void RefusalIsInTheJournal(Bench bench)
    {
        BootTime since = BootClock.Now();
        Assert.All(new Stranger(bench.Node, "alice").Try([.. NodeBus.ForRoot.Values, NodeBus.OwnName]), attempt => attempt.WasRefused("access denied"));
        Assert.All(NodeBus.ForRoot.Keys, method => bench.Journal.Await(
            since, TimeSpan.FromSeconds(10), "_SYSTEMD_UNIT=dbus-broker.service", "DBUS_BROKER_MESSAGE_INTERFACE=org.hookagent.Node1", $"DBUS_BROKER_MESSAGE_MEMBER={method}"));
    }
}
