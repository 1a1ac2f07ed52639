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
            LargestMessageFreesNoProlog(bench);
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
        Assert.All(new Stranger(bench.Node, "alice").Try([.. NodeBus.ForRoot.Values, .. NodeBus.OwnNames]), attempt => attempt.WasRefused("access denied"));
        Assert.All(NodeBus.ForRoot.Keys, method => bench.Journal.Await(
            since, TimeSpan.FromSeconds(10), "_SYSTEMD_UNIT=dbus-broker.service", "DBUS_BROKER_MESSAGE_INTERFACE=org.hookagent.Node1", $"DBUS_BROKER_MESSAGE_MEMBER={method}"));
    }

    /// <summary>
    /// dbus-broker drops a connection over a message of 128 MiB to it. A user can cost the agent the one on which the status is
    /// read, and not the one on which a Prolog waits.
    /// </summary>
    private void LargestMessageFreesNoProlog(Bench bench)
    {
        const string program = "/usr/local/libexec/large-message";
        bench.Node.Bring(Path.Combine(AppContext.BaseDirectory, "Native", "large-message.pl"), program);
        bench.BeginLent("[Node]\nIdleDelay=300ms\n[Hook]\nPrologWait=15s\n", "drain_seconds=5");
        string roots = Owner(bench, "org.hookagent.Node1");
        string everybodys = Owner(bench, "org.hookagent.Status1");
        string id = bench.Slurm.Sbatch(1);
        Eventually.True("the provider drains", TimeSpan.FromSeconds(20), () => bench.Provider.Runs()[^1].Term is not null);
        foreach (string owner in (string[])[roots, everybodys])
        {
            string said = bench.Node.TryAsAlice("perl", program, "/run/dbus/system_bus_socket", owner).Output;
            Assert.Contains("sent", said, StringComparison.Ordinal);
        }

        bench.Slurm.Finished(id);
        Eventually.True("everybody reads the status again", TimeSpan.FromSeconds(10), () => bench.Node.TryAsAlice("hookctl", "status").Succeeded);
        Assert.Equal(roots, Owner(bench, "org.hookagent.Node1"));
        Assert.NotEqual(everybodys, Owner(bench, "org.hookagent.Status1"));
        TimeSpan worst = bench.WorstOverlap();
        output.WriteLine(FormattableString.Invariant($"fault: dbus-broker, messages of 128 MiB to the agent while a Prolog waits | provider drains for 5 s, root's connection stays | {worst.TotalSeconds:0.###} of 0 s | {(worst == TimeSpan.Zero ? "ok" : "FAILED")}"));
        Assert.Equal(TimeSpan.Zero, worst);
    }

    private static string Owner(Bench bench, string name) =>
        bench.Node.Run("busctl", "call", "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "GetNameOwner", "s", name).Text[3..^1];
}
