using HookAgent.Bus;
using HookAgent.Bus.Systemd;
using HookAgent.Core;
using HookAgent.Core.Settings;
using HookAgent.Ctl.Doctor;
using HookAgent.Ctl.Host;
using HookAgent.Ctl.Reconcile;
using HookAgent.Ctl.Slurm;
using HookAgent.Tests;

namespace HookAgent.Ctl.Tests.Doctor;

/// <summary>The files of a node on which everything is as it should be, for a test to break one thing of.</summary>
internal sealed class HealthySite : IDisposable
{
    private const UnixFileMode Everybody = (UnixFileMode)0x1ED; // rwxr-xr-x
    public const string Machine = "0123456789abcdef0123456789abcdef";

    private readonly TemporaryFolder _folder = new();

    /// <summary>Lets other users than ours look at it.</summary>
    public void OpenToEverybody() => File.SetUnixFileMode(_folder.Path, Everybody);

    public HealthySite()
    {
        Write("/etc/slurm/slurm.conf", """
            ClusterName=lab
            Prolog=/usr/libexec/hookagent/slurm-hook
            Epilog=/usr/libexec/hookagent/slurm-hook
            PrologFlags=Alloc
            NodeName=n[1-4] CPUs=2 RealMemory=6000
            """);
        Program("/usr/libexec/hookagent/slurm-hook");
        foreach (string interpreter in (string[])["/bin/sh", "/bin/bash", "/usr/bin/env", "/usr/bin/perl"])
        {
            Program(interpreter);
        }

        Write("/usr/share/dbus-1/system.d/org.hookagent.Node1.conf", "<deny send_destination=\"org.hookagent.Node1\"/>");
        Directory.CreateDirectory(Real("/run/hookagent/jobs"));
        Write("/run/hookagent/hook.conf", HookSettings.Default.Format());
        Write("/etc/machine-id", $"{Machine}\n");
        Directory.CreateDirectory(Real($"/var/log/journal/{Machine}"));
        Directory.CreateDirectory(Real("/var/lib/prometheus/node-exporter"));
        Write("/proc/meminfo", "MemTotal:        8388608 kB\nMemFree: 1 kB\n");
        Directory.CreateDirectory(Real("/proc/self/ns"));
        File.CreateSymbolicLink(Real("/proc/self/ns/pid"), "pid:[1]");
        Slurmd("slurmd", "-D", "-N", "n1");
        Hookagentd("rw", "", "0000000000800000");
        Process(200, parent: 1, user: 990, "/hookagent.slice/wasimoff-provider.service");
        Process(201, parent: 200, user: 990, "/hookagent.slice/wasimoff-provider.service");
        Process(202, parent: 1, user: 0, "/system.slice/cron.service");
        Process(203, parent: 202, user: 1000, "/system.slice/cron.service");
    }

    public static UnitSettings Provider => new()
    {
        LoadState = "loaded",
        ActiveState = "active",
        UnitFileState = "static",
        NeedsReload = false,
        IgnoresIsolate = true,
        BindsTo = ["hookagentd.service"],
        After = ["hookagentd.service", "basic.target"],
        Conditions =
        [
            new("ConditionPathExists", Negated: false, "/run/hookagent/permit/wasimoff-provider.service"),
            new("ConditionPathIsDirectory", Negated: false, "/run/hookagent/jobs"),
            new("ConditionDirectoryNotEmpty", Negated: true, "/run/hookagent/jobs"),
        ],
        Restart = "no",
        StartLimitIntervalUsec = 0,
        Slice = "hookagent.slice",
        OomScoreAdjust = 1000,
        CpuWeight = 0,
        MemoryMax = 2UL << 30,
        TimeoutStopUsec = 14_000_000,
        Id = "wasimoff-provider.service",
        KillMode = "control-group",
        HasExecCondition = false,
        ControlGroup = "/hookagent.slice/wasimoff-provider.service",
    };

    public static UnitSettings Agent => new()
    {
        LoadState = "loaded",
        ActiveState = "active",
        UnitFileState = "enabled",
        ReadWritePaths = ["/run/hookagent", "-/var/lib/prometheus/node-exporter"],
    };

    public string Root => _folder.Path;

    public void Dispose() => _folder.Dispose();

    public string Real(string path) => Path.Join(Root, path);

