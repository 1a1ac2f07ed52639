using HookAgent.Core.Text;
using HookAgent.Daemon.Tests.Harness;

namespace HookAgent.Daemon.Tests.Native;

/// <summary>What systemd and the bus may do to the agent.</summary>
public sealed class TroubleTests
{
    private const string Start = "call StartUnit wasimoff-provider.service fail";
    private const string Stop = "call StopUnit wasimoff-provider.service replace";

    [Theory]
    [InlineData("start fails", "state failed start-failed")]
    [InlineData("start dies", "state failed provider-exited")]
    [InlineData("start condition", "state failed condition-unmet")]
    [InlineData("start refused NoSuchUnit", "state failed unit-missing")]
    [InlineData("start refused BadUnitSetting", "state failed bad-unit")]
    [InlineData("start refused UnitMasked", "state held masked")]
    [InlineData("start refused TransactionIsDestructive", "state failed transaction-conflict")]
    [InlineData("start refused org.freedesktop.DBus.Error.AccessDenied", "state failed start-refused")]
    public void A_start_that_fails_is_told_apart_and_tried_again(string how, string state)
    {
        using TestNode node = new();
        node.StartSystemd();
        node.Systemd.Tell(how);
        node.StartDaemon();
        Assert.Contains(Start, node.Systemd.Until(state));
        node.Systemd.Tell("start ok");
        Assert.Contains(Start, node.Systemd.Until("state lending running"));
    }

    /// <summary>By its exit code systemd knows that it is to be started again, and not that it was asked to end.</summary>
    [Fact]
    public void A_fault_of_its_own_is_told_and_ends_it_with_1()
    {
        using TestNode node = new();
        Directory.Delete(node["proc"]);
        node.StartDaemon();
        node.Daemon.ExpectExit(1);
        Assert.Contains("DirectoryNotFoundException", node.Daemon.Story, StringComparison.Ordinal);
    }

    /// <summary>EMFILE: the directory can be opened and listed, and none of its records.</summary>
    [Fact]
    public void A_record_that_it_has_no_descriptor_left_to_open_counts()
    {
        using TestNode node = TestNode.Lent();
        HashSet<int> open = [.. Directory.GetFileSystemEntries($"/proc/{node.Daemon.Id}/fd").Select(fd => int.Parse(Path.GetFileName(fd), System.Globalization.CultureInfo.InvariantCulture))];
        int free = Enumerable.Range(0, open.Count + 1).First(fd => !open.Contains(fd));
        Child.Run("prlimit", $"--pid={node.Daemon.Id}", $"--nofile={free + 1}:");
        node.Record(17);
        node.Expect(Stop, "state reclaiming stop-asked", "state busy jobs-recorded");
        node.UntilTold("17 (Too many open files)");
        Assert.Equal("as 1 \"17\"", node.Get("Jobs"));
        node.EndRecord(17);
        node.Expect("state settling idle-delay");
    }

    [Fact]
    public void How_the_provider_ended_is_told()
    {
        using TestNode node = new();
        node.StartSystemd();
        node.Systemd.Tell("start dies");
        node.StartDaemon();
        node.UntilTold("(exit status 3, result exit-code)");
    }

    [Fact]
    public void A_refused_stop_is_asked_again()
    {
        using TestNode node = TestNode.Lent();
        node.Systemd.Tell("stop refused TransactionIsDestructive");
        node.JobStarts(17);
        node.Expect(Stop, "state reclaiming stop-asked");
        node.UntilTold("refused to stop");
        node.Systemd.Tell("stop ok");
        node.Systemd.Until("state busy jobs-recorded");
    }

    [Fact]
    public void A_provider_that_dies_is_started_again_after_a_pause()
    {
        using TestNode node = TestNode.Lent();
        node.Systemd.Tell("unit failed");
        node.Expect("state failed provider-exited", Start, "state lending starting", "state lending running");
    }

    [Fact]
    public void A_stop_by_hand_holds_and_a_start_by_hand_ends_that()
    {
        using TestNode node = TestNode.Lent();
        node.Systemd.Tell("hand stop");
        node.Systemd.Until("state held hand-stopped");
        Assert.Equal("s \"hand-stopped\"", node.Get("HeldBy"));

        // systemd refuses it for want of a permit, and the agent takes it up.
        node.Systemd.Tell("hand start");
        Assert.Contains(Start, node.Systemd.Until("state lending running"));
        node.UntilTold("Somebody else asked systemd to start");
    }

