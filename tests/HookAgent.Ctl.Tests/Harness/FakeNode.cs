using System.Text.Json.Nodes;
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

    /// <summary>The calls the daemon got, in their order.</summary>
    public string[] Calls => File.Exists(_folder["calls"]) ? File.ReadAllLines(_folder["calls"]) : [];

    /// <summary>The options that make hookctl use this bus and directory.</summary>
    public string[] Options => ["--bus", _bus.Address, "--run-dir", RunDirectory];

    /// <summary>Puts a daemon on the bus; <paramref name="errors"/> as fake-daemon.py tells.</summary>
    public void StartDaemon(JsonObject? errors = null)
    {
        string script = Path.Combine(AppContext.BaseDirectory, "Harness", "fake-daemon.py");
        _daemon = new Child("/usr/bin/python3", "-u", script, _bus.Address, _folder["calls"], Properties.ToJsonString(), (errors ?? []).ToJsonString());
        Assert.Equal("ready", _daemon.ReadLine());
    }

    /// <summary>From now on the daemon has its name on the bus and says nothing.</summary>
    public void FreezeDaemon() => _daemon!.Stop();

    /// <summary>Lets other users than ours reach the bus.</summary>
    public void OpenToEverybody() => File.SetUnixFileMode(
        Path.GetDirectoryName(_bus.Address["unix:path=".Length..])!, Everybody);

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
        _bus.Dispose();
        _folder.Dispose();
    }
}
