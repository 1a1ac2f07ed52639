using HookAgent.Core.Journal;
using HookAgent.Core.Time;
using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests;

/// <summary>What an administrator does with systemctl while jobs and provider come and go.</summary>
public sealed class SystemdTests(SystemFixture fixture, ITestOutputHelper output) : SystemTest(fixture, output)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("daemon-reload")]
    [InlineData("daemon-reexec")]
    public void In_the_middle_of_a_handover_and_of_a_job_it_changes_nothing(string command) => Story(() =>
    {
        Bench.BeginLent("[Node]\nIdleDelay=300ms\n[Hook]\nPrologWait=15s\n", "drain_seconds=3");
        string agent = Node.UnitProperty(Agent.Unit, "MainPID");
        string id = Slurm.Sbatch(4);
        Agent.WaitFor("reclaiming", "stop-asked");
        Node.Run("systemctl", command);
        Slurm.Begun(id);
        Node.Run("systemctl", command);
        Agent.WaitFor("busy", "jobs-recorded");
        JobRun job = Slurm.Finished(id);

        Agent.WaitUntilLent();
        Bench.WaitUntilReady();
        Node.Run("systemctl", command);
        Agent.WaitUntilLent();
        ProviderRun[] runs = Provider.Runs();
        Assert.Equal(2, runs.Length);
        Assert.All(runs, run => Assert.Equal(TimeSpan.Zero, run.Life.Overlap(job.Life)));
        Assert.Equal(agent, Node.UnitProperty(Agent.Unit, "MainPID"));
        Figure($"systemctl {command} in a handover, a job and while lent: overlap 0, the agent was not restarted");
    });

    [Fact]
    public void An_exit_of_1_after_a_second_SIGTERM_is_no_fault_of_the_unit() => Story(() =>
    {
        Bench.BeginLent("[Node]\nIdleDelay=300ms\nStopGrace=1s\n[Hook]\nPrologWait=15s\n", "drain_seconds=30");
        BootTime since = BootClock.Now();
        string id = Slurm.Sbatch(2);
        Slurm.Begun(id);
        JobRun job = Slurm.Finished(id);
        Agent.WaitUntilLent();
        ProviderRun next = Bench.WaitUntilReady();
        Assert.Empty(Journal.Find(since, $"MESSAGE_ID={NodeMessageIds.ProviderFailed}"));
        Assert.Contains("second SIGTERM", Assert.Single(Journal.Find(since, $"MESSAGE_ID={NodeMessageIds.ProviderStopped}")).Message, StringComparison.Ordinal);
        Figure($"a provider that exits 1 at its second SIGTERM: no failure, lent again {(next.Start - job.End).Ms()} after the job");
    });

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    public void A_provider_that_ends_by_itself_is_told_with_its_exit_status(int status) => Story(() =>
    {
        BootTime since = BootClock.Now();
        Bench.Begin("[Node]\nIdleDelay=300ms\n", $"exit_after=1\nexit_code={status}");
        string said = Journal.Await(since, s_patience, $"MESSAGE_ID={NodeMessageIds.ProviderFailed}", "HOOKAGENT_REASON=provider-exited").Message;
        Assert.Contains($"exit status {status}", said, StringComparison.Ordinal);
    });

    [Fact]
    public void A_reload_takes_new_settings_and_keeps_the_old_ones_where_the_new_are_bad() => Story(() =>
    {
        Bench.BeginLent("[Hook]\nPrologWait=3s\n");
        BootTime since = BootClock.Now();
        Agent.Set("[Hook]\nPrologWait=4s\n");
        Node.Run("systemctl", "reload", Agent.Unit);
        Journal.Await(since, s_patience, $"MESSAGE_ID={NodeMessageIds.SettingsReloaded}");
        Assert.Contains("PROLOG_WAIT_USEC=4000000\n", Node.Read("/run/hookagent/hook.conf"), StringComparison.Ordinal);

        Agent.Set("[Hook]\nPrologWait=5s\nPrologWeit=5s\n");
        Assert.NotEqual(0, Node.Try("systemctl", "reload", Agent.Unit).ExitCode);
        string said = Journal.Await(since, s_patience, $"MESSAGE_ID={NodeMessageIds.SettingsBad}").Message;
        Assert.Contains("/etc/hookagent/hookagent.conf.d/test.conf:3: ", said, StringComparison.Ordinal);
        Assert.Contains("The old settings stay in force.", said, StringComparison.Ordinal);
        Assert.Contains("PROLOG_WAIT_USEC=4000000\n", Node.Read("/run/hookagent/hook.conf"), StringComparison.Ordinal);
        Assert.Equal("active", Node.ActiveState(Agent.Unit));
        Agent.WaitUntilLent();

        CommandResult check = Node.Try("hookagentd", "--check");
        Assert.Equal(78, check.ExitCode);
        Assert.Contains("test.conf:3: ", check.Output + check.Error, StringComparison.Ordinal);
        Agent.Set("");
    });
}
