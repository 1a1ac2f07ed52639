using HookAgent.Core.Journal;
using HookAgent.Core.Time;
using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests.Faults;

/// <summary>Nothing but the agent starts the provider, and an agent that cannot see systemd has none beside a job.</summary>
public sealed class PermitTests(SystemFixture fixture, ITestOutputHelper output) : FaultTest(fixture, output)
{
    /// <summary>The bus is out of reach for the agent and the hooks; systemctl has a socket of its own to systemd.</summary>
    private const string LoseBus = "mv /run/dbus/system_bus_socket /run/dbus/away";

    private const string FindBus = "mv /run/dbus/away /run/dbus/system_bus_socket";

    [Theory]
    [InlineData("away", LoseBus, FindBus)]
    [InlineData("under SIGSTOP", "systemctl kill --kill-who=main --signal=STOP dbus", "systemctl kill --kill-who=main --signal=CONT dbus")]
    public void An_agent_that_restarts_without_a_bus_has_no_provider_beside_a_job(string how, string lose, string find) =>
        Fault($"agent restarts while lent, bus {how}, then a job", NoOverlap, () =>
        {
            Bench.BeginLent("[Node]\nIdleDelay=300ms\n");
            JobRun job;
            try
            {
                Node.Shell(lose);
                Node.Run("systemctl", "restart", Agent.Unit);
                string id = Slurm.Sbatch(6);
                Slurm.Begun(id);
                job = Slurm.Finished(id);
                Assert.NotEqual("active", Provider.ActiveState);
            }
            finally
            {
                Node.Shell(find);
            }

            ProviderRun next = LentAfter(job.End);
            return $"the provider stopped with the agent and stayed off; lent again {(next.Ready!.Value - job.End).Ms()} after the job";
        });

    [Fact]
    public void A_start_that_is_not_the_agents_is_refused_and_taken_up() =>
        Fault("provider started by hand, by a timer, by another unit", NoOverlap, () =>
        {
            Bench.Begin(Waiting);
            Agent.WaitUntilLent();
            Node.Run("hookctl", "hold", "--reason", "test");
            Agent.WaitFor("held", "operator-hold");
            string lastStart = Started();

            // systemctl says "canceled" where the agent's stop was faster than systemd's own refusal.
            Node.Try("systemctl", "start", Provider.Unit);
            Node.Run("systemd-run", "--quiet", "--on-active=100ms", "--unit=provider-timer", "systemctl", "start", Provider.Unit);
            Eventually.True("the timer has fired", TimeSpan.FromSeconds(20), () => Node.ActiveState("provider-timer.timer") != "active");
            Node.Run("systemd-run", "--quiet", "--wait", $"--property=Wants={Provider.Unit}", "true");
            Assert.Equal(lastStart, Started());
            Assert.Equal("inactive", Provider.ActiveState);
            Agent.WaitFor("held", "operator-hold");

            Node.Run("hookctl", "release");
            Agent.WaitUntilLent();
            Node.Run("systemctl", "stop", Provider.Unit);
            Agent.WaitFor("held", "hand-stopped");

            // A stop of what is off is no request, a start is.
            Node.Run("systemctl", "stop", Provider.Unit);
            Agent.WaitFor("held", "hand-stopped");
            Node.Try("systemctl", "start", Provider.Unit);
            Agent.WaitUntilLent();
            Node.Try("systemctl", "restart", Provider.Unit);
            Agent.WaitUntilLent();
            return "held: no process of it was started; a start by hand ended hand-stopped";

            string Started() => Node.UnitProperty(Provider.Unit, "ExecMainStartTimestampMonotonic");
        });

