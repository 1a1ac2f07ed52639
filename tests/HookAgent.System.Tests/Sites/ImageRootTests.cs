using HookAgent.Core.Time;
using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests.Sites;

/// <summary>A node that boots from an image: its root is read-only, and /var is empty at each boot.</summary>
public sealed class ImageRootTests(ITestOutputHelper output) : SiteTest(output)
{
    /// <summary>What a site has in its image for munge and Slurm; HookAgent's own lines come with its packages.</summary>
    private const string OfTheSite = """
        d /var/lib/munge 0711 munge munge
        d /var/log/munge 0700 munge munge
        d /var/lib/slurm 0755 slurm slurm
        d /var/lib/slurm/slurmctld 0755 slurm slurm
        d /var/lib/slurm/slurmd 0755 slurm slurm
        d /var/log/slurm 0755 slurm slurm
        """;

    [Fact]
    public void It_is_lent_and_taken_back_at_every_boot() => Site("root read-only, /var empty at each boot", (lab, bench) =>
    {
        bench.Node.Write("/etc/tmpfiles.d/site.conf", OfTheSite);
        string seen = "";
        foreach (int boot in (int[])[1, 2])
        {
            BootTime down = BootClock.Now();
            lab.RebootFromImage(bench.Node);
            Assert.False(bench.Node.Try("touch", "/etc/not-to-be").Succeeded);
            Eventually.True("the node is idle", Patience, () => bench.Slurm.NodeState() == "IDLE");
            bench.Agent.WaitUntilLent();

            // tmpfiles made both, and the agent keeps in them what this boot's end forgets.
            if (boot == 1)
            {
                bench.Node.Run("hookctl", "hold", "--reason", "test");
                bench.Agent.WaitFor("held", "operator-hold");
                bench.Node.Run("hookctl", "release");
                bench.Agent.WaitUntilLent();
            }

            Assert.Equal("directory", bench.Node.Run("stat", "-c", "%F", "/var/lib/hookagent").Text);
            seen = $"boot {boot}: {TakesAndGivesBack(bench)}";
            Assert.Empty(bench.Journal.Find(down, "PRIORITY=3", "_SYSTEMD_UNIT=hookagentd.service"));
            IsWell(bench);
            if (boot == 1)
            {
                // It outlives the agent, and not the boot.
                bench.Node.Run("hookctl", "hold", "--persistent", "--reason", "for this boot");
                bench.Node.Run("systemctl", "restart", "hookagentd");
                bench.Agent.WaitFor("held", "operator-hold");
            }
        }

        return $"lent at each boot, a hold forgotten with its boot; {seen}";
    });
}
