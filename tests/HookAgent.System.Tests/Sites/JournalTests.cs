using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests.Sites;

/// <summary>journald keeps nothing at all; that it keeps only the boot is what every other test's node has.</summary>
public sealed class JournalTests(ITestOutputHelper output) : SiteTest(output)
{
    [Fact]
    public void A_journal_that_keeps_nothing() => Site("journald with Storage=none", (_, bench) =>
    {
        bench.Node.Write("/etc/systemd/journald.conf.d/zz-site.conf", "[Journal]\nStorage=none\n");
        bench.Node.Run("systemctl", "restart", "systemd-journald");
        bench.Node.Run("systemctl", "restart", Agent.Unit);
        string seen = TakesAndGivesBack(bench);
        CommandResult job = bench.Node.Try("hookctl", "job", bench.Slurm.Runs.Last().Id);
        Assert.False(job.Succeeded);
        Assert.Contains("journal", job.Error, StringComparison.Ordinal);
        IsWell(bench);
        return $"{seen}; hookctl job says what the journal lacks";
    });
}
