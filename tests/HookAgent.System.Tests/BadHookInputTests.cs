using HookAgent.Core.Journal;
using HookAgent.Core.Time;
using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests;

/// <summary>What the hook is wrongly asked for, it leaves undone, tells, and exits 0.</summary>
public sealed class BadHookInputTests(SystemFixture fixture, ITestOutputHelper output) : SystemTest(fixture, output)
{
    private const string Hook = "/usr/libexec/hookagent/slurm-hook";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData(MessageIds.HookWithoutJob, "", "prolog")]
    [InlineData(MessageIds.HookWithoutJob, "", "prolog", "abc")]
    [InlineData(MessageIds.HookMisused, "", "epilog", "-1")]
    [InlineData(MessageIds.HookWithoutJob, "", "prolog", "../../etc/passwd")]
    [InlineData(MessageIds.HookWithoutJob, "", "prolog", "99999999999999999999999999")]
    [InlineData(MessageIds.HookWithoutJob, "SLURM_SCRIPT_CONTEXT=prolog_slurmd SLURM_JOB_ID=7/8")]
    [InlineData(MessageIds.HookWithoutJob, "SLURM_SCRIPT_CONTEXT=epilog_slurmd")]
    [InlineData(MessageIds.HookInOtherContext, "SLURM_SCRIPT_CONTEXT=prolog_slurmctld SLURM_JOB_ID=7")]
    [InlineData(MessageIds.HookInOtherContext, "SLURM_SCRIPT_CONTEXT=nonsense SLURM_JOB_ID=7")]
    [InlineData(MessageIds.HookMisused, "")]
    [InlineData(MessageIds.HookMisused, "", "start", "7")]
    [InlineData(MessageIds.HookMisused, "", "prolog", "7", "8")]
    [InlineData(MessageIds.HookMisused, "", "--nonsense")]
    public void It_is_told_by(string messageId, string environment, params string[] arguments) => Story(() =>
    {
        BootTime since = BootClock.Now();
        CommandResult said = Node.Run(["env", .. environment.Split(' ', StringSplitOptions.RemoveEmptyEntries), Hook, .. arguments]);
        Assert.Equal("", said.Output);
        Journal.Await(since, s_patience, $"MESSAGE_ID={messageId}", "SYSLOG_IDENTIFIER=slurm-hook");
        Assert.Empty(Agent.RecordedJobs);
    });

    [Fact]
    public void A_user_who_runs_it_is_told_that_it_takes_root() => Story(() =>
    {
        BootTime since = BootClock.Now();
        Node.AsAlice(Hook, "prolog", "7");
        Journal.Await(since, s_patience, $"MESSAGE_ID={MessageIds.HookNotRoot}", "SLURM_JOB_ID=7");
        Assert.Empty(Agent.RecordedJobs);
    });

    [Fact]
    public void As_a_task_prolog_it_does_nothing_and_the_job_runs() => Story(() =>
    {
        BootTime since = BootClock.Now();
        Assert.Equal("here", Node.AsAlice("srun", $"--task-prolog={Hook}", "echo", "here").Text);
        JournalEntry told = Journal.Await(since, s_patience, $"MESSAGE_ID={MessageIds.HookInOtherContext}");
        Assert.Contains("prolog_task", told.Message, StringComparison.Ordinal);
    });
}
