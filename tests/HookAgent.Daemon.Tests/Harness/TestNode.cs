using System.Diagnostics;

namespace HookAgent.Daemon.Tests.Harness;

/// <summary>
/// A node of its own: bus, systemd, run and state folders, settings, and the published hookagentd once it is
/// started. Settles after 50 ms and wants no slurmd unless the test says otherwise.
/// </summary>
internal sealed class TestNode : IDisposable
{
    public const string Unit = "wasimoff-provider.service";
    private const string Interface = "org.hookagent.Node1";

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _settings = new()
    {
        ["IdleDelay"] = "50ms",
        ["RequireUnit"] = "",
        ["StopGrace"] = "10s",
    };

    public TestNode(params string[] settings)
    {
        Directory.CreateDirectory(_folder["run/jobs"]);
        Directory.CreateDirectory(_folder["state"]);
        Directory.CreateDirectory(_folder["proc"]);
        Directory.CreateDirectory(_folder["root/etc/hookagent"]);
        File.WriteAllText(_folder["run/boot-id"], "5a3c7e1f9b2d4086a1c3e5f708192a3b\n");
        File.WriteAllText(_folder["run/jobs/.complete"], "5a3c7e1f9b2d4086a1c3e5f708192a3b");
        foreach (string setting in settings)
        {
            string[] words = setting.Split('=', 2);
            _settings[words[0]] = words[1];
        }

        WriteSettings(Text());
    }

    /// <summary>The published program; nothing else would prove anything.</summary>
    public static string Binary
    {
        get
        {
            string folder = Environment.GetEnvironmentVariable("HOOKAGENT_BIN") ?? "";
            string path = Path.Combine(folder, "hookagentd");
            Assert.True(folder.Length > 0 && File.Exists(path), $"HOOKAGENT_BIN is '{folder}', which holds no hookagentd; 'make test' publishes the programs and sets it");
            return Path.GetFullPath(path);
        }
    }

    public PrivateBus Bus { get; } = new();

    /// <summary>Where the daemon finds its bus; the node's own unless a test has another.</summary>
    public string? Address { get; set; }

    public string RunDirectory => _folder["run"];

    public string SettingsFile => _folder["root/etc/hookagent/hookagent.conf"];

    /// <summary>Written where its folder exists; it does not, unless the test makes it.</summary>
    public string MetricsFile => _folder["metrics/hookagent.prom"];

    public string StateFile => _folder["state/node.state"];

    public FakeSystemd Systemd { get; private set; } = null!;

    public Child Daemon { get; private set; } = null!;

    /// <summary>Added to the daemon's environment.</summary>
    public Dictionary<string, string?> DaemonEnvironment { get; } = new() { ["JOURNAL_STREAM"] = null, ["NOTIFY_SOCKET"] = null };

    public string[] Arguments =>
        ["--bus", Address ?? Bus.Address, "--run-dir", _folder["run"], "--state-dir", _folder["state"], "--root", _folder["root"], "--proc", _folder["proc"], "--cgroup", _folder["cgroup"]];

    public string this[string name] => _folder[name];

    /// <summary>A node with systemd and daemon, lent.</summary>
    public static TestNode Lent(params string[] settings)
    {
        TestNode node = new(settings);
        try
        {
            node.StartSystemd();
            node.StartDaemon();
            node.ExpectLent();
            return node;
        }
        catch
        {
            node.Dispose();
            throw;
        }
    }

    /// <summary>The first line is "[Node]"; the keys of the other sections come after it.</summary>
    public string Text(string node = "") => string.Concat(
        _settings.Where(setting => setting.Key is not ("PrologWait" or "Timeout")).Select(setting => $"{setting.Key}={setting.Value}\n").Prepend("[Node]\n"))
        + node
        + string.Concat(_settings.Where(setting => setting.Key is "PrologWait" or "Timeout").Select(setting => $"{setting.Key}={setting.Value}\n").Prepend($"[Metrics]\nTextFile={MetricsFile}\n[Hook]\n"));

    public void WriteSettings(string text) => File.WriteAllText(SettingsFile, text);