    [Fact]
    public void A_restart_by_hand_is_taken_up_too()
    {
        using TestNode node = TestNode.Lent();
        node.Systemd.Tell("hand stop");
        node.Systemd.Tell("hand start");
        Assert.Contains(Start, node.Systemd.Until("state lending running"));
        Assert.Equal("s \"\"", node.Get("HeldBy"));
    }

    [Fact]
    public void There_is_a_permit_while_a_start_of_the_agents_own_is_under_way_and_at_no_other_time()
    {
        using TestNode node = new();
        string permit = node["run/permit/wasimoff-provider.service"];
        Directory.CreateDirectory(node["run/permit"]);
        File.WriteAllText(permit, "");
        File.WriteAllText(node["run/permit/earlier.service"], "");
        node.StartSystemd();
        node.Systemd.Tell("start queued");
        node.Record(17);
        node.StartDaemon();
        node.UntilTold("unknown -> busy");
        Assert.Empty(Directory.GetFiles(node["run/permit"]));

        // What it knows at its start it tells before it is on the bus.
        node.Systemd.Until("agent there");
        node.JobEnds(17);
        node.Systemd.Until("state lending starting");
        Assert.Equal([permit], Directory.GetFiles(node["run/permit"]));
        node.Systemd.Tell("finish");
        node.Systemd.Until("state lending running");
        node.Until(() => !File.Exists(permit), "the permit is gone");
    }

    [Fact]
    public void A_job_that_comes_during_the_start_takes_the_permit_away()
    {
        using TestNode node = new();
        node.StartSystemd();
        node.Systemd.Tell("start queued");
        node.StartDaemon();
        node.Systemd.Until("state lending starting");
        node.Systemd.Tell("stop queued");
        node.JobStarts(17);
        node.Systemd.Until(Stop);
        node.Until(() => !File.Exists(node["run/permit/wasimoff-provider.service"]), "the permit is gone");
    }

    [Fact]
    public void A_start_without_a_permit_is_not_even_asked_for()
    {
        using TestNode node = new();
        File.WriteAllText(node["run/permit"], "no folder");
        node.StartSystemd();
        node.StartDaemon();
        node.Systemd.Until("state failed start-refused");
        node.UntilTold("the permit to start it could not be written");
        Assert.DoesNotContain("call StartUnit", node.Systemd.Story, StringComparison.Ordinal);
        File.Delete(node["run/permit"]);
        Assert.Contains(Start, node.Systemd.Until("state lending running"));
    }