    [Fact]
    public void A_unit_that_is_lent_no_more_is_not_left_beside_a_job() =>
        Fault("Unit= changed, agent restarted, then a job", NoOverlap, () =>
        {
            const string other = "other-provider.service";
            Bench.BeginLent(Waiting);
            try
            {
                Node.Shell($"cp /lib/systemd/system/{Provider.Unit} /etc/systemd/system/{other}; mkdir -p /etc/systemd/system/{other}.d; printf '[Service]\\nExecStart=\\nExecStart=/bin/sleep infinity\\nUser=root\\n' >/etc/systemd/system/{other}.d/sleep.conf; systemctl daemon-reload");
                Agent.Set($"{Waiting}[Node]\nUnit={other}\n");
                Node.Run("systemctl", "restart", Agent.Unit);
                Agent.WaitUntilLent();
                Assert.NotEqual("active", Provider.ActiveState);
                Assert.Equal("active", Node.ActiveState(other));
                JobRun job = Slurm.Srun(1);
                Agent.WaitUntilLent();
                Assert.Single(Provider.Runs());
                return $"the old unit ended with the old agent; the new one is lent again {(BootClock.Now() - job.End).Ms()} after the job";
            }
            finally
            {
                Agent.Stop();
                Node.Shell($"systemctl stop {other}; rm -r /etc/systemd/system/{other} /etc/systemd/system/{other}.d; systemctl daemon-reload");
            }
        });

    [Fact]
    public void A_running_unit_that_is_bound_to_the_agent_is_stopped_beside_a_job() =>
        Fault("another unit bound to the agent, without a permit", NoOverlap, () =>
        {
            const string stray = "stray-provider.service";
            Bench.BeginLent(Waiting);
            try
            {
                Node.Shell($"printf '[Unit]\\nBindsTo={Agent.Unit}\\nAfter={Agent.Unit}\\n[Service]\\nExecStart=/bin/sleep infinity\\n' >/etc/systemd/system/{stray}; systemctl daemon-reload; systemctl start {stray}");
                BootTime before = BootClock.Now();
                Assert.Equal("inactive", Slurm.Said($"systemctl is-active {stray}; true"));
                Assert.InRange(BootClock.Now() - before, TimeSpan.Zero, TimeSpan.FromSeconds(10));
                Journal.Await(new BootTime(0), TimeSpan.FromSeconds(10), $"MESSAGE_ID={NodeMessageIds.StrayFound}");
                return "stopped before the job began, and told";
            }
            finally
            {
                Node.Shell($"systemctl stop {stray}; rm /etc/systemd/system/{stray}; systemctl daemon-reload");
            }
        });

    [Fact]
    public void An_alias_as_Unit_and_as_RequireUnit_is_the_unit_itself() =>
        Fault("aliases as Unit= and RequireUnit=", NoOverlap, () =>
        {
            try
            {
                Node.Shell($"ln -s /lib/systemd/system/{Provider.Unit} /etc/systemd/system/lent.service; ln -s /lib/systemd/system/slurmd.service /etc/systemd/system/compute.service; systemctl daemon-reload");
                Bench.BeginLent($"{Waiting}[Node]\nUnit=lent.service\nRequireUnit=compute.service\n");
                JobRun job = Slurm.Srun(0.5);
                ProviderRun next = LentAfter(job.End);
                return $"lent, off for the job, lent again {(next.Ready!.Value - job.End).Ms()} after it";
            }
            finally
            {
                Agent.Stop();
                Node.Shell("rm /etc/systemd/system/lent.service /etc/systemd/system/compute.service; systemctl daemon-reload");
            }
        });

    [Theory]
    [InlineData("process")]
    [InlineData("none")]
    public void Processes_that_outlive_the_unit_are_gone_before_the_job(string killMode) =>
        Fault($"KillMode={killMode}, a child that outlives the provider", NoOverlap, () =>
        {
            const string dropIn = $"/etc/systemd/system/{Provider.Unit}.d/90-killmode.conf";
            try
            {
                // The child says nothing and ignores SIGTERM; its name finds it.
                Node.Write(dropIn, $"[Service]\nKillMode={killMode}\nExecStartPre=+/bin/sh -c 'trap \"\" TERM; exec -a left-behind sleep 900 & exit 0'\n".Replace("/bin/sh", "/bin/bash", StringComparison.Ordinal));
                Node.Run("systemctl", "daemon-reload");
                Bench.BeginLent(Waiting);
                Assert.True(Node.Try("pgrep", "-f", "left-behind").Succeeded, "the child should run beside the provider");
                Assert.Equal("0", Slurm.Said("pgrep -c -f '^left-behind'; true"));
                Agent.WaitUntilLent();
                Assert.Equal("1", Node.Shell("pgrep -c -f '^left-behind'").Text.Trim());
                return "killed before the job began; one child again when lent again";
            }
            finally
            {
                Agent.Stop();
                Node.Shell($"rm {dropIn}; systemctl daemon-reload; pkill -9 -f '^left-behind'; true");
            }
        });

