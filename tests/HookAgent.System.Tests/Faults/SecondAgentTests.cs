using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests.Faults;

/// <summary>
/// Somebody starts a second agent beside the node's, as one does to see what it says: it changes nothing, neither by the bus
/// nor by the files that both would write, and ends.
/// </summary>
public sealed class SecondAgentTests(SystemFixture fixture, ITestOutputHelper output) : FaultTest(fixture, output)
{
    [Fact]
    public void It_changes_nothing_and_ends() => Fault("a second agent, started by hand", NoOverlap, () =>
    {
        Bench.BeginLent(Waiting);
        string agent = Agent.MainPid;
        const int ends = 1;

        // It waits 5 s for the first one's end.
        Task<CommandResult> second = Task.Run(() => Node.Try("timeout", "20", "/usr/sbin/hookagentd"));
        string files = Files();
        LentAfter(Slurm.Srun(0.2).End);
        LentAfter(Slurm.Srun(0.2).End);
        CommandResult said = second.Result;

        Assert.Equal(ends, said.ExitCode);
        Assert.Contains("Another hookagentd runs", said.Output + said.Error, StringComparison.Ordinal);
        Assert.Equal(agent, Agent.MainPid);
        Assert.Equal(files, Files());
        Assert.Equal(3, Provider.Runs().Length);
        return "it said so and ended with 1; two jobs meanwhile, lent after each";
    });

    /// <summary>A state that no event has changed.</summary>
    private string Files() => Node.Shell("stat -c '%n %i %y' /run/hookagent/hook.conf /var/lib/hookagent/node.state").Output;
}
