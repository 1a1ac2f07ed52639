using System.Text.Json.Nodes;
using HookAgent.Core.Jobs;
using HookAgent.Tests;

namespace HookAgent.Ctl.Tests.Harness;

/// <summary>A bus, a run directory, and a daemon on them once it is started; all go away with it.</summary>
internal sealed class FakeNode : IDisposable
{
    /// <summary>rwxr-xr-x.</summary>
    public const UnixFileMode Everybody = (UnixFileMode)0x1ED;

    private readonly TemporaryFolder _folder = new();
    private readonly PrivateBus _bus = new();
    private Child? _daemon;
    private Child? _systemd;

    public FakeNode() => Directory.CreateDirectory(_folder["run/jobs"]);

    /// <summary>What a daemon says unless a test has it say something else.</summary>
    public static JsonObject Properties => new()
    {
        ["State"] = "lending",
        ["Reason"] = "running",
        ["Since"] = 1_763_824_800_123_456,
        ["Jobs"] = new JsonArray(),
        ["Unit"] = "wasimoff-provider.service",
        ["UnitState"] = "active",
        ["HeldBy"] = "",
        ["HoldReason"] = "",
        ["HoldUntil"] = 0,
        ["Version"] = "0.1.0",
        ["LastHandoverUSec"] = 231_412,
        ["ProviderStarts"] = 3,
    };

    public string RunDirectory => _folder["run"];

    /// <summary>A folder to stand for procfs, empty until <see cref="Step"/>.</summary>
    public string Proc => Directory.CreateDirectory(_folder["proc"]).FullName;

    /// <summary>A folder to stand for "/".</summary>
    public TemporaryFolder Root => _folder;

    /// <summary>The calls the daemon and systemd got, in their order.</summary>
    public string[] Calls => File.Exists(_folder["calls"]) ? File.ReadAllLines(_folder["calls"]) : [];

    public string BusSocket => _bus.Socket;

    /// <summary>The options that make hookctl use this bus and directory.</summary>
    public string[] Options => ["--bus", _bus.Address, "--run-dir", RunDirectory];

    /// <summary>Puts a daemon on the bus; <paramref name="errors"/> as fake-daemon.py tells.</summary>
    /// <param name="properties">Those that differ from <see cref="Properties"/>.</param>
    public void StartDaemon(JsonObject? errors = null, JsonObject? properties = null)
    {
        JsonObject all = Properties;
        foreach ((string name, JsonNode? value) in properties ?? [])
        {
            all[name] = value!.DeepClone();
        }

        string script = Path.Combine(AppContext.BaseDirectory, "Harness", "fake-daemon.py");
        _daemon = new Child("/usr/bin/python3", "-u", script, _bus.Address, _folder["calls"], all.ToJsonString(), (errors ?? []).ToJsonString());
        Assert.Equal("ready", _daemon.ReadLine());
    }

    /// <summary>Puts a systemd on the bus; <paramref name="units"/>, and what they are after a reload, as fake-systemd.py tells.</summary>
    public void StartSystemd(JsonObject units, JsonObject? reloaded = null)
    {
        _systemd?.Dispose();
        string script = Path.Combine(AppContext.BaseDirectory, "Harness", "fake-systemd.py");
        _systemd = new Child("/usr/bin/python3", "-u", script, _bus.Address, units.ToJsonString(), _folder["calls"], (reloaded ?? []).ToJsonString());
        Assert.Equal("ready", _systemd.ReadLine());
    }

    /// <summary>Has the daemon change one of its properties and say so.</summary>
    public void Change(string property, string value) => _bus.Busctl(
        "call", "org.hookagent.Node1", "/org/hookagent/Node1", "org.freedesktop.DBus.Mock",
        "UpdateProperties", "sa{sv}", "org.hookagent.Node1", "1", property, "s", value);

    /// <summary>The daemon leaves the bus.</summary>
    public void EndDaemon() => _daemon!.Kill();

    /// <summary>Makes a process look like root's slurmstepd of a job.</summary>
    public void Step(string job, int process = 4711)
    {
        string folder = Directory.CreateDirectory(Path.Combine(Proc, $"{process}")).FullName;
        File.WriteAllText(Path.Combine(folder, "comm"), "slurmstepd\n");
        File.WriteAllText(Path.Combine(folder, "cmdline"), $"slurmstepd: [{job}.batch]\0");
        File.WriteAllText(Path.Combine(folder, "status"), "Name:\tslurmstepd\nUid:\t0\t0\t0\t0\n");
    }

    /// <summary>From now on the daemon has its name on the bus and says nothing.</summary>
    public void FreezeDaemon() => _daemon!.Stop();

    /// <summary>Lets other users than ours reach the bus.</summary>
    public void OpenToEverybody() => File.SetUnixFileMode(
        Path.GetDirectoryName(_bus.Address["unix:path=".Length..])!, Everybody);

    /// <summary>Makes a process look like root's slurmd of this host.</summary>
    public void Slurmd(int process, params string[] arguments)
    {
        string folder = Directory.CreateDirectory(Path.Combine(Proc, $"{process}")).FullName;
        File.WriteAllText(Path.Combine(folder, "comm"), "slurmd\n");
        File.WriteAllText(Path.Combine(folder, "cmdline"), string.Concat(arguments.Prepend("/usr/sbin/slurmd").Select(word => $"{word}\0")));
        File.WriteAllText(Path.Combine(folder, "environ"), "");
        File.WriteAllText(Path.Combine(folder, "status"), "Name:\tslurmd\nUid:\t0\t0\t0\t0\n");
    }

    /// <summary>A job and the identity of its record, as they are handed to the daemon.</summary>
    public string Meant(string job) => $"{job}={RecordIdentity.Of(Path.Combine(RunDirectory, "jobs", job))}";

    /// <summary>Writes the record of a job.</summary>
    public string Record(string job, string more = "")
    {
        string file = Path.Combine(RunDirectory, "jobs", job);
        File.WriteAllText(file, $"JOB_ID={job}\n{more}");
        return file;
    }

    public void Dispose()
    {
        _daemon?.Dispose();
        _systemd?.Dispose();
        _bus.Dispose();
        _folder.Dispose();
    }
}
