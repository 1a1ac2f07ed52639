using System.Globalization;
using System.Text.Json.Nodes;
using HookAgent.Ctl.Tests.Adopt;
using HookAgent.Ctl.Tests.Doctor;
using HookAgent.Ctl.Tests.Harness;
using HookAgent.Ctl.Tests.Report;

namespace HookAgent.Ctl.Tests.Transcripts;

/// <summary>Typical moments of an operator's day, one transcript each. Times of now are far enough away not to change while a test runs.</summary>
internal static class Moments
{
    private const string Unit = "wasimoff-provider.service";

    /// <summary>Sat 2025-11-22 16:00:00 CET.</summary>
    private const long Then = 1_763_823_600_000_000;

    public static IReadOnlyList<Moment> All { get; } =
    [
        new("status-lending", "The node is lent.", "hookctl status", Lent()),
        new("status-lending-200", "The node is lent.", "hookctl status", Lent()) { Terminal = "200x50" },
        new("status-lending-pipe", "The node is lent.", "hookctl status", Lent()) { Terminal = "pipe" },
        new("bare", "The node is lent.", "hookctl", Lent()),
        new("status-short", "The node is lent.", "hookctl status --short", Lent()),
        new("status-short-options-first", "The node is lent.", "hookctl -o short status", Lent()),
        new("status-busy-40-jobs", "40 jobs run.", "hookctl status", Busy(Enumerable.Range(100_231, 40))),
        new("status-busy-scattered-jobs", "Jobs run whose numbers are far apart.", "hookctl status", Busy(Enumerable.Range(0, 24).Select(static number => 100_231 + (number * 2)))),
        new("status-short-jobs", "40 jobs run.", "hookctl status --short", Busy(Enumerable.Range(100_231, 40))),
        new("status-settling", "The last job has ended; the provider is started soon.", "hookctl status", Daemon(new()
        {
            ["State"] = "settling", ["Reason"] = "idle-delay", ["UnitState"] = "inactive", ["NextStart"] = Soon(),
        })),
        new("status-reclaiming", "A job has come, and the provider is slow to stop.", "hookctl status", Daemon(new()
        {
            ["State"] = "reclaiming", ["Reason"] = "second-signal", ["UnitState"] = "deactivating", ["Jobs"] = new JsonArray("17"),
        })),
        new("status-failed-deno", "Deno is missing.", "hookctl status", FailedForDeno),
        new("status-waiting-broker", "The provider waits for its broker.", "hookctl status", node =>
        {
            Lent()(node);
            Journal(node, Warning("Waiting for the broker at controller:4080: connection refused."));
        }),
        new("status-unit-missing", "The provider is not installed.", "hookctl status", Daemon(new()
        {
            ["State"] = "failed", ["Reason"] = "unit-missing", ["UnitState"] = "inactive", ["NextStart"] = Soon(),
        })),
        new("status-slurmd-off", "slurmd does not run.", "hookctl status", Daemon(new()
        {
            ["State"] = "held", ["Reason"] = "required-unit-inactive", ["UnitState"] = "inactive", ["RequireUnit"] = "slurmd.service",
        })),
        new("status-held", "An operator holds the node.", "hookctl status", Daemon(Held())),
        new("status-held-by-hand", "The provider was stopped by systemctl.", "hookctl status", Daemon(new()
        {
            ["State"] = "held", ["Reason"] = "hand-stopped", ["UnitState"] = "inactive", ["HeldBy"] = "hand-stopped",
        })),
        new("status-refused-settings", "A reload has refused the settings.", "hookctl status", Daemon(new()
        {
            ["SettingsRefused"] = "/etc/hookagent/hookagent.conf:3: unknown key 'IdelDelay' in [Node]; did you mean 'IdleDelay'?",
        })),
        new("status-unknown", "Installed on a node on which jobs run.", "hookctl status", Daemon(new()
        {
            ["State"] = "unknown", ["Reason"] = "directory-unproven", ["UnitState"] = "inactive",
        })),
        new("status-handovers", "Jobs came while the node was lent.", "hookctl status", Daemon(new()
        {
            ["LastHandoverUSec"] = 63_000,
            ["Handovers"] = new JsonArray(new JsonArray(Then, "2", 63_000, 62_000), new JsonArray(Then - 60_000_000, "1", 2_840_000, 0)),
        })),
        new("status-json", "The node is held.", "hookctl -o json status", Daemon(Held(Then))) { Terminal = "pipe" },
        new("status-watch", "The node is held; Ctrl-C is typed.", "hookctl status -w", Daemon(Held())) { Until = "Handover:" },
        new("status-no-agent", "hookagentd does not run.", "hookctl status", NoAgent),
        new("status-no-bus", "There is no system bus.", "hookctl status", static _ => { }) { Hidden = static _ => ["--bus", "unix:path=/run/dbus/none"] },
        new("status-agent-hangs", "hookagentd does not answer.", "hookctl status", static node =>
        {
            Lent()(node);
            node.FreezeDaemon();
        }),
        new("jobs", "Records of several kinds.", "hookctl jobs", SeveralRecords) { Hidden = Proc },
        new("jobs-no-legend", "Records of several kinds.", "hookctl jobs --no-legend", SeveralRecords) { Hidden = Proc },
        new("jobs-short", "Records of several kinds.", "hookctl jobs -o short", SeveralRecords) { Hidden = Proc },
        new("jobs-none", "No job is on the node.", "hookctl jobs", static _ => { }) { Hidden = Proc },
        new("job", "A job has run.", "hookctl job 17", static node => Journal(node, Story(1))) { Hidden = Proc },
        new("job-requeued", "A job was requeued again and again.", "hookctl job 17", static node => Journal(node, Story(5))) { Hidden = Proc },
        new("job-elsewhere", "The job ran on another node.", "hookctl job 17", static node => Journal(node)) { Hidden = Proc },
        new("job-bad-id", "Not a number.", "hookctl job seventeen", static _ => { }),
        new("hold", "By sudo, for two hours, while a job runs; it was held so before.", "hookctl hold --for 2h --reason 'swap DIMM 3'", Daemon(Held(jobs: "7", reason: "swap DIMM 3")))
        {
            Environment = new() { ["SUDO_USER"] = "alice" },
        },
        new("hold-unless-held", "It is held already.", "hookctl hold --unless-held --reason 'health check'", Daemon(Held())),
        new("hold-ambiguous", "The last number has no unit.", "hookctl hold --for=2h30", Lent()),
        new("hold-no-time", "Not a time.", "hookctl hold --for tomorrow", Lent()),
        new("hold-not-root", "By another user than root.", "hookctl hold", Denied("Hold")) { AsUser = true },
        new("hold-quiet", "For a script.", "hookctl hold -q", Lent()),
        new("release", "An operator holds the node.", "hookctl release", Daemon(Held())),
        new("release-nothing", "Nobody holds the node.", "hookctl release", Lent()),
        new("release-another", "The hold has another reason.", "hookctl release --reason 'health check'", Daemon(Held())),
        new("retry", "The provider had failed.", "hookctl retry", Daemon(new()
        {
            ["State"] = "failed", ["Reason"] = "provider-exited", ["UnitState"] = "failed",
        })),
        new("retry-nothing", "The provider runs.", "hookctl retry", Lent()),
        new("forget", "Slurm does not know the job any more.", "hookctl forget 17", Busy([17])) { Hidden = Proc },
        new("forget-unknown", "No such job is on the node.", "hookctl forget 18", Lent()) { Hidden = Proc },
        new("reconcile", "Two records are left over.", "hookctl reconcile", LeftOver) { Hidden = Slurm },
        new("reconcile-no-slurmctld", "slurmctld is down.", "hookctl reconcile", static node =>
        {
            LeftOver(node);
            Program(node, "squeue", "echo 'slurm_load_jobs error: Unable to contact slurm controller (connect failure)' >&2; exit 1");
        })
        { Hidden = Slurm },
        new("reconcile-lost-record", "The record of a job that runs is lost.", "hookctl reconcile", static node =>
        {
            LeftOver(node);
            Program(node, "squeue", "printf '17|RUNNING\\n18|RUNNING\\n'");
        })
        { Hidden = Slurm },
        new("reconcile-user", "By another user than root.", "hookctl reconcile", Lent()) { AsUser = true },
        new("adopt", "A unit of the site's, which runs.", "hookctl adopt site", Site(AdoptCommandTests.SafeUnit)) { Hidden = Root },
        new("adopt-dry-run", "A unit of the site's, which runs.", "hookctl adopt --dry-run site", Site(AdoptCommandTests.SafeUnit)) { Hidden = Root, Terminal = "100x40" },
        new("adopt-refused", "It counts as running when its processes have ended.", "hookctl adopt site", Site(AdoptCommandTests.SafeUnit, static unit => unit["Service"]!["RemainAfterExit"] = true)) { Hidden = Root },
        new("adopt-undo", "It was adopted.", "hookctl adopt --undo site", static node =>
        {
            Site(AdoptCommandTests.SafeUnit)(node);
            Hookctl.Run(["adopt", "site", .. Root(node), .. node.Options]);
        })
        { Hidden = Root },
        new("report", "A day of three nodes.", "hookctl report com0.export com1.export com40.export", Day),
        new("report-summary", "A day of 300 nodes.", "hookctl report --summary day", Day),
        new("report-compare", "One node before and after.", "hookctl report --compare com0.export com1.export", Day),
        new("report-empty", "The file of one node is empty.", "hookctl report --summary com0.export com1.export", static node =>
        {
            Day(node);
            File.WriteAllText(node.Root["com1.export"], "");
        }),
        new("report-nothing", "The journal has nothing of the agent.", "hookctl report", static node => Journal(node)),
        new("report-since", "Not a time.", "hookctl report --since friday", Day),
        new("report-no-file", "No such file.", "hookctl report com7.export", static _ => { }),
        new("doctor-user", "By another user than root.", "hookctl doctor", Healthy) { Site = static _ => { }, AsUser = true },
        new("doctor-probe", "One job is run, and seen.", "hookctl doctor --probe", static node => Probed(node, "17")) { Site = static _ => { }, Hidden = Srun },
        new("doctor-probe-no-hook", "One job is run, and the hook is not.", "hookctl doctor --probe", static node => Probed(node, "16")) { Site = static _ => { }, Hidden = Srun },
        new("doctor-well", "All is well.", "hookctl doctor", Healthy) { Site = static _ => { } },
        new("doctor-faults", "The unit is enabled, and the journal is lost with each boot.", "hookctl doctor", Enabled) { Site = JournalIsLost },
        new("doctor-faults-200", "The unit is enabled, and the journal is lost with each boot.", "hookctl doctor", Enabled) { Site = JournalIsLost, Terminal = "200x50" },
        new("doctor-all", "The unit is enabled, and the journal is lost with each boot.", "hookctl doctor --all", Enabled) { Site = JournalIsLost },
        new("doctor-short", "The unit is enabled, and the journal is lost with each boot.", "hookctl doctor -o short", Enabled) { Site = JournalIsLost },
        new("doctor-pager", "A pager that shouts.", "hookctl doctor", Enabled) { Site = JournalIsLost, Environment = new() { ["SYSTEMD_PAGER"] = "tr a-z A-Z" } },
        new("doctor-no-pager", "A pager that shouts, not wanted.", "hookctl --no-pager doctor", Enabled) { Site = JournalIsLost, Environment = new() { ["SYSTEMD_PAGER"] = "tr a-z A-Z" } },
        new("doctor-removal", "Slurm still runs the hook.", "hookctl doctor --removal", static _ => { }) { Site = static _ => { } },
        new("doctor-no-agent", "hookagentd does not run.", "hookctl doctor", NoAgent) { Site = static _ => { } },
        new("doctor-contradiction", "Two options that do not go together.", "hookctl doctor --probe --removal", static _ => { }),
        new("unhold", "A command of another name.", "hookctl unhold", static _ => { }),
        new("drain", "scontrol's word for it.", "hookctl drain", static _ => { }),
        new("option-misspelt", "A letter is missing.", "hookctl hold --reson 'new memory'", static _ => { }),
        new("format-unknown", "There is no such format.", "hookctl status -o xml", static _ => { }),
        new("help", "All commands.", "hookctl --help", static _ => { }),
        new("help-200", "All commands.", "hookctl --help", static _ => { }) { Terminal = "200x50" },
        new("help-hold", "One command.", "hookctl hold --help", static _ => { }),
        new("help-doctor", "One command.", "hookctl help doctor", static _ => { }),
        new("help-report", "One command with many options.", "hookctl report --help", static _ => { }),
    ];

