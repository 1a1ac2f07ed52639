using HookAgent.Daemon.Tests.Harness;

namespace HookAgent.Daemon.Tests.Native;

/// <summary>The way of a job, with everything well: the exact order of what systemd was asked and the node's states.</summary>
public sealed class HandoverTests
{
    private const string Start = "call StartUnit wasimoff-provider.service fail";
    private const string Stop = "call StopUnit wasimoff-provider.service replace";

    [Fact]
    public void An_idle_node_is_lent() => TestNode.Lent().Dispose();

    [Fact]
    public void A_job_takes_the_node_and_its_end_lends_it_again()
    {
        using TestNode node = TestNode.Lent();
        node.JobStarts(17);
        node.Expect(Stop, "state reclaiming stop-asked", "state busy jobs-recorded");
        node.JobStarts(18);
        node.JobEnds(17);
        Assert.Equal("as 1 \"18\"", node.Get("Jobs"));
        node.JobEnds(18);
        node.Expect("state settling idle-delay", Start, "state lending starting", "state lending running");
        Assert.Equal("t 2", node.Get("ProviderStarts"));
        Assert.Equal("t 1", node.Get("ProviderStops"));
        Assert.Equal("t 2", node.Get("JobsSeen"));
        Assert.Equal("t 0", node.Get("RecordsWithoutNudge"));
        Assert.Contains("Handover to job 17", node.Daemon.Story, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Prolog_is_held_back_until_the_provider_is_gone()
    {
        using TestNode node = TestNode.Lent("PrologWait=10s");
        node.Systemd.Tell("stop queued");
        node.Record(17);
        Task<string> prolog = node.CallLater("JobStarted", "s", "17");
        node.Expect(Stop, "state reclaiming stop-asked");

        // A second call is answered in its turn: the first was not lost, it waits.
        Assert.Equal("s \"reclaiming\"", node.Get("State"));
        Assert.False(prolog.IsCompleted);
        node.Systemd.Tell("finish");
        node.Expect("state busy jobs-recorded");
        await prolog.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void A_Prolog_is_let_go_after_PrologWait()
    {
        using TestNode node = TestNode.Lent("PrologWait=300ms");
        node.Systemd.Tell("stop queued");
        node.Record(17);
        long begin = Environment.TickCount64;

        // Nothing else lets it go: the provider does not stop until it is told to below.
        node.Call("JobStarted", "s", "17");
        Assert.True(Environment.TickCount64 - begin >= 300, "it has not waited");
        node.Expect(Stop, "state reclaiming stop-asked");
        node.UntilTold("its Prolog has waited");
        node.Systemd.Tell("finish");
        node.Expect("state busy jobs-recorded");
    }

    [Fact]
    public void Without_PrologWait_nobody_waits()
    {
        using TestNode node = TestNode.Lent();
        node.Systemd.Tell("stop queued");
        node.JobStarts(17);
        node.Expect(Stop, "state reclaiming stop-asked");
        Assert.Equal("s \"reclaiming\"", node.Get("State"));
    }

    [Fact]
    public void A_provider_that_does_not_stop_is_told_again_then_killed()
    {
        using TestNode node = TestNode.Lent("StopGrace=100ms");
        node.Systemd.Tell("stop queued");
        node.Systemd.Tell("kill ok 9");
        node.JobStarts(17);
        node.Expect(
            Stop, "state reclaiming stop-asked",
            "call KillUnit wasimoff-provider.service all 15", "state reclaiming second-signal",
            "call KillUnit wasimoff-provider.service all 9", "state reclaiming killed", "state busy jobs-recorded");
        Assert.Equal("t 1", node.Get("SecondSignals"));
        Assert.Equal("t 1", node.Get("Kills"));
    }

    [Fact]
    public void What_is_killed_ends_before_all_else()
    {
        using TestNode node = TestNode.Lent("StopGrace=100ms");
        using DyingProcess process = new();
        Directory.CreateSymbolicLink(node[$"proc/{process.Id}"], $"/proc/{process.Id}");
        Directory.CreateDirectory(node["cgroup/hookagent.slice/wasimoff-provider.service"]);
        File.WriteAllText(node["cgroup/cgroup.controllers"], "");
        File.WriteAllText(node["cgroup/hookagent.slice/wasimoff-provider.service/cgroup.procs"], $"{process.Id}\n");
        node.Systemd.Tell("stop queued");
        node.Systemd.Tell("kill ok 0");
        node.JobStarts(17);
        node.Systemd.Until("call KillUnit wasimoff-provider.service all 9");
        Assert.False(process.IsHastened);
        process.Kill();
        process.AssertIsHastened();
    }

    [Fact]
    public void A_job_cancels_a_start_that_is_queued()
    {
        using TestNode node = new();
        node.StartSystemd();
        node.Systemd.Tell("start queued");
        node.StartDaemon();
        node.Expect("agent there", "call Subscribe", "state settling idle-delay", Start, "state lending starting");
        node.JobStarts(17);
        node.Expect(Stop, "state reclaiming stop-asked", "state busy jobs-recorded");
    }

    [Fact]
    public void A_job_overtakes_a_start_that_systemd_has_not_answered()
    {
        using TestNode node = new();
        node.StartSystemd();
        node.Systemd.Tell("start queued");
        node.Systemd.Tell("hold-replies on");
        node.StartDaemon();
        node.Expect("agent there", "call Subscribe", "state settling idle-delay", Start, "state lending starting");
        node.JobStarts(17);
        node.Expect(Stop, "state reclaiming stop-asked");
        node.Systemd.Tell("hold-replies off");
        node.Expect("state busy jobs-recorded");
    }

    [Fact]
    public void A_lost_nudge_is_made_up_for_by_the_directory()
    {
        using TestNode node = TestNode.Lent();
        node.Record(17);
        node.Expect(Stop, "state reclaiming stop-asked", "state busy jobs-recorded");
        node.EndRecord(17);
        node.Expect("state settling idle-delay", Start, "state lending starting", "state lending running");
        Assert.Equal("t 1", node.Get("RecordsWithoutNudge"));
    }

    [Fact]
    public void A_lost_JobRemoved_is_made_up_for_by_the_unit()
    {
        using TestNode node = TestNode.Lent();
        node.Systemd.Tell("lose on");
        node.JobStarts(17);
        node.Expect(Stop, "state reclaiming stop-asked", "state busy jobs-recorded");
        node.JobEnds(17);
        node.Expect("state settling idle-delay", Start, "state lending starting", "state lending running");
    }

    [Fact]
    public void A_daemon_that_starts_beside_a_record_starts_nothing()
    {
        using TestNode node = new();
        node.StartSystemd();
        node.Record(17);
        node.StartDaemon();
        node.Expect("agent there", "call Subscribe");
        node.Daemon.Kill();
        node.Expect("agent gone");
        node.StartDaemon();
        node.Expect("agent there", "call Subscribe");
        node.Until(() => node.Get("UnitState") == "s \"inactive\"", "systemd's answer");
        Assert.Equal("s \"busy\"", node.Get("State"));
        node.JobEnds(17);
        node.Expect("state settling idle-delay", Start);

        // Its Prolog may well have called the daemon before this one.
        Assert.Equal("t 0", node.Get("RecordsWithoutNudge"));
    }

    [Fact]
    public void A_daemon_that_starts_beside_a_record_and_a_provider_stops_it()
    {
        using TestNode node = new();
        node.StartSystemd("active");
        node.Record(17);
        node.StartDaemon();
        node.Expect("agent there", "call Subscribe", Stop, "state reclaiming stop-asked", "state busy jobs-recorded");
    }

    [Fact]
    public void On_dbus_broker_too()
    {
        using TemporaryFolder folder = new();
        using PrivateBus broker = PrivateBus.In(folder, "dbus-broker");
        using TestNode node = new() { Address = broker.Address };
        node.StartSystemd();
        node.StartDaemon();
        node.ExpectLent();
        node.JobStarts(17);
        node.Expect(Stop, "state reclaiming stop-asked", "state busy jobs-recorded");
        node.JobEnds(17);
        node.Expect("state settling idle-delay", Start, "state lending starting", "state lending running");
    }
}
