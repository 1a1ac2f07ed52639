using System.Globalization;
using HookAgent.Core.Time;
using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests;

/// <summary>
/// A service that nobody here wrote: Debian's boinc-client, installed and enabled as its package does it. A node of its own,
/// because the others lend another unit, and with the agent's package alone; the stand-in is there for its job that waits.
/// </summary>
[Trait("Duration", "long")]
public sealed class AdoptTests(ITestOutputHelper output)
{
    private const string Unit = "boinc-client.service";
    private const string Named = "/etc/hookagent/hookagent.conf.d/unit.conf";
    private const int Jobs = 20;

    /// <summary>A job's own look at the node, from its first instruction to its last: the most of the client's processes at once.</summary>
    private const string Witness = "most=0; for i in $(seq 10); do n=$(pgrep -c -u boinc); test $n -le $most || most=$n; sleep 0.05; done; echo $most";

    [Fact]
    public void A_service_of_Debians_is_lent_and_taken_back_and_undone_without_a_trace()
    {
        using Lab lab = Lab.Up("adopt");
        Bench bench = new(lab.Node);
        Node node = lab.Node;
        try
        {
            lab.Install(Packages.Agent);
            lab.Standin();
            lab.Apt("boinc-client");
            bench.WireSlurm();
            Eventually.True("the client runs, as its package has it", TimeSpan.FromSeconds(30), () => node.ActiveState(Unit) == "active");
            Assert.Equal("enabled", node.UnitProperty(Unit, "UnitFileState"));
            string before = Traces(node);

            Adopt(node);
            Assert.NotEqual(before, Traces(node));
            Assert.Equal("inactive", node.ActiveState(Unit));
            node.Write(Named, $"[Node]\nUnit={Unit}\n");
            bench.Agent.Set("[Node]\nIdleDelay=300ms\n[Hook]\nPrologWait=15s\n");
            node.Shell("hookagentd --check && systemctl restart hookagentd");
            WaitUntilLent(bench);
            AssertDoctorHasNoFault(node);

            (int children, TimeSpan longest) = RunJobs(bench);
            Assert.True(children >= Jobs / 2, $"children of the client ran before {children} of {Jobs} jobs");
            output.WriteLine($"figure: boinc-client, {Jobs} jobs: none of its processes beside a job, {children} times with children, lent again within {longest.Ms()}");

            // Beside a job that does not wait for it, it is still gone within the bound of the manual.
            bench.Agent.Set("[Node]\nIdleDelay=300ms\nStopGrace=10s\n[Hook]\nPrologWait=0\n");
            node.Run("systemctl", "reload", Agent.Unit);
            node.AsAlice("srun", "sh", "-c", "end=$(($(date +%s) + 13)); while pgrep -u boinc >/dev/null; do test $(date +%s) -le $end || exit 1; sleep 0.1; done");
            WaitUntilLent(bench);

            bench.Agent.Set("[Node]\nIdleDelay=300ms\n[Hook]\nPrologWait=15s\n");
            lab.Reboot(node, crash: false);
            WaitUntilLent(bench);
            Assert.Equal("0", bench.Slurm.Said(Witness.Replace("seq 10", "seq 40", StringComparison.Ordinal)).Split('\n')[^1]);
            WaitUntilLent(bench);

            lab.Apt("--reinstall", "boinc-client");
            Assert.Equal("disabled", node.UnitProperty(Unit, "UnitFileState"));
            WaitUntilLent(bench);
            AssertDoctorHasNoFault(node);
            bench.CheckUndrained();

            CommandResult refused = node.Try("hookctl", "adopt", "--undo", Unit);
            Assert.False(refused.Succeeded);
            Assert.Contains("hookagentd lends the node to boinc-client.service", refused.Error, StringComparison.Ordinal);
            node.Shell($"rm {Named} && systemctl restart hookagentd");
            node.Run("hookctl", "adopt", "--undo", Unit);
            Assert.Equal(before, Traces(node));
            node.Run("systemctl", "start", Unit);
            Assert.Equal("active", node.ActiveState(Unit));
        }
        catch
        {
            output.WriteLine(bench.Journal.Tail(250));
            throw;
        }
    }