    private static long Now => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1000;

    private static Action<FakeNode> Lent() => Daemon([]);

    /// <summary>Of three hours and ten minutes and a half ago, so that its age in words is the same for a while.</summary>
    private static JsonNode Since() => Now - 11_430_000_000;

    private static JsonNode Soon() => Now + 9_030_000_000;

    private static Action<FakeNode> Daemon(JsonObject properties) => node =>
    {
        JsonObject all = new() { ["Since"] = Since(), ["Version"] = "0.2.0" };
        foreach ((string name, JsonNode? value) in properties)
        {
            all[name] = value!.DeepClone();
        }

        if (all["Since"]!.GetValue<long>() > Then)
        {
            all["Since"] = Since();
        }

        if (all["NextStart"] is not null)
        {
            all["NextStart"] = Soon();
        }

        if (all["HoldUntil"]?.GetValue<long>() is > Then)
        {
            (all["HoldUntil"], all["HoldSince"]) = (Soon(), Since());
        }

        node.StartDaemon(properties: all);
        string state = all["UnitState"]?.GetValue<string>() ?? "active";
        node.StartSystemd(new JsonObject
        {
            [Unit] = new JsonObject
            {
                ["Unit"] = new JsonObject { ["ActiveState"] = state, ["InvocationID"] = new JsonArray([.. Enumerable.Range(1, 16).Select(static number => JsonValue.Create(number))]) },
                ["Service"] = new JsonObject { ["MemoryCurrent"] = 178_782_208L, ["CPUUsageNSec"] = 12_345_678_000L },
            },
        });
        if (!File.Exists(node.Root["bin/journalctl"]))
        {
            Journal(node);
        }
    };

