using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using HookAgent.Core;
using HookAgent.Core.Time;
using HookAgent.Daemon.Tests.Harness;

namespace HookAgent.Daemon.Tests.Native;

/// <summary>The daemon as a service: settings, signals, what it tells systemd, and what it costs.</summary>
public sealed class ServiceTests
{
    private const string Stop = "call StopUnit wasimoff-provider.service replace";

    [Fact]
    public void Bad_settings_end_it_with_78_and_their_place()
    {
        using TestNode node = new();
        node.WriteSettings("[Node]\nIdleDelay=soon\nUnits=x\n");
        node.StartDaemon();
        node.Daemon.ExpectExit(78);
        Assert.Contains($"{node.SettingsFile}:2:", node.Daemon.Story, StringComparison.Ordinal);
        Assert.Contains($"{node.SettingsFile}:3:", node.Daemon.Story, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[Node]\nIdleDelay=3s\n", 0, "IdleDelay=3s")]
    [InlineData("[Node]\nIdleDelay=3 apples\n", 78, "hookagent.conf:2:")]
    public void Check_tells_what_the_settings_are(string settings, int exitCode, string told)
    {
        using TestNode node = new();
        node.WriteSettings(settings);
        using Child check = new(TestNode.Binary, [.. node.Arguments, "--check"]);
        check.ExpectExit(exitCode);
        Assert.Contains(told, check.Story, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--check", ">/dev/full", 1, "hookagentd: cannot write: No space left on device")]
    [InlineData("--check", ">&-", 1, "hookagentd: cannot write: Bad file descriptor")]
    [InlineData("--version", ">/dev/full", 1, "hookagentd: cannot write: No space left on device")]
    [InlineData("--help", ">/dev/full 2>/dev/full", 1, "")]
    [InlineData("--bus", "2>/dev/full", 2, "")]
    [InlineData("--bus", "2>&-", 2, "")]
    public void What_cannot_be_written_is_told(string argument, string redirection, int exitCode, string told)
    {
        using Child daemon = new("sh", "-c", $"exec \"$0\" {argument} {redirection}", TestNode.Binary);
        daemon.ExpectExit(exitCode);
        Assert.Equal(told, daemon.Story);
    }

    [Theory]
    [InlineData("--version", 0, "hookagentd " + ProductVersion.Text)]
    [InlineData("--help", 0, "--state-dir DIR")]
    [InlineData("--bus", 2, "--bus needs a value")]
    [InlineData("--fast", 2, "unknown option '--fast'")]
    public void Its_command_line(string argument, int exitCode, string told)
    {
        using Child daemon = new(TestNode.Binary, argument);
        daemon.ExpectExit(exitCode);
        Assert.Contains(told, daemon.Story, StringComparison.Ordinal);
    }

    [Fact]
    public void SIGHUP_reads_the_settings_again_and_keeps_the_old_ones_where_they_are_bad()
    {
        using TestNode node = TestNode.Lent();
        Assert.Equal("HOOKAGENT_START_JITTER_USEC=0\n", File.ReadAllText($"{node.RunDirectory}/provider.env"));
        node.WriteSettings(node.Text() + "PrologWait=7s\n[Node]\nStartJitter=1min 40s\n");
        node.Daemon.HangUp();
        node.UntilTold("Settings reloaded");
        Assert.Contains("PROLOG_WAIT_USEC=7000000", File.ReadAllText($"{node.RunDirectory}/hook.conf"), StringComparison.Ordinal);
        Assert.Equal("HOOKAGENT_START_JITTER_USEC=100000000\n", File.ReadAllText($"{node.RunDirectory}/provider.env"));
        node.WriteSettings("[Hook]\nPrologWait=never\n");
        node.Daemon.HangUp();
        node.UntilTold("The old settings stay in force");
        node.Until(() => node.Get("SettingsRefused").Contains(":2: ", StringComparison.Ordinal), "the refusal is on the bus");
        Assert.Contains("PROLOG_WAIT_USEC=7000000", File.ReadAllText($"{node.RunDirectory}/hook.conf"), StringComparison.Ordinal);
        Assert.Equal("s \"lending\"", node.Get("State"));
    }

    [Fact]
    public void SIGTERM_ends_it_at_once()
    {
        using TestNode node = TestNode.Lent();
        Stopwatch watch = Stopwatch.StartNew();
        node.Daemon.Terminate();
        node.Daemon.ExpectExit(0);

        // The host's own patience with what does not end is 30 s.
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
        node.Expect("agent gone");
    }

    [Fact]
    public void It_tells_systemd_how_it_is()
    {
        using TestNode node = new();
        node.StartSystemd();
        using Socket manager = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 15_000 };
        manager.Bind(new UnixDomainSocketEndPoint(node["notify"]));
        string command = $"WATCHDOG_PID=$$ exec {TestNode.Binary} \"$@\"";
        Dictionary<string, string?> environment = new() { ["NOTIFY_SOCKET"] = node["notify"], ["WATCHDOG_USEC"] = "600000", ["JOURNAL_STREAM"] = null };
        using Child daemon = new("sh", ["-c", command, "sh", .. node.Arguments], environment);
        List<string> told = [Receive(manager)];
        Assert.Equal("READY=1", told[0]);
        Assert.Equal("STATUS=unknown: systemd has not answered over the system bus.", Receive(manager));

        for (int beats = 0; beats < 6;)
        {
            told.Add(Receive(manager));
            beats += told[^1] == "WATCHDOG=1" ? 1 : 0;
        }

        Assert.Contains("STATUS=lending: The node is idle and lent to the provider.", told);
        daemon.HangUp();
        string next;
        while ((next = Receive(manager)) == "WATCHDOG=1")
        {
        }

        Assert.Matches("^RELOADING=1\nMONOTONIC_USEC=[0-9]+$", next);
        Assert.Equal("READY=1", Receive(manager));
        daemon.Terminate();
        while ((next = Receive(manager)) == "WATCHDOG=1")
        {
        }

        Assert.StartsWith("STOPPING=1", next, StringComparison.Ordinal);
        daemon.ExpectExit(0);
        Assert.Single(told, line => line.StartsWith("READY=1", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_a_bus_it_is_ready_all_the_same()
    {
        using TestNode node = new();
        node.Bus.Kill();
        using Socket manager = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 15_000 };
        manager.Bind(new UnixDomainSocketEndPoint(node["notify"]));
        node.DaemonEnvironment["NOTIFY_SOCKET"] = node["notify"];
        node.StartDaemon();
        Assert.Equal("READY=1", Receive(manager));
        Assert.StartsWith("STATUS=unknown", Receive(manager), StringComparison.Ordinal);
    }

    /// <summary>A datagram socket takes some ten messages that nobody reads, and sd_notify(3) would wait for the next.</summary>
    [Fact]
    public void A_service_manager_that_stands_still_does_not_hold_up_a_job()
    {
        using TestNode node = new();
        node.StartSystemd();
        using Socket manager = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 15_000 };
        manager.Bind(new UnixDomainSocketEndPoint(node["notify"]));
        node.DaemonEnvironment["NOTIFY_SOCKET"] = node["notify"];
        node.DaemonEnvironment["WATCHDOG_USEC"] = "20000";
        node.StartDaemon();
        node.ExpectLent();
        for (int job = 1; job <= 30; job++)
        {
            node.Record(job);
            node.Call("JobStarted", "s", $"{job}");
            File.Delete(node[$"run/jobs/{job}"]);
            node.Call("JobEnded", "s", $"{job}");
        }

        // And once it reads again it hears how it is now.
        List<string> told = [];
        do
        {
            told.Add(Receive(manager));
        }
        while (!told[^1].StartsWith("STATUS=lending: The node is idle and lent", StringComparison.Ordinal) || told.Count < 5);
        Assert.Equal("READY=1", told[0]);
    }

    [Fact]
    public void Its_journal_entries_have_the_fields_that_find_them()
    {
        using TestNode node = new();
        node.StartSystemd();
        using FakeJournal journal = new(node["journal"]);
        node.DaemonEnvironment["JOURNAL_STREAM"] = "1:1";
        using Child daemon = new(TestNode.Binary, [.. node.Arguments, "--journal", journal.Path], node.DaemonEnvironment);
        node.ExpectLent();
        node.Record(17, "UID=1000\n");
        node.Systemd.Until("state busy jobs-recorded");
        daemon.Terminate();
        daemon.ExpectExit(0);
        Assert.Equal("", daemon.Story);
        IReadOnlyList<IReadOnlyDictionary<string, string>> entries = journal.Entries();
        Assert.All(entries, entry => Assert.Equal("hookagentd", entry["SYSLOG_IDENTIFIER"]));
        Assert.All(entries, entry => Assert.Matches("^[0-9a-f]{32}$", entry["MESSAGE_ID"]));
        IReadOnlyDictionary<string, string>[] job = [.. entries.Where(entry => entry.GetValueOrDefault("SLURM_JOB_ID") == "17")];
        Assert.Equal(
            [
                Core.Journal.NodeMessageIds.JobAppeared, Core.Journal.NodeMessageIds.StateChanged, Core.Journal.NodeMessageIds.ProviderStopped,
                Core.Journal.NodeMessageIds.HandoverDone, Core.Journal.NodeMessageIds.StateChanged,
            ],
            job.Select(entry => entry["MESSAGE_ID"]));
        Assert.All(job, entry => Assert.Equal("1000", entry["SLURM_JOB_UID"]));
        Assert.Equal(("reclaiming", "stop-asked", TestNode.Unit), (job[1]["HOOKAGENT_STATE"], job[1]["HOOKAGENT_REASON"], job[1]["UNIT"]));
        Assert.True(long.Parse(job[3]["HOOKAGENT_HANDOVER_USEC"], CultureInfo.InvariantCulture) > 0);
    }

    /// <summary>The loop goes on beside a journald that does not read, and tells all of it when it reads again, by itself.</summary>
    [Fact]
    public void A_journal_that_reads_again_gets_what_was_kept()
    {
        using TestNode node = new();
        node.StartSystemd();
        using FakeJournal journal = new(node["journal"]);
        journal.Fill();
        node.DaemonEnvironment["JOURNAL_STREAM"] = "1:1";
        using Child daemon = new(TestNode.Binary, [.. node.Arguments, "--journal", journal.Path], node.DaemonEnvironment);
        node.ExpectLent();
        node.Record(17, "UID=1000\n");
        node.Systemd.Until("state busy jobs-recorded");
        string[] told = journal.Until(entry => entry.GetValueOrDefault("HOOKAGENT_STATE") == "busy");
        Assert.Equal(
            [Core.Journal.NodeMessageIds.DaemonStarted, Core.Journal.NodeMessageIds.HandoverDone, Core.Journal.NodeMessageIds.StateChanged],
            [told.First(id => id.Length > 0), .. told[^2..]]);
        Assert.DoesNotContain(Core.Journal.NodeMessageIds.EntriesDropped, told);
        daemon.Terminate();
        daemon.ExpectExit(0);
    }

    [Fact]
    public void A_flood_of_calls_loses_nothing_and_takes_no_memory()
    {
        using TestNode node = TestNode.Lent();
        const string script = """
            import dbus, dbus.mainloop.glib, os, sys
            from gi.repository import GLib
            dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
            bus = dbus.bus.BusConnection(sys.argv[1])
            jobs, loop, left = sys.argv[2], GLib.MainLoop(), [0]
            def done(*answer):
                left[0] -= 1
                if answer: print("error", answer[0])
                if not left[0]: loop.quit()
            for round in range(10):
                for number in range(1000):
                    job, starts = str(round * 500 + number // 2 + 1), number % 2 == 0
                    if starts:
                        with open(jobs + "/." + job, "w") as f: f.write("JOB_ID=" + job + "\n")
                        os.rename(jobs + "/." + job, jobs + "/" + job)
                    else: os.unlink(jobs + "/" + job)
                    left[0] += 1
                    bus.call_async("org.hookagent.Node1", "/org/hookagent/Node1", "org.hookagent.Node1",
                                   "JobStarted" if starts else "JobEnded", "s", (job,), done, done)
                loop.run()
            print("end")
            """;
        using Child flood = new("/usr/bin/python3", "-c", script, node.Bus.Address, $"{node.RunDirectory}/jobs");
        Assert.Equal("end", flood.ReadLine());
        node.Systemd.Until("state lending running");
        Assert.Equal("as 0", node.Get("Jobs"));
        Assert.InRange(Resident(node.Daemon), 0, 14 * 1024);
    }

    /// <summary>
    /// The agent holds 1,000 Prologs at most and lets those above go on. Calls of one caller are taken in their order, so
    /// what follows them tells how many were answered at once. Beside them a stranger sends what is larger than the heap.
    /// </summary>
    [Fact]
    public void Ten_thousand_Prologs_at_once_are_held_or_let_go_and_take_no_memory()
    {
        using TestNode node = TestNode.Lent("PrologWait=5min", "StopGrace=10min");
        node.Systemd.Tell("stop queued");
        for (int job = 1; job <= 10; job++)
        {
            node.Record(job);
        }

        node.Expect(Stop, "state reclaiming stop-asked");
        const string script = """
            import dbus, dbus.mainloop.glib, sys
            from dbus.lowlevel import MethodCallMessage
            from gi.repository import GLib
            dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
            bus, stranger = dbus.bus.BusConnection(sys.argv[1]), dbus.bus.BusConnection(sys.argv[1])
            node, path, patience = "org.hookagent.Node1", "/org/hookagent/Node1", 100
            loop, left = GLib.MainLoop(), [10_000]
            def done(*answer):
                left[0] -= 1
                if answer: print("error", answer[0])
                if not left[0]: loop.quit()
            def taken():
                print("held", left[0], flush=True)
            for number in range(10_000):
                if number == 5_000:
                    large = MethodCallMessage(node, path, node, "JobStarted")
                    large.append("9" * 31 * 1024 * 1024, signature="s")
                    stranger.send_message(large)
                    stranger.flush()
                bus.call_async(node, path, node, "JobStarted", "s", (str(number % 10 + 1),), done, done, timeout=patience)
            stranger.call_blocking(node, path, "org.freedesktop.DBus.Peer", "Ping", "", (), timeout=patience)
            bus.call_async(node, path, node, "Refresh", "", (), taken, print, timeout=patience)
            loop.run()
            print("end")
            """;
        using Child prologs = new("/usr/bin/python3", "-c", script, node.Bus.Address);
        Assert.Equal("held 1000", prologs.ReadLine());
        Assert.InRange(Resident(node.Daemon), 0, 14 * 1024);

        node.Systemd.Tell("finish");
        Assert.Equal("end", prologs.ReadLine());
        node.Expect("state busy jobs-recorded");
        Assert.DoesNotContain("Lost the system bus", node.Daemon.Story, StringComparison.Ordinal);
        Assert.InRange(Resident(node.Daemon), 0, 14 * 1024);
    }

    [Fact]
    public void Its_metrics_follow_the_node_and_the_settings()
    {
        using TestNode node = TestNode.Lent();
        Assert.False(Directory.Exists(node["metrics"]));
        Directory.CreateDirectory(node["metrics"]);
        node.JobStarts(17);
        Metrics(node, "hookagent_jobs 1\n", "hookagent_state{state=\"busy\"} 1\n", "hookagent_handover_seconds_count 1\n");

        // A reload writes at once, where the settings now say.
        node.WriteSettings(node.Text().Replace(node.MetricsFile, node["metrics/other.prom"], StringComparison.Ordinal));
        node.Daemon.HangUp();
        node.Until(() => File.Exists(node["metrics/other.prom"]), "the other file");
        Assert.False(File.Exists(node.MetricsFile));
        node.Daemon.Terminate();
        node.Daemon.ExpectExit();
        Assert.Empty(Directory.GetFileSystemEntries(node["metrics"]));
    }

    [Fact]
    public void A_row_of_failures_that_is_over_is_told_by_a_wake_up_of_the_watchdog()
    {
        using TestNode node = new();
        node.DaemonEnvironment["WATCHDOG_USEC"] = "2000000";
        node.StartSystemd();
        node.Systemd.Tell("start fails");
        node.StartDaemon();
        node.UntilTold("First failure");
        node.Systemd.Tell("start ok");
        node.Systemd.Until("state lending running");
        node.Until(() => node.Daemon.Story.Contains("runs well again; it had failed", StringComparison.Ordinal), "the end of the row", TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void It_sleeps_while_nothing_happens()
    {
        using TestNode node = new();
        Directory.CreateDirectory(node["metrics"]);
        node.StartSystemd();
        node.StartDaemon();
        node.ExpectLent();
        node.Until(() => File.Exists(node.MetricsFile) && File.ReadAllText(node.MetricsFile).Contains("\"running\"} 1", StringComparison.Ordinal), "the metrics");

        // At rest when nothing has happened for a while; the disk may still have to take the metrics' file.
        long switches = -1;
        Stopwatch rest = Stopwatch.StartNew();
        node.Until(
            () =>
            {
                // One that waits for a busy processor ("R") or for the disk ("D") is not at rest.
                if (switches != (switches = Switches(node.Daemon)) || !Sleeps(node.Daemon))
                {
                    rest.Restart();
                }

                return rest.ElapsedMilliseconds > 300;
            },
            "rest");
        Stopwatch watch = Stopwatch.StartNew();
        while (watch.Elapsed < TimeSpan.FromSeconds(3))
        {
            Thread.Sleep(500);
            Assert.Equal(switches, Switches(node.Daemon));
        }

        Assert.InRange(Directory.GetDirectories($"/proc/{node.Daemon.Id}/task").Length, 1, 5);
    }

    [Fact]
    public void Its_metrics_tell_of_hooks_that_gave_up_and_of_stale_records()
    {
        using TestNode node = TestNode.Lent("Timeout=20s", "PrologWait=300ms");
        Directory.CreateDirectory(node["metrics"]);
        node.Systemd.Tell("stop queued");

        // Its hook was entered when the machine booted, and the second one's just now.
        node.Record(17, "STARTED_BOOTTIME_USEC=1\n");
        node.Call("JobStarted", "s", "17");
        Metrics(node, "hookagent_jobs 1\n", "hookagent_hook_deadlines_total 1\n", "hookagent_prolog_waits_exceeded_total 1\n");
        node.Record(18, $"STARTED_BOOTTIME_USEC={BootClock.Now().Microseconds}\n");
        node.Call("JobStarted", "s", "18");
        Metrics(node, "hookagent_jobs 2\n", "hookagent_hook_deadlines_total 1\n", "hookagent_prolog_waits_exceeded_total 2\n", "hookagent_stale_records 0\n");

        node.Record(19, "END_TIME=1\n");
        Metrics(node, "hookagent_stale_records 1\n", "hookagent_hook_deadlines_total 1\n");
        node.EndRecord(19);
        Metrics(node, "hookagent_stale_records 0\n");
    }

    private static void Metrics(TestNode node, params string[] wanted) => node.Until(
        () => File.Exists(node.MetricsFile) && File.ReadAllText(node.MetricsFile) is var text && wanted.All(line => text.Contains(line, StringComparison.Ordinal)),
        string.Join(' ', wanted));

    private static string Receive(Socket socket)
    {
        byte[] buffer = new byte[4096];
        return Encoding.UTF8.GetString(buffer, 0, socket.Receive(buffer));
    }

    private static long Resident(Child child) => Number($"/proc/{child.Id}/status", "VmRSS:");

    private static long Switches(Child child) =>
        Directory.GetDirectories($"/proc/{child.Id}/task").Sum(task => Number($"{task}/status", "voluntary_ctxt_switches:"));

    private static bool Sleeps(Child child) => Directory.GetDirectories($"/proc/{child.Id}/task").All(task => File.ReadAllText($"{task}/stat").Contains(") S ", StringComparison.Ordinal));

    private static long Number(string file, string key) => long.Parse(
        File.ReadLines(file).First(line => line.StartsWith(key, StringComparison.Ordinal))[key.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(),
        CultureInfo.InvariantCulture);
}
