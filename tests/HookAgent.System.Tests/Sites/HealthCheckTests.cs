using HookAgent.Core.Time;
using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests.Sites;

/// <summary>
/// A health check every few seconds beside a lent node: free memory against RealMemory=, load, processes of users who have
/// no job. Where it does fail, it takes the node offline as the packaged wrapper has it.
/// </summary>
public sealed class HealthCheckTests(ITestOutputHelper output) : SiteTest(output)
{
    /// <summary>As sites write them; it notes each run. The load is that of the unit's processes, since the machine's is its host's.</summary>
    private const string Check = """
        #!/bin/sh
        fail() { echo "fail $1" >>/srv/checks; scontrol update NodeName=com0 State=DRAIN Reason="$1"; exit 1; }
        wanted=$(scontrol -o show node com0 | sed 's/.* RealMemory=\([0-9]*\).*/\1/')
        available=$(awk '$1 == "MemAvailable:" { print int($2 / 1024) }' /proc/meminfo)
        [ "$available" -ge "$wanted" ] || fail "MemAvailable $available MB, RealMemory $wanted MB"
        running=$(ps -eo stat= | grep -c '^R')
        [ "$running" -le 8 ] || fail "$running processes run"
        for user in $(ps -eo uid=,user= | awk '$1 >= 1000 && $1 < 60000 { print $2 }' | sort -u); do
            [ -n "$(squeue -h -w com0 -u "$user")" ] || fail "processes of $user, who has no job"
        done
        echo ok >>/srv/checks
        """;

    [Fact]
    public void It_drains_no_lent_node() => Site("HealthCheckProgram= every 3 s beside a lent node: memory, load, foreign users", (_, bench) =>
    {
        bench.Node.Write("/usr/local/sbin/health", Check, "0755");
        bench.Node.Shell("touch /srv/checks");
        bench.Slurm.Merge(["HealthCheckProgram=/usr/local/sbin/health", "HealthCheckInterval=3", "HealthCheckNodeState=ANY"]);
        bench.Agent.WaitUntilLent();
        Checks(bench, "ok", 4);
        string seen = TakesAndGivesBack(bench);
        Checks(bench, "ok", 8);
        bench.Agent.WaitUntilLent();
        Checks(bench, "ok", 10);
        Assert.Equal(0, Count(bench, "fail"));
        Assert.Equal("IDLE", bench.Slurm.NodeState());
        IsWell(bench);
        return $"{Count(bench, "ok")} checks, 0 drains; {seen}";
    });

    private static void Checks(Bench bench, string what, int count) => Eventually.Get(
        $"{count} checks", Patience, () => Count(bench, what) >= count ? "" : null, () => bench.Node.Read("/srv/checks"));

    private static int Count(Bench bench, string what) => bench.Node.Read("/srv/checks").Split('\n').Count(line => line.StartsWith(what, StringComparison.Ordinal));
}