    private static Action<FakeNode> Busy(IEnumerable<int> jobs) => Daemon(new()
    {
        ["State"] = "busy",
        ["Reason"] = "jobs-recorded",
        ["UnitState"] = "inactive",
        ["Jobs"] = new JsonArray([.. jobs.Select(static job => JsonValue.Create(job.ToString(CultureInfo.InvariantCulture)))]),
    });

    private static JsonObject Held(long until = Then + 1, string jobs = "", string reason = "new memory for the left processor, see ticket 4711") => new()
    {
        ["Since"] = until == Then ? Then - 60_000_000 : Since(),
        ["State"] = jobs.Length > 0 ? "busy" : "held",
        ["Reason"] = jobs.Length > 0 ? "jobs-recorded" : "operator-hold",
        ["UnitState"] = "inactive",
        ["Jobs"] = jobs.Length > 0 ? new JsonArray(jobs) : [],
        ["HeldBy"] = "operator",
        ["HoldReason"] = reason,
        ["HoldUser"] = "root (sudo: alice)",
        ["HoldUntil"] = until,
        ["HoldSince"] = Then - 60_000_000,
    };

    private static void NoAgent(FakeNode node) => node.StartSystemd(new JsonObject
    {
        ["hookagentd.service"] = new JsonObject { ["Unit"] = new JsonObject { ["ActiveState"] = "inactive", ["LoadState"] = "loaded", ["UnitFileState"] = "enabled" }, ["Service"] = new JsonObject { ["Restart"] = "always" } },
    });

