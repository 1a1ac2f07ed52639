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
    [Trait("Duration", "long")]
    public void It_changes_nothing_and_ends() => Fault("a second agent, started by hand", NoOverlap, () =>
    {
        Bench.BeginLent(Waiting);
        Node.Run("hookctl", "hold", "--reason", "so that a state is written");
        Agent.WaitFor("held", "operator-hold");
        Node.Run("hookctl", "release");
        Agent.WaitUntilLent();
        ProviderRun lent = Bench.WaitUntilReady();
        string agent = Agent.MainPid;
        string files = Files();
        CommandResult said;

        // It waits 5 s for the first one's end.
        Task<CommandResult> second = Task.Run(() => Node.Try("timeout", "20", "/usr/sbin/hookagentd"));
        try
        {
            LentAfter(Slurm.Srun(0.2).End);
            LentAfter(Slurm.Srun(0.2).End);
        }
        finally
        {
            said = second.Result;
        }

        Assert.Equal(1, said.ExitCode);
        Assert.Contains("Another hookagentd runs", said.Output + said.Error, StringComparison.Ordinal);
        Assert.Equal(agent, Agent.MainPid);
        Assert.Equal(files, Files());
        Assert.Equal(2, Provider.Runs().Count(run => run.Start > lent.Start));
        return "it said so and ended with 1; two jobs meanwhile, lent after each";
    });

    /// <summary>Those that no event of a job's changes.</summary>
    private string Files() => Node.Shell("stat -c '%n %i %y' /run/hookagent/hook.conf /var/lib/hookagent/node.state").Output;
}