    public void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Real(path))!);
        File.WriteAllText(Real(path), text);
    }

    /// <summary>Adds a line to slurm.conf.</summary>
    public void Slurm(string line) => File.AppendAllText(Real("/etc/slurm/slurm.conf"), $"\n{line}\n");

    /// <summary>Changes slurm.conf.</summary>
    public void Slurm(string old, string by)
    {
        string conf = File.ReadAllText(Real("/etc/slurm/slurm.conf"));
        Assert.Contains(old, conf, StringComparison.Ordinal);
        Write("/etc/slurm/slurm.conf", conf.Replace(old, by, StringComparison.Ordinal));
    }

    /// <summary>Something that can be run.</summary>
    public void Program(string path, string text = "")
    {
        Write(path, text);
        File.SetUnixFileMode(Real(path), Everybody);
    }

    /// <summary>A link, as an administrator makes it.</summary>
    public void Link(string path, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Real(path))!);
        File.CreateSymbolicLink(Real(path), target);
    }

    /// <summary>Limits of the running slurmd, of which one is this.</summary>
    public void Limit(string name, string soft) => Write("/proc/100/limits", Limits.Replace($"{name,-26}unlimited ", $"{name,-26}{soft} ", StringComparison.Ordinal));

    public void Slurmd(params string[] arguments)
    {
        Write("/proc/100/comm", "slurmd\n");
        Write("/proc/100/cmdline", string.Concat(arguments.Select(static word => $"{word}\0")));
        Write("/proc/100/status", "Name:\tslurmd\nUid:\t0\t0\t0\t0\n");
        Write("/proc/100/environ", "PATH=/usr/bin\0");
        Write("/proc/100/limits", Limits);
        Started(TimeSpan.Zero);
    }

    /// <summary>The agent's process.</summary>
    /// <param name="proc">The options of the /proc that it sees; null where they cannot be read.</param>
    /// <param name="groups">Its supplementary groups.</param>
    /// <param name="capabilities">Its effective ones.</param>
    public void Hookagentd(string? proc, string groups, string capabilities)
    {
        Process(150, parent: 1, user: 0, "/system.slice/hookagentd.service");
        Write("/proc/150/comm", "hookagentd\n");
        Write("/proc/150/status", $"Name:\thookagentd\nPPid:\t1\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nGroups:\t{groups} \nCapEff:\t{capabilities}\n");
        File.Delete(Real("/proc/150/mountinfo"));
        if (proc is not null)
        {
            Write("/proc/150/mountinfo", $"21 1 0:5 / / rw - ext4 /dev/vda rw\n25 21 0:23 / /proc rw,nosuid shared:5 - proc proc {proc}\n");
        }
    }

    public void Process(int id, int parent, int user, string group)
    {
        Write($"/proc/{id}/comm", $"process-{id}\n");
        Write($"/proc/{id}/status", $"Name:\tprocess-{id}\nPPid:\t{parent}\nUid:\t{user}\t{user}\t{user}\t{user}\n");
        Write($"/proc/{id}/cgroup", $"1:name=systemd:/elsewhere\n0::{group}\n");
    }

    /// <summary>Makes the running slurmd this old. The node itself has been up for 100 000 s.</summary>
    public void Started(TimeSpan ago)
    {
        long ticks = (100_000 - (long)ago.TotalSeconds) * 100;
        Write("/proc/uptime", "100000.00 200000.00\n");
        Write("/proc/100/stat", $"100 (slurmd) S 1 100 100 0 -1 4194560 1 0 0 0 1 1 0 0 20 0 1 0 {ticks} 1 1 1\n");
    }

    /// <summary>What Slurm's own witnesses say, of which slurmctld has read the same as slurmd.</summary>
    public SlurmWitnesses Witnesses(SlurmVersion? version = null)
    {
        SystemRoot root = new(Root);
        SlurmWitnesses heard = SlurmWitnesses.Hear(root, LocalSlurmd.Find(root.Real("/proc")), SlurmdUnits.All(root, null), new SlurmctldQueries(null, mayAsk: false), version);
        return heard with { Running = [.. heard.Running.Select(slurmd => slurmd with { Controller = slurmd.Reads is { } read ? Controller(read.Conf, version) : null })] };
    }

    private static SlurmctldConfig Controller(SlurmConf conf, SlurmVersion? version) => new(
    [
        .. conf.Counting("Prolog", version).Concat(conf.Counting("Epilog", version)).Concat(conf.All("PrologFlags").TakeLast(1)).Select(static line => new SlurmctldLine(line.Key, line.Value)),
    ]);

    /// <summary>What the checks get to see, with a daemon and a systemd that are as they should be.</summary>
    public NodeFacts Facts(SlurmVersion? version = null)
    {
        SystemRoot root = new(Root);
        LocalSlurmd slurmd = LocalSlurmd.Find(root.Real("/proc"));
        return new NodeFacts(root, IsRoot: true, slurmd, Witnesses(version), SettingsLoader.Load(Root))
        {
            Version = version,
            Answer = new NodeAnswer(NodeOutcome.Ok, "", ""),
            Status = new NodeStatus { State = "lending", Reason = "running", Unit = "wasimoff-provider.service", RequireUnit = "slurmd.service", Version = ProductVersion.Text },
            RoundTripUsec = 300,
            Agent = Agent,
            Provider = Provider,
            Required = [new RequiredUnit("slurmd.service", new UnitSettings { LoadState = "loaded", ActiveState = "active" })],
        };
    }

    private const string Limits = """
        Limit                     Soft Limit           Hard Limit           Units
        Max cpu time              unlimited            unlimited            seconds
        Max data size             unlimited            unlimited            bytes
        Max stack size            unlimited            unlimited            bytes
        Max processes             unlimited            unlimited            processes
        Max open files            unlimited            unlimited            files
        Max address space         unlimited            unlimited            bytes
        """;
}