    private static void Healthy(FakeNode node) => DoctorCommandTests.Start(node);

    private static void Enabled(FakeNode node) => DoctorCommandTests.Start(node, static unit => unit["Unit"]!["UnitFileState"] = "enabled");

    private static void JournalIsLost(HealthySite site)
    {
        Directory.Delete(site.Real("/var/log/journal"), recursive: true);
        Directory.CreateDirectory(site.Real($"/run/log/journal/{HealthySite.Machine}"));
    }

    private static Action<FakeNode> Denied(string method) => node => node.StartDaemon(new JsonObject { [method] = "org.freedesktop.DBus.Error.AccessDenied" });

    private static void FailedForDeno(FakeNode node)
    {
        Journal(
            node,
            Error("Next: install Deno, and set DENO= in /etc/hookagent/wasimoff-provider.env to its path."),
            Error("Cause: DENO is not set, and there is no deno in PATH."),
            Error("The Wasimoff provider was not started: Deno is missing."));
        Daemon(new()
        {
            ["State"] = "failed",
            ["Reason"] = "start-failed",
            ["UnitState"] = "failed",
            ["NextStart"] = Soon(),
        })(node);
    }

    private static void SeveralRecords(FakeNode node)
    {
        node.Record("17", "UID=2000\nUSER=alice\nEND_TIME=1763830000\n");
        node.Step("17");
        node.Record("18", "UID=2001\nEND_TIME=1763820000\n");
        File.CreateSymbolicLink(Path.Combine(node.RunDirectory, "jobs", "19"), "/etc/passwd");
        node.Record("20", "UID=2000\nUSER=alice\n");
        node.Step("4294967293", 4712);
        File.WriteAllText(Path.Combine(node.RunDirectory, "jobs", "notes"), "");
    }