    /// <summary>The client's helper processes, as a stray one would be: of its user, in another control group.</summary>
    [Fact]
    public void Work_outside_the_control_group_is_told()
    {
        using Lab lab = Lab.Up("stray");
        Node node = lab.Node;
        Bench bench = new(node);
        try
        {
            lab.Install(Packages.Agent);
            node.Run("hookctl", "release");
            node.Write($"/etc/systemd/system/{Unit}", "[Service]\nUser=alice\nExecStart=/bin/sleep infinity\n[Install]\nWantedBy=multi-user.target\n");
            node.Shell($"systemctl daemon-reload && systemctl enable --now {Unit}");
            node.Run("hookctl", "adopt", Unit);
            node.Write(Named, $"[Node]\nUnit={Unit}\nIdleDelay=300ms\n");
            node.Shell("systemctl restart hookagentd");
            bench.Agent.WaitUntilLent();
            Assert.Contains("  ok       unit-processes ", node.Try("hookctl", "doctor", "--all").Output, StringComparison.Ordinal);

            node.Run("systemd-run", "--uid=alice", "--unit=stray", "sleep", "infinity");
            string doctor = node.Try("hookctl", "doctor", "--all").Output;
            Assert.Contains("  warning  unit-processes ", doctor, StringComparison.Ordinal);
            Assert.Contains(" in /system.slice/stray.service", doctor, StringComparison.Ordinal);
        }
        catch
        {
            output.WriteLine(bench.Journal.Tail(250));
            throw;
        }
    }

    /// <summary>A dry run says all of it and does nothing; a second adoption changes nothing.</summary>
    private static void Adopt(Node node)
    {
        string before = Traces(node);
        string would = node.Run("hookctl", "adopt", "--dry-run", Unit).Output;
        Assert.Contains("BindsTo=hookagentd.service", would, StringComparison.Ordinal);
        Assert.Equal(before, Traces(node));

        string said = node.Run("hookctl", "adopt", "boinc-client").Output;
        Assert.Contains($"{Unit} is adopted", said, StringComparison.Ordinal);
        Assert.Contains("multi-user.target.wants/boinc-client.service", said, StringComparison.Ordinal);
        Assert.Contains("ExecStop=", said, StringComparison.Ordinal);
        string after = Traces(node);
        Assert.Contains("is adopted already", node.Run("hookctl", "adopt", Unit).Output, StringComparison.Ordinal);
        Assert.Equal(after, Traces(node));
    }

    /// <returns>How often the client had children when the job came, and how long it took at most until the node was lent again.</returns>
    private static (int Children, TimeSpan Longest) RunJobs(Bench bench)
    {
        int children = 0;
        TimeSpan longest = TimeSpan.Zero;
        for (int i = 0; i < Jobs; i++)
        {
            // A benchmark is what it forks children for without a project; each of two tries in case it is not listening yet.
            Eventually.True("the client takes commands", TimeSpan.FromSeconds(20), () =>
                bench.Node.Try("sh", "-c", "cd /var/lib/boinc && timeout 5 boinccmd --run_benchmarks").Succeeded);
            Eventually.True("it has children", TimeSpan.FromSeconds(20), () => Processes(bench.Node) > 1 || i % 2 == 1);
            children += Processes(bench.Node) > 1 ? 1 : 0;
            string seen = bench.Slurm.Said(Witness).Split('\n')[^1];
            BootTime ended = BootClock.Now();
            Assert.True(seen == "0", $"beside job {i + 1} there were {seen} processes of the client");
            WaitUntilLent(bench);
            TimeSpan took = BootClock.Now() - ended;
            longest = took > longest ? took : longest;
        }

        return (children, longest);
    }

    private static void WaitUntilLent(Bench bench)
    {
        bench.Agent.WaitUntilLent(TimeSpan.FromSeconds(60));
        Assert.Equal("active", bench.Node.ActiveState(Unit));
    }

    private static int Processes(Node node) =>
        int.Parse(node.Try("pgrep", "-c", "-u", "boinc").Text, CultureInfo.InvariantCulture);

    /// <summary>The lab's journal ends with its node's boot, and its slurm.conf names a recorder: neither is about the unit.</summary>
    private static void AssertDoctorHasNoFault(Node node)
    {
        string[] ofUnit = [.. node.Try("hookctl", "doctor", "--all").Output.Split('\n').SkipWhile(line => line != "Lent unit").TakeWhile(line => line != "Wasimoff provider" && line != "Records of what happened")];
        Assert.True(ofUnit.Length > 10, string.Join('\n', ofUnit));
        Assert.DoesNotContain(ofUnit, line => line.StartsWith("  fault", StringComparison.Ordinal) || line.StartsWith("  warning", StringComparison.Ordinal));
    }

    /// <summary>All that adopting may leave: what lies below /etc/systemd, and how systemd takes the unit.</summary>
    private static string Traces(Node node) => node.Shell(
        $"find /etc/systemd /run/systemd/system /var/lib/systemd/deb-systemd-helper-enabled -printf '%y %M %U %p %l %s\\n' | sort; systemctl cat {Unit}; systemctl show -p UnitFileState,DropInPaths,NeedDaemonReload,Slice,Restart,ExecStop,Conditions,BindsTo {Unit}").Output;
}
