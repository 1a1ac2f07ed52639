using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests.Sites;

/// <summary>Two nodes of Slurm's on one host, neither by the host's name: slurmd's units are instances, and all must be up.</summary>
public sealed class SlurmdInstancesTests(ITestOutputHelper output) : SiteTest(output)
{
    private const string TwoInstances = TwoSlurmds.Configure + """
        systemctl --quiet disable slurmd
        sed 's,^ExecStart=.*,ExecStart=/usr/sbin/slurmd -D -N %i,' /lib/systemd/system/slurmd.service >/etc/systemd/system/slurmd@.service
        systemctl daemon-reload
        systemctl start slurmctld
        systemctl --quiet enable --now slurmd@virt1 slurmd@virt2
        """;

    [Fact]
    public void All_instances_must_be_up() => Site("slurmd@virt1, slurmd@virt2 on one host, RequireUnit=slurmd@*.service", (_, bench) =>
    {
        bench.Node.Shell(TwoInstances);
        bench.Agent.Set(Waiting + "[Node]\nRequireUnit=slurmd@*.service\n");
        bench.Node.Run("systemctl", "restart", Agent.Unit);
        Idle(bench, nodes: 2);
        string seen = TakesAndGivesBack(bench);
        IsWell(bench);

        bench.Node.Run("systemctl", "stop", "slurmd@virt2");
        bench.Agent.WaitFor("held", "required-unit-inactive");
        Assert.Contains("slurmd@virt2.service (RequireUnit=) is inactive", bench.Node.Try("hookctl", "doctor").Output, StringComparison.Ordinal);

        // An agent that starts while one is down knows of it from systemd, because it is enabled.
        bench.Node.Run("systemctl", "restart", Agent.Unit);
        bench.Agent.WaitFor("held", "required-unit-inactive");
        bench.Node.Run("systemctl", "start", "slurmd@virt2");
        bench.Agent.WaitUntilLent();

        // Each of them takes the node, and both give it back.
        string[] ids = [bench.Slurm.Sbatch(2, "-w", "virt1"), bench.Slurm.Sbatch(4, "-w", "virt2")];
        JobRun[] jobs = [.. ids.Select(bench.Slurm.Finished)];
        bench.Agent.WaitUntilLent();
        Assert.True(bench.WaitUntilReady().Start > jobs.Max(job => job.End));
        return $"held while one is down, jobs of both take the node; {seen}";
    });
}