    [Fact]
    public async Task Processes_that_outlive_the_unit_hold_a_job_back_and_are_killed()
    {
        using TestNode node = TestNode.Lent("PrologWait=60s");
        node.Systemd.Tell("remain on");
        node.Record(17);
        Task<string> prolog = node.CallLater("JobStarted", "s", "17");
        node.Expect(
            Stop, "state reclaiming stop-asked", "state reclaiming processes-remain",
            "call KillUnit wasimoff-provider.service all 9", "state reclaiming killed", "state busy jobs-recorded");
        await prolog.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void A_unit_of_before_that_is_bound_to_the_agent_is_stopped_beside_a_job()
    {
        using TestNode node = TestNode.Lent();
        node.Systemd.Tell("bound earlier.service active");
        node.JobStarts(17);
        node.Systemd.Until("call StopUnit earlier.service replace");
        node.UntilTold("earlier.service runs and is bound to hookagentd");
        node.Until(() => node.Get("State") == "s \"reclaiming\"", "the job's provider is gone, and the other is not");
        node.Systemd.Tell("bound earlier.service inactive");
        node.Systemd.Until("state busy jobs-recorded");
    }

    [Fact]
    public void A_late_answer_on_who_systemd_is_is_asked_for_again()
    {
        using TestNode node = new();
        node.StartSystemd();
        string socket = node["late-bus"];
        using Child bus = new("/usr/bin/perl", Path.Combine(AppContext.BaseDirectory, "Peers", "late-bus.pl"), socket, node.Bus.Address["unix:path=".Length..].Split(',')[0], "6");
        Assert.Equal("listening", bus.ReadLine());
        node.Address = $"unix:path={socket}";
        node.StartDaemon();
        Assert.Equal("held back", bus.ReadLine());
        Assert.Contains(Start, node.Systemd.Until("state lending running"));
    }

    [Fact]
    public void A_systemd_that_never_answers_ends_the_agent_beside_a_job()
    {
        using TestNode node = new();
        node.StartSystemd("active");
        node.Systemd.Tell("mute ListUnitsByNames");
        node.StartDaemon();
        node.Until(() => node.Systemd.Story.Contains("\nread", StringComparison.Ordinal), "the units are asked for");
        node.Record(17);
        node.Daemon.ExpectExit(1);
    }

    [Fact]
    public void Without_the_required_unit_nothing_is_lent()
    {
        using TestNode node = TestNode.Lent("RequireUnit=slurmd.service");
        node.Systemd.Tell("required inactive");
        node.Systemd.Until("state held required-unit-inactive");
        node.Systemd.Tell("required active");
        node.Systemd.Until("state lending running");
    }

    /// <summary>systemd 247 ends itself when who has kept a unit by an alias leaves the bus.</summary>
    [Fact]
    public void Units_are_kept_by_their_own_names()
    {
        using TestNode node = TestNode.Lent("Unit=lent.service", "RequireUnit=compute.service");
        node.Systemd.Tell("required inactive");
        node.Systemd.Until("state held required-unit-inactive");
        Assert.DoesNotContain("by an alias", node.Systemd.Story, StringComparison.Ordinal);
    }

    [Fact]
    public async Task systemd_leaves_the_bus_and_returns()
    {
        using TestNode node = TestNode.Lent("PrologWait=60s", "Timeout=1s");
        node.Systemd.Tell("stop queued");
        node.Record(17);
        Task<string> prolog = node.CallLater("JobStarted", "s", "17");
        node.Expect(Stop, "state reclaiming stop-asked");
        node.Systemd.Tell("leave");
        node.Systemd.Tell("unit inactive");
        node.Systemd.Tell("return");
        node.Expect("call Subscribe", "state busy jobs-recorded");
        await prolog.WaitAsync(TimeSpan.FromSeconds(30));
        node.JobEnds(17);
        node.Systemd.Tell("start ok");
        node.Expect("state settling idle-delay", Start, "state lending starting", "state lending running");
        node.UntilTold("answer again");
    }

    [Fact]
    public void A_systemd_that_does_not_tell_is_asked_again_and_told_of_once()
    {
        using TestNode node = new();
        node.StartSystemd();
        node.Systemd.Tell("blind on");
        node.StartDaemon();
        node.UntilTold("Cannot read the state");
        node.Until(() => node.Systemd.Story.Split("\nread").Length > 3, "a third reading");
        node.Systemd.Tell("blind off");
        node.Systemd.Until("state lending running");
        Assert.Single(node.Daemon.Story.Split('\n'), line => line.Contains("Cannot read the state", StringComparison.Ordinal));
    }

    /// <summary>A Type=notify unit that floods STATUS= changes with each answer about it.</summary>
    [Fact]
    public void A_unit_that_changes_faster_than_it_is_read_blinds_nobody()
    {
        using TestNode node = new();
        node.StartSystemd();
        node.Systemd.Tell("overtake on");
        node.StartDaemon();
        Assert.Contains(Start, node.Systemd.Until("state lending running"));
        node.JobStarts(17);
        Assert.Contains(Stop, node.Systemd.Until("state busy jobs-recorded"));
    }

    [Fact]
    public void The_bus_is_restarted_and_the_node_is_lent_on()
    {
        using TestNode node = TestNode.Lent();
        node.Bus.Kill();
        node.UntilTold("Lost the system bus");
        node.Systemd.Dispose();
        node.Bus.Restart();
        node.StartSystemd("active");
        node.Systemd.Until("state lending running");
        Assert.DoesNotContain("call Start", node.Systemd.Story, StringComparison.Ordinal);
        node.UntilTold("answer again");
    }

    [Fact]
    public void Without_a_bus_beside_a_job_and_a_provider_the_daemon_gives_up()
    {
        using TestNode node = TestNode.Lent();
        long begin = Environment.TickCount64;
        node.Bus.Kill();
        node.UntilTold("Lost the system bus");
        node.Record(17);
        node.Daemon.ExpectExit(1);
        Assert.True(Environment.TickCount64 - begin >= 2000, "it has given up too soon");
        Assert.Contains("hookagentd ends, so that systemd stops the provider", node.Daemon.Story, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_bus_an_idle_node_waits()
    {
        using TestNode node = new();
        node.Bus.Kill();
        node.StartDaemon();
        node.UntilTold("Lost the system bus");
        node.Bus.Restart();
        node.StartSystemd();
        Assert.Contains(Start, node.Systemd.Until("state lending running"));
    }

    [Fact]
    public void A_name_that_is_taken_is_waited_for()
    {
        using TestNode node = new();
        node.StartSystemd();
        using (OtherOwner(node))
        {
            node.StartDaemon();
            node.UntilTold("Another process owns org.hookagent.Node1");
            Assert.DoesNotContain("call ", node.Systemd.Story, StringComparison.Ordinal);
            node.Busctl(1, "status", "org.hookagent.Status1");
        }

        Assert.Contains(Start, node.Systemd.Until("state lending running"));
    }

    [Fact]
    public void A_name_that_is_lost_to_another_is_waited_for_and_a_job_meanwhile_is_not_missed()
    {
        using TestNode node = TestNode.Lent();
        node.Daemon.Stop();
        node.Bus.Kill();
        node.Systemd.Dispose();
        node.Bus.Restart();
        node.StartSystemd("active");
        using (OtherOwner(node))
        {
            node.Daemon.Continue();
            node.UntilTold("Another process owns org.hookagent.Node1");
            node.Record(17);
        }

        Assert.Contains(Stop, node.Systemd.Until("state busy jobs-recorded"));
    }

    [Fact]
    public void No_job_depends_on_the_name_by_which_everybody_reads()
    {
        using TestNode node = new();
        node.StartSystemd();
        using (OtherOwner(node, "org.hookagent.Status1"))
        {
            node.StartDaemon();
            node.UntilTold("Another process owns org.hookagent.Status1");
            node.Systemd.Until("state lending running");
            node.JobStarts(17);
            node.Systemd.Until("state busy jobs-recorded");
        }

        node.Until(() => node.Get("State", "org.hookagent.Status1") == "s \"busy\"", "the status for everybody");
    }

    [Fact]
    public void A_second_agent_touches_nothing_until_the_first_has_ended()
    {
        using TestNode node = TestNode.Lent();
        Directory.CreateDirectory(node["run/permit"]);
        string permit = node["run/permit/of-the-first"];
        File.WriteAllText(permit, "");
        using Child first = node.Daemon;
        node.StartDaemon();
        node.UntilTold("Another hookagentd runs: it has locked");
        Assert.True(File.Exists(permit));
        first.Kill();
        node.Systemd.Until("agent there");
        Assert.False(File.Exists(permit));
    }

    private static Child OtherOwner(TestNode node, string name = "org.hookagent.Node1")
    {
        const string owner = "import dbus, sys; b = dbus.bus.BusConnection(sys.argv[1]); print(b.request_name(sys.argv[2]), flush=True); sys.stdin.read()";
        Child other = new("/usr/bin/python3", "-c", owner, node.Bus.Address, name);
        Assert.Equal("1", other.ReadLine());
        return other;
    }

    [Fact]
    public void A_step_without_a_record_is_watched_to_its_end()
    {
        using TestNode node = new();
        node.StartSystemd();
        using Child step = new("sleep", "1000");
        string proc = FakeStep.Begin(node["proc"], step.Id, "slurmstepd: [42.batch]\0");
        node.StartDaemon();
        node.UntilTold("slurmstepd runs for job 42");
        node.Until(() => node.Daemon.Story.Contains("unknown: A slurmstepd", StringComparison.Ordinal), "the state");
        Directory.Delete(proc, recursive: true);
        step.Kill();
        node.Systemd.Until("state lending running");
    }

    /// <summary>Anybody may lock what he may read (flock(2)), and .NET would then refuse to read it.</summary>
    [Fact]
    public void Files_that_somebody_has_locked_are_read()
    {
        using TestNode node = new();
        node.StartSystemd();
        using Child step = new("sleep", "1000");
        string proc = FakeStep.Begin(node["proc"], step.Id, "slurmstepd: [42.batch]\0");
        using Child folder = new("sh", "-c", "exec 9<\"$0\"; flock --exclusive 9 && echo locked && exec sleep 1000", node.RunDirectory);
        Assert.Equal("locked", folder.ReadLine());
        using FileStream settings = Lock(node.SettingsFile);
        using FileStream name = Lock($"{proc}/comm");
        using FileStream title = Lock($"{proc}/cmdline");
        using FileStream status = Lock($"{proc}/status");
        node.StartDaemon();
        node.UntilTold("slurmstepd runs for job 42");

        static FileStream Lock(string file) => new(file, FileMode.Open, FileAccess.Read, FileShare.None);
    }

    [Fact]
    public void A_record_past_its_end_is_told_once_and_stays()
    {
        using TestNode node = new();
        node.StartSystemd();
        node.Record(17, "END_TIME=1000000000\n");
        node.Record(18, "END_TIME=1000000000\n");
        using Child step = new("sleep", "1000");
        string proc = FakeStep.Begin(node["proc"], step.Id, "slurmstepd: [18.batch]\0");
        node.StartDaemon();
        node.UntilTold($"The record of job 17 is stale: the job was to end by {MomentText.Of(DateTimeOffset.FromUnixTimeSeconds(1_000_000_000), TimeZoneInfo.Local)}");
        node.UntilOnBus();
        node.Call("Refresh");
        node.JobStarts(19);
        Assert.Equal("as 3 \"17\" \"18\" \"19\"", node.Get("Jobs"));
        Assert.Single(node.Daemon.Story.Split('\n'), line => line.Contains("is stale", StringComparison.Ordinal));
    }

    /// <summary>Seen from outside, in the system calls: only a persistent hold and its end wait for a disk, and not on the loop's thread.</summary>
    [Fact]
    public void A_persistent_hold_is_sent_to_the_disk_and_nothing_else()
    {
        using TestNode node = TestNode.Lent();
        using Child trace = new("strace", "--follow-forks", "--attach", $"{node.Daemon.Id}", "--trace", "fsync,rename", "--decode-fds=path", "--columns=1", "--output", node["trace"]);
        string Trace() => File.Exists(node["trace"]) ? File.ReadAllText(node["trace"]) : "";
        int Count(string what) => Trace().Split(what).Length - 1;
        static string Thread(string line) => line.Split(' ')[0];
        node.Until(() => trace.Story.Contains("attached", StringComparison.Ordinal), "strace");

        // An operator's word is answered once it is written: a kill of the daemon after that loses nothing.
        string[] Written() => [.. Trace().Split('\n').Where(line => line.Contains($"\"{node.StateFile}\"", StringComparison.Ordinal))];
        node.Call("Hold", "stb", "for now", "0", "false");
        node.Until(() => Written().Length == 1, "the hold");
        node.Call("Release");
        node.Until(() => Written().Length == 2, "its end");
        node.Call("RecordFailed", "s", "17");
        node.Until(() => Written().Length == 3, "the job");
        node.Call("JobEnded", "s", "17");
        node.Until(() => Written().Length == 4, "its end");
        Assert.Equal(0, Count("fsync("));

        node.Call("Hold", "stb", "for ever", "0", "true");
        // A call may be one line, or two with those of other threads between them: it, and how it was resumed, which strace
        // would fill up with blanks to its fortieth column.
        int Flushed() => Trace().Split('\n').Count(line => line.Contains("fsync", StringComparison.Ordinal) && line.Contains(") = 0", StringComparison.Ordinal));
        node.Until(() => Flushed() == 2, "a flush of file and folder");
        node.Call("Release");
        node.Until(() => Flushed() == 4, "another");
        string[] flushes = [.. Trace().Split('\n').Where(line => line.Contains("fsync(", StringComparison.Ordinal))];
        Assert.DoesNotContain($"{node.Daemon.Id}", Written().Concat(flushes).Select(Thread));
        Assert.Equal(2, flushes.Count(line => line.Contains($"<{node.StateFile}>", StringComparison.Ordinal)));
        Assert.Equal(2, flushes.Count(line => line.Contains($"<{Path.GetDirectoryName(node.StateFile)}>", StringComparison.Ordinal)));
    }
}