    public void StartSystemd(string provider = "inactive") => Systemd = new FakeSystemd(Address ?? Bus.Address, provider, () => Story);

    public void StartDaemon() => Daemon = new Child(Binary, Arguments, DaemonEnvironment);

    /// <summary>With what this shell script does first, as root of a user namespace of its own, which has limits of its own.</summary>
    public void StartDaemonAfter(string script) => Daemon = new Child(
        "unshare", ["--user", "--map-root-user", "sh", "-c", $"{script}\nexec \"$@\"", "sh", Binary, .. Arguments], DaemonEnvironment);

    /// <summary>Daemon, systemd and order of events, for a failed test.</summary>
    public string Story => $"hookagentd:\n{Daemon?.Story}\n\nsystemd and the bus:\n{Systemd?.Story}";

    public void Expect(params string[] lines) => Systemd.Expect(lines);

    /// <summary>From the daemon's first word on an idle node to a running provider.</summary>
    public void ExpectLent() => Expect(
        "agent there", "call Subscribe", "state settling idle-delay", "call StartUnit wasimoff-provider.service fail",
        "state lending starting", "state lending running");

    /// <summary>What slurm-hook does before it calls.</summary>
    public void Record(int job, string more = "")
    {
        File.WriteAllText(_folder[$"run/jobs/.{job}.new"], $"JOB_ID={job}\n{more}");
        File.Move(_folder[$"run/jobs/.{job}.new"], _folder[$"run/jobs/{job}"], overwrite: true);
    }

    /// <summary>The identity of a job's record, as hookctl reads it.</summary>
    public string Meant(int job) => $"{HookAgent.Core.Jobs.RecordIdentity.Of(_folder[$"run/jobs/{job}"])}";

    public void EndRecord(int job) => File.Delete(_folder[$"run/jobs/{job}"]);

    public void JobStarts(int job)
    {
        Record(job);
        Call("JobStarted", "s", $"{job}");
    }

    public void JobEnds(int job)
    {
        EndRecord(job);
        Call("JobEnded", "s", $"{job}");
    }

    /// <summary>Calls the daemon by busctl; its output.</summary>
    public string Call(string method, params string[] arguments) => Busctl(0, ["call", Interface, "/org/hookagent/Node1", Interface, method, .. arguments]);

    /// <summary>On a thread of its own, because it waits there.</summary>
    public Task<string> CallLater(string method, params string[] arguments) =>
        Task.Factory.StartNew(() => Call(method, arguments), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>What busctl says of a call that is refused.</summary>
    public string Refused(string method, params string[] arguments) => Busctl(1, ["call", Interface, "/org/hookagent/Node1", Interface, method, .. arguments]);

    public string Get(string property, string name = Interface) => Busctl(0, "get-property", name, "/org/hookagent/Node1", Interface, property).Trim();

    public string Busctl(int exitCode, params string[] arguments)
    {
        using Child busctl = new("busctl", ["--timeout=15", $"--address={Address ?? Bus.Address}", .. arguments]);
        try
        {
            busctl.ExpectExit(exitCode);
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"busctl {string.Join(' ', arguments)}: {failure.Message}\n{Story}", failure);
        }

        return busctl.Story;
    }

    /// <summary>Waits until something is so.</summary>
    public void Until(Func<bool> so, string what, TimeSpan? patience = null)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!so())
        {
            Assert.True(watch.Elapsed < (patience ?? TimeSpan.FromSeconds(15)), $"{what} did not come\n{Story}");
            Thread.Sleep(5);
        }
    }

    public void UntilTold(string words) => Until(() => Daemon.Story.Contains(words, StringComparison.Ordinal), words);

    /// <summary>Waits until the agent has its name on the bus, for which its READY does not wait.</summary>
    public void UntilOnBus() => Until(
        () => Busctl(0, "call", "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "NameHasOwner", "s", Interface).Trim() == "b true",
        "the agent's name on the bus");

    public void Dispose()
    {
        Daemon?.Dispose();
        Systemd?.Dispose();
        Bus.Dispose();
        _folder.Dispose();
    }
}
