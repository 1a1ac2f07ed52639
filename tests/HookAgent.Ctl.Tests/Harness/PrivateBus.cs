using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using HookAgent.Tests;

namespace HookAgent.Ctl.Tests.Harness;

/// <summary>A dbus-daemon of the test's own, and a run directory; both go away with it, and so does the daemon on it.</summary>
internal sealed class PrivateBus : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder = new();
    private readonly Stack<Process> _processes = new();

    public PrivateBus()
    {
        string configuration = _folder["bus.conf"];
        File.WriteAllText(configuration, $"""
            <!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
            <busconfig>
              <listen>unix:path={_folder["bus"]}</listen>
              <auth>EXTERNAL</auth>
              <policy context="default">
                <allow user="*"/>
                <allow own="*"/>
                <allow send_destination="*"/>
                <allow receive_sender="*"/>
              </policy>
            </busconfig>
            """);
        Directory.CreateDirectory(_folder["run/jobs"]);
        // For the tests that run the program as another user.
        File.SetUnixFileMode(_folder.Path, (UnixFileMode)0x1ED);
        Start("dbus-daemon", [$"--config-file={configuration}", "--nofork", "--print-address=1"]);
    }

    public string Address => $"unix:path={_folder["bus"]}";

    public string RunDirectory => _folder["run"];

    /// <summary>The calls the fake daemon got, in their order.</summary>
    public string[] Calls => File.Exists(_folder["calls"]) ? File.ReadAllLines(_folder["calls"]) : [];

    /// <summary>The options that make hookctl use this bus and directory.</summary>
    public string[] Options => ["--bus", Address, "--run-dir", RunDirectory];

    public static JsonObject Properties { get; } = new()
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

    /// <summary>Puts a daemon on the bus; <paramref name="errors"/> as fake-daemon.py tells.</summary>
    public void StartDaemon(JsonObject? properties = null, JsonObject? errors = null)
    {
        string script = Path.Combine(AppContext.BaseDirectory, "Harness", "fake-daemon.py");
        Start("/usr/bin/python3", ["-u", script, Address, _folder["calls"], (properties ?? Properties).ToJsonString(), (errors ?? []).ToJsonString()]);
    }

    /// <summary>Stops what was started last, as SIGSTOP does; it goes on when the test ends.</summary>
    public void Freeze() => Hookctl.RunProgram("kill", ["-STOP", _processes.Peek().Id.ToString(CultureInfo.InvariantCulture)]);

    /// <summary>Writes the record of a job.</summary>
    public string Record(string job, string more = "")
    {
        string file = Path.Combine(RunDirectory, "jobs", job);
        File.WriteAllText(file, $"JOB_ID={job}\n{more}");
        return file;
    }

    public void Dispose()
    {
        foreach (Process process in _processes)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }

        _folder.Dispose();
    }

    /// <summary>Starts a program and waits for its first line, by which it says that it is ready.</summary>
    private void Start(string program, string[] arguments)
    {
        Process process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _processes.Push(process);
        System.Text.StringBuilder errors = new();
        process.ErrorDataReceived += (_, line) => errors.AppendLine(line.Data);
        process.BeginErrorReadLine();
        Task<string?> ready = process.StandardOutput.ReadLineAsync();
        Assert.True(ready.Wait(s_patience) && ready.Result is not null, $"{program} did not start: {errors}");
    }
}