    private static void LeftOver(FakeNode node)
    {
        Lent()(node);
        node.Record("15");
        node.Record("16");
        node.Record("17");
        Program(node, "squeue", "echo '17|RUNNING'");
        Program(node, "scontrol", "echo NodeName=com0 NodeAddr=com0 NodeHostName=com0");
    }

    /// <summary>A unit of the site's that runs, and what it is once its files have been read anew.</summary>
    private static Action<FakeNode> Site(JsonObject adopted, Action<JsonObject>? differs = null) => node =>
    {
        JsonObject plain = AdoptCommandTests.PlainUnit;
        differs?.Invoke(plain);
        string wants = Directory.CreateDirectory(node.Root["etc/systemd/system/multi-user.target.wants"]).FullName;
        Directory.CreateDirectory(node.Root["lib/systemd/system"]);
        File.WriteAllText(node.Root["lib/systemd/system/site.service"], "[Service]\nExecStart=/bin/site\n");
        File.CreateSymbolicLink(Path.Combine(wants, "site.service"), "/lib/systemd/system/site.service");
        node.StartSystemd(new JsonObject { ["site.service"] = plain }, new JsonObject { ["site.service"] = adopted.DeepClone() });
    };

    private static void Day(FakeNode node)
    {
        ClusterDay.Write(Directory.CreateDirectory(node.Root["day"]).FullName);
        foreach (string file in (string[])["com0.export", "com1.export", "com40.export"])
        {
            File.Copy(node.Root[$"day/{file}"], node.Root[file]);
        }
    }

    /// <summary>A srun that runs job 17, and an agent that has seen this one.</summary>
    private static void Probed(FakeNode node, string seen)
    {
        DoctorCommandTests.Start(node, properties: new JsonObject { ["LastProlog"] = Now, ["LastPrologJob"] = seen, ["LastEpilog"] = Now, ["LastEpilogJob"] = "17" });
        Program(node, "srun", "echo 17");
    }

    private static string[] Srun(FakeNode node) => ["--srun", node.Root["bin/srun"]];

    private static string[] Root(FakeNode node) => ["--root", node.Root.Path];

    private static string[] Proc(FakeNode node) => ["--proc", node.Proc];

    private static string[] Slurm(FakeNode node) =>
        ["--squeue", node.Root["bin/squeue"], "--scontrol", node.Root["bin/scontrol"], "--systemctl", "/bin/false", "--root", node.Root.Path, "--proc", node.Proc];

    /// <summary>What hook and agent write about a job, the newest first, as journalctl gives it.</summary>
    private static string[] Story(int runs) =>
    [
        .. Enumerable.Range(0, runs).SelectMany(static run => (string[])
        [
            "Job 17 has come to this node.",
            "lending -> reclaiming: The provider is being stopped.",
            $"{Unit} stopped as asked within 58 ms; it had run for 3 min 5 s.",
            "Handover to job 17: 63 ms (Prolog start to provider stopped), up to 62 ms of it beside the job.",
            "reclaiming -> busy: A Slurm job runs on this node.",
            "Job 17 has ended on this node.",
            "busy -> settling: The node is idle; the provider starts when it has been idle for IdleDelay.",
        ]).Select(static (message, number) => Entry(6, message, Then + (number * 17_345_000L))).Reverse(),
    ];

    private static string Warning(string message) => Entry(4, message, Now - 11_430_000_000);

    private static string Error(string message) => Entry(3, message, Now - 11_430_000_000);

    private static string Entry(int priority, string message, long usec) => new JsonObject
    {
        ["__REALTIME_TIMESTAMP"] = $"{usec}",
        ["PRIORITY"] = $"{priority}",
        ["MESSAGE"] = message,
    }.ToJsonString();

    /// <summary>A journalctl that has these entries and no others, whatever it is asked for.</summary>
    private static void Journal(FakeNode node, params string[] entries)
    {
        File.WriteAllLines(node.Root["entries"], entries);
        Program(node, "journalctl", $"cat {node.Root["entries"]}");
    }

    private static void Program(FakeNode node, string name, string script)
    {
        string file = Path.Combine(Directory.CreateDirectory(node.Root["bin"]).FullName, name);
        File.Delete(file);
        File.WriteAllText(file, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(file, FakeNode.Everybody);
    }
}