    [Fact]
    public void A_stop_by_hand_outlives_a_loss_of_the_bus() =>
        Fault("systemctl stop of the provider, bus away before it ends", NoOverlap, () =>
        {
            Bench.BeginLent(Waiting, "drain_seconds=2");
            int runs;
            try
            {
                Node.Run("systemctl", "stop", "--no-block", Provider.Unit);
                Node.Shell(LoseBus.Replace("mv", "systemctl kill --kill-who=main --signal=KILL dbus; mv", StringComparison.Ordinal));
                Eventually.True("the provider is off", TimeSpan.FromSeconds(20), () => Provider.ActiveState == "inactive");
                runs = Provider.Runs().Length;
            }
            finally
            {
                Node.Shell($"{FindBus} 2>/dev/null; systemctl restart dbus.socket; systemctl start dbus; true");
            }

            Agent.WaitFor("held", "hand-stopped");
            JobRun job = Slurm.Srun(0.2);
            Agent.WaitFor("held", "hand-stopped");
            Assert.Equal(runs, Provider.Runs().Length);
            return $"held, also over job {job.Id}";
        });

    /// <summary>systemd forgets BindsTo= with the unit's file.</summary>
    [Theory]
    [InlineData("masked", "systemctl mask wasimoff-provider", "systemctl unmask wasimoff-provider", "held", "masked")]
    [InlineData("removed", "mv /lib/systemd/system/wasimoff-provider.service /root && systemctl daemon-reload", "mv /root/wasimoff-provider.service /lib/systemd/system && systemctl daemon-reload", "failed", "unit-missing")]
    public void A_provider_that_has_lost_its_unit_file_does_not_outlive_the_agent(string how, string lose, string mend, string state, string reason) =>
        Fault($"unit file {how} while lent, agent stopped, then a job", NoOverlap, () =>
        {
            Bench.BeginLent(Waiting);
            try
            {
                Node.Shell(lose);
                Agent.WaitFor(state, reason);
                Node.Run("systemctl", "stop", Agent.Unit);
                Slurm.Srun(1);
            }
            finally
            {
                Node.Shell(mend);
            }

            Node.Run("systemctl", "start", Agent.Unit);
            Agent.WaitUntilLent();
            return $"{state} ({reason}), stopped; lent again with its file";
        });

    [Fact]
    public void An_isolate_is_no_stop_by_hand() => Fault("systemctl isolate while lent, and beside a job", NoOverlap, () =>
    {
        Bench.BeginLent(Waiting);
        Node.Run("systemctl", "isolate", "multi-user.target");
        Agent.WaitUntilLent();
        Assert.Single(Provider.Runs());
        string id = Slurm.Sbatch(2);
        Slurm.Begun(id);
        Node.Run("systemctl", "isolate", "multi-user.target");
        JobRun job = Slurm.Finished(id);
        ProviderRun next = LentAfter(job.End);
        return $"lent on, off for the job, lent again {(next.Ready!.Value - job.End).Ms()} after it";
    });

    [Fact]
    public void A_scope_that_is_bound_to_the_agent_and_begins_beside_a_job_is_stopped() => Fault("a scope bound to the agent begins beside a job", WorstOverlap, () =>
    {
        const string scope = "stray-provider.scope";
        Bench.BeginLent(Waiting);
        string id = Slurm.Sbatch(5);
        Slurm.Begun(id);
        Node.Shell($"systemd-run --quiet --scope --unit={scope} --property=BindsTo={Agent.Unit} --property=After={Agent.Unit} sleep 60 >/dev/null 2>&1 </dev/null &");
        Journal.Await(new BootTime(0), TimeSpan.FromSeconds(10), $"MESSAGE_ID={NodeMessageIds.StrayFound}", $"STRAY={scope}");
        Eventually.True("it is gone", TimeSpan.FromSeconds(10), () => Node.ActiveState(scope) != "active");
        Assert.NotEqual("COMPLETED", Slurm.StateOf(id));
        Slurm.Finished(id);
        return "told and stopped";
    });
}
