using System.Text.Json;
using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests;

/// <summary>
/// What doctor prints is done to the letter: the finding is gone, nothing else is worse, and the node is lent to and taken
/// back from a job. tests/doctor/fix does the same for the Prolog and Epilog that a site has in its slurm.conf.
/// </summary>
[Trait("Duration", "long")]
public sealed class DoctorFixTests(SystemFixture fixture, ITestOutputHelper output) : SystemTest(fixture, output)
{
    private const string Unit = HookAgent.SystemTests.Harness.Provider.Unit;
    private const string Hook = "/usr/libexec/hookagent/slurm-hook";
    private const string SlurmConf = "/etc/slurm/slurm.conf";
    private const string GoodConf = "/srv/slurm.conf.good";
    private const string Policy = "/usr/share/dbus-1/system.d/org.hookagent.Node1.conf";
    private const string OtherHook = "/usr/local/libexec/hook-too";
    private const string Broken = "55-broken.conf";
    private const string Mended = "60-mended.conf";
    private const string Later = "/etc/hookagent/hookagent.conf.d/zz-later.conf";
    private const string JournalLater = "/etc/systemd/journald.conf.d/zz-later.conf";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    /// <summary>The check, and what breaks its part: a line of a drop-in of the lent unit, or a command.</summary>
    public static TheoryData<string, string> Faults => new()
    {
        { "unit-conditions", "[Unit] ConditionDirectoryNotEmpty=" },
        { "unit-binding", $"sed '/^BindsTo=/d' $(systemctl show -p FragmentPath --value {Unit}) >/etc/systemd/system/{Unit}; systemctl daemon-reload" },
        { "unit-restart", "[Service] Restart=on-failure" },
        { "unit-isolate", "[Unit] IgnoreOnIsolate=no" },
        { "unit-manual", "[Unit] RefuseManualStart=yes" },
        { "unit-manual", "[Unit] RefuseManualStop=yes" },
        { "unit-start-limit", "[Unit] StartLimitIntervalSec=20" },
        { "unit-stop-timeout", "[Service] TimeoutStopSec=5" },
        { "unit-stop-timeout", "[Service] TimeoutStopSec=infinity" },
        { "unit-stop-commands", "[Service] ExecStop=/bin/true" },
        { "unit-kill-mode", "[Service] KillMode=process" },
        { "unit-oom", "[Service] OOMScoreAdjust=0" },
        { "unit-cpu-weight", "[Service] CPUWeight=200" },
        { "unit-memory", "[Service] MemoryMax=infinity" },
        { "unit-memory", "[Service] MemoryMax=99%" },
        { "unit", $"systemctl mask {Unit}" },
        { "unit", $"echo '[Unit]' >/etc/systemd/system/{Unit}.d/{Broken}" },
        { "unit", "dpkg --remove --force-depends hookagent-wasimoff" },
        { "unit-enabled", $"printf '[Install]\\nWantedBy=multi-user.target\\n' >/etc/systemd/system/{Unit}.d/{Broken} && systemctl daemon-reload && systemctl enable {Unit}" },
        { "hook", $"chmod 0644 {Hook}" },
        { "hook", $"chmod 0777 {Hook}" },
        { "hook", $"rm {Hook}" },
        { "records", "chmod 0777 /run/hookagent/jobs" },
        { "records", "rm -r /run/hookagent/jobs" },
        { "state", "rm -r /run/hookagent/jobs && mkdir --mode=0755 /run/hookagent/jobs" },
        { "settings", "echo TIMEOUT_USEC=soon >/run/hookagent/hook.conf" },
        { "settings", $"printf '[Hook]\\nTimeout=2s\\n' >{Later}" },
        { "round-trip", "systemctl stop hookagentd" },
        { "round-trip", "systemctl kill --signal=STOP hookagentd" },
        { "round-trip", "systemctl stop dbus.socket dbus.service" },
        { "bus-policy", $"rm {Policy}" },
        { "bus-policy", $"sed -i '/deny send_destination=/d' {Policy}" },
        { "version", OtherVersion },
        { "agent", "systemctl disable hookagentd" },
        { "agent", "systemctl disable --now hookagentd" },
        { "agent", "systemctl mask --now hookagentd" },
        { "agent", $"mkdir -p /etc/systemd/system/hookagentd.service.d && echo '[Unit]' >/etc/systemd/system/hookagentd.service.d/{Broken}" },
        { "agent", "systemctl stop hookagentd && rm /lib/systemd/system/hookagentd.service && systemctl daemon-reload" },
        { "processes", "nsenter --mount --target $(systemctl show -p MainPID --value hookagentd) mount -o remount,hidepid=2,gid=4711 /proc" },
        { "require-unit", $"printf '[Service]\\nExecStart=sleep infinity\\n' >/etc/systemd/system/other.service && systemctl daemon-reload && printf '[Node]\\nRequireUnit=other.service\\n' >{Later} && systemctl restart hookagentd" },
        { "slurmd", "systemctl stop slurmd" },
        { "slurmd-read", $"echo '# later' >>{SlurmConf}" },
        { "slurmctld", $"ln -sfn {Hook} {OtherHook} && sed -i 's,^Epilog=.*,Epilog={OtherHook},' {SlurmConf} && systemctl restart slurmd" },
        { "slurmd-limits", OfSlurmd("LimitSTACK=120K") },
        { "slurmd-limits", OfSlurmd("LimitNPROC=1") },
        { "health-check", HealthCheck("check_hw_physmem_free 23000MB") },
        { "metrics", $"printf '[Metrics]\\nTextFile=/srv/figures/hookagent.prom\\n' >{Later}" },
    };

    /// <summary>The same where the fix has a part in words: what an operator makes of them, with the whole fix in $FIX.</summary>
    public static TheoryData<string, string, string> FaultsByHand => new()
    {
        { "settings", $"printf '[Hook]\\nTimeout=never\\n' >{Later}", $"rm {Later}" },
        { "state", $"printf 'exit_after=0.1\\nexit_code=3\\n' >/etc/hookagent-standin.conf; systemctl kill --signal=KILL {Unit}", ": >/etc/hookagent-standin.conf" },
        { "require-unit", $"printf '[Node]\\nRequireUnit=not-there.service\\n' >{Later} && systemctl restart hookagentd", $"rm {Later}" },
        { "prolog-time", $"printf '[Hook]\\nPrologWait=7s\\n' >{Later} && systemctl reload hookagentd", $"rm {Later}" },
        { "slurmd-environment", OfSlurmd("Environment=LD_LIBRARY_PATH=/srv/lib"), $"rm /etc/systemd/system/slurmd.service.d/{Broken} && systemctl daemon-reload" },
        { "unit-requires", "[Unit] Requires=not-there.target", $"rm /etc/systemd/system/{Unit}.d/{Broken} && systemctl daemon-reload" },
        { "unit-requires", "[Unit] Requires=not-there.service", $"rm /etc/systemd/system/{Unit}.d/{Broken} && systemctl daemon-reload" },
        { "unit-exec-condition", "[Service] ExecCondition=+/usr/local/libexec/not-there", $"rm /etc/systemd/system/{Unit}.d/{Broken} && systemctl daemon-reload" },
        { "health-check", HealthCheck("check_ps_cpu -A -k 90"), "sed -i \"s/check_ps_cpu.*/${FIX#*:  }/\" /etc/nhc/nhc.conf" },
        { "health-check", HealthCheck("check_ps_loadavg 1"), "sed -i 's/loadavg 1/loadavg 9999/' /etc/nhc/nhc.conf" },
        { "journal", "true", Storage("persistent") },
        { "journal", $"{Storage("none")} && systemctl restart systemd-journald && rm -rf /run/log/journal/*", Storage("persistent") },
        { "journal", $"{Storage("auto")} && rm -rf /var/log/journal && systemctl restart systemd-journald", "" },
    };

    /// <summary>Of --removal: until nothing keeps the package.</summary>
    public static TheoryData<string, string, string> Keepers => new()
    {
        { "slurmctld", "true", $"sed -i '/^Prolog=/d; /^Epilog=/d' {SlurmConf}" },
        { "link", $"systemctl stop slurmd slurmctld && rm {SlurmConf} && mkdir -p /etc/slurm/prolog.d && ln -s {Hook} /etc/slurm/prolog.d/zz-hookagent", "" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_fix_does_what_it_says(string check, string fault) => Mends(check, fault, "");

    [Theory]
    [MemberData(nameof(FaultsByHand))]
    public void So_does_one_that_leaves_a_part_to_the_operator(string check, string fault, string byHand) => Mends(check, fault, byHand);

    [Theory]
    [MemberData(nameof(Keepers))]
    public void What_keeps_the_package_goes(string check, string fault, string byHand) => OnMendedNode(() =>
    {
        Node.Shell(fault);
        Assert.Contains(check, Found("--removal").Keys);
        MendAll([], check, byHand, "--removal");
        Assert.Equal(0, Node.Try("hookctl", "doctor", "--removal").ExitCode);
    });

    [Fact]
    public void Only_root_sees_what_keeps_the_package() => OnMendedNode(() =>
    {
        const string check = "rights";
        string fix = Findings(Node.TryAsAlice("hookctl", "doctor", "--removal", "--json"))[check];
        Assert.DoesNotContain(check, Findings(Node.Try([.. fix["sudo ".Length..].Split(' '), "--json"])).Keys);
    });

    /// <summary>With the shipped provider itself, which in the lab has neither Deno nor a broker.</summary>
    [Fact]
    public void The_providers_check_gets_the_providers_drop_ins() => OnMendedNode(() =>
    {
        const string check = "provider";
        Node.Shell($"mv /etc/systemd/system/{Unit}.d/50-standin.conf /srv/ && systemctl daemon-reload");
        try
        {
            string[] before = [.. Found().Keys];
            Assert.DoesNotContain(check, before);
            Node.Shell($"printf '[Service]\\nNice=5\\n' >/etc/systemd/system/{Unit}.d/{Broken} && systemctl daemon-reload");
            Assert.Contains(check, Found().Keys);
            MendAll(before, check, "");
        }
        finally
        {
            Node.Shell($"mv /srv/50-standin.conf /etc/systemd/system/{Unit}.d/; rm -rf /etc/systemd/system/wasimoff-provider-check.service.d; systemctl daemon-reload; systemctl reset-failed");
        }
    });

    private void Mends(string check, string fault, string byHand) => OnMendedNode(() =>
    {
        string[] before = [.. Found().Keys.Where(known => known != check)];
        Break(fault);
        Eventually.True($"doctor finds {check}", s_patience, () => Found().ContainsKey(check));
        MendAll(before, check, byHand);
    });

    /// <summary>Afterwards all is as before, and a job gets the node.</summary>
    private void OnMendedNode(Action body) => Story(() =>
    {
        BringPackages();
        Node.Run("cp", "-p", SlurmConf, GoodConf);
        Bench.Hook.Run(Hook);
        Bench.BeginLent("[Node]\nIdleDelay=200ms\n");
        try
        {
            body();
            TakesJob();
        }
        finally
        {
            Node.Shell($"systemctl unmask {Unit} hookagentd; systemctl disable {Unit}; rm -rf /etc/systemd/system/{Unit} /etc/systemd/system/other.service /srv/figures /etc/nhc /usr/sbin/nhc /etc/slurm/prolog.d; true");
            Node.Shell($"rm -f /etc/systemd/system/*.service.d/{Broken} /etc/systemd/system/*.service.d/{Mended} {Later} {OtherHook}; : >/etc/hookagent-standin.conf");
            Node.Shell($"! test -e {JournalLater} || {{ rm {JournalLater}; mkdir -p /var/log/journal; rm -rf /var/log/journal/*; systemctl reset-failed systemd-journald; systemctl restart systemd-journald; }}");
            Node.Shell($"test -e {Hook} || apt install --reinstall hookagent");
            Node.Shell($"chmod 0755 {Hook} {HookAgent.SystemTests.Harness.Agent.Records}; systemctl daemon-reload; systemctl enable hookagentd");
            Node.Shell($"cmp -s {GoodConf} {SlurmConf} || {{ cp -p {GoodConf} {SlurmConf}; systemctl restart slurmctld slurmd; }}; systemctl start slurmd");
            Bench.Hook.RunTheRecorded();
        }
    });

    /// <summary>What comes of a fault is found too, and each finding has its fix.</summary>
    private void MendAll(string[] before, string check, string byHand, params string[] options)
    {
        Dictionary<string, string> found = Found(options);
        for (int round = 0; round < 6 && found.Keys.Except(before).ToArray() is [_, ..] toMend; round++)
        {
            // One at a time, because it may mend others; the cause before what has come of it meanwhile, if that is known.
            string next = toMend.Contains(check) ? check : toMend[0];
            Mend(found[next], next == check ? byHand : "");
            found = Found(options);
        }

        Assert.Empty(found.Keys.Except(before));
    }

    private void TakesJob()
    {
        Node.Shell($"cmp -s {GoodConf} {SlurmConf} || {{ cp -p {GoodConf} {SlurmConf}; systemctl restart slurmctld slurmd; }}");
        Bench.Agent.WaitUntilLent();
        JobRun job = Bench.Slurm.Srun(0);
        Eventually.True("the hook is seen as Epilog", s_patience, () =>
            Node.Run("hookctl", "status", "--json").Output.Contains($"\"last_epilog\":{{\"at\":", StringComparison.Ordinal));
        Assert.NotEqual("", job.Id);
    }

    private Dictionary<string, string> Found(params string[] options) => Findings(Node.Try(["hookctl", "doctor", "--json", .. options]));

    /// <summary>The findings that are no ok, with what mends them. "journal" is the lab's.</summary>
    private static Dictionary<string, string> Findings(CommandResult doctor)
    {
        using JsonDocument said = JsonDocument.Parse(doctor.Output);
        Dictionary<string, string> found = [];
        foreach (JsonElement check in said.RootElement.GetProperty("checks").EnumerateArray())
        {
            if (check.GetProperty("verdict").GetString() is "fault" or "warning")
            {
                found.TryAdd(check.GetProperty("check").GetString()!, check.GetProperty("fix").GetString()!);
            }
        }

        return found;
    }

    private void Break(string fault)
    {
        if (fault.StartsWith('['))
        {
            string[] words = fault.Split(' ', 2);
            Node.Write($"/etc/systemd/system/{Unit}.d/{Broken}", $"{words[0]}\n{words[1]}\n");
            Node.Run("systemctl", "daemon-reload");
        }
        else
        {
            Node.Shell(fault);
        }
    }

    private void Mend(string fix, string byHand)
    {
        Line($"fix: {fix}");
        if (byHand.Length > 0)
        {
            Node.Run("env", $"FIX={fix}", "sh", "-c", byHand);
        }

        // The lines after "systemctl edit UNIT, with these lines:", without its editor.
        if (fix.Split('\n', 2) is [var edit, var lines] && edit.Split(", with these lines") is [var command, var remark] && command.StartsWith("systemctl edit ", StringComparison.Ordinal))
        {
            string unit = command["systemctl edit ".Length..];
            unit = unit.Contains('.', StringComparison.Ordinal) ? unit : $"{unit}.service";
            Node.Write($"/etc/systemd/system/{unit}.d/{Mended}", $"{lines}\n");
            Node.Run("systemctl", "daemon-reload");
            if (remark.Split(", then ") is [_, var then])
            {
                Node.Shell(then.TrimEnd(':'));
            }
        }
        else if (Command(fix) is { } said)
        {
            Node.Shell(said);
        }
    }

    /// <summary>The command in a fix: what follows the words, without remarks; null where it has none.</summary>
    private static string? Command(string fix)
    {
        string[] parts = fix.Split([", then: ", ", then ", "when the cause is fixed: "], StringSplitOptions.None);
        string[] words = ["systemctl status ", "lower ", "leave ", "ask "];
        return parts.Length == 1 && words.Any(word => fix.StartsWith(word, StringComparison.Ordinal)) ? null
            : parts[^1].Split(["; ", ", and ", ", or ", ", or: ", ", unless ", " ("], StringSplitOptions.None)[0];
    }

    /// <summary>For "apt install": the packages under test, where the node's apt finds them, and nothing else.</summary>
    private void BringPackages()
    {
        const string folder = "/srv/packages";
        if (Node.Try("test", "-d", folder).Succeeded)
        {
            return;
        }

        string[] packages = [Packages.Agent, Packages.Provider];
        foreach (string package in packages)
        {
            Node.Bring(package, $"{folder}/{Path.GetFileName(package)}");
        }

        Node.Shell($"cd {folder} && for one in *.deb; do dpkg-deb --field $one; echo \"Filename: ./$one\"; echo \"Size: $(stat --format=%s $one)\"; echo \"SHA256: $(sha256sum $one | cut -d' ' -f1)\"; echo; done >Packages");
        Node.Shell($"rm -f /etc/apt/sources.list.d/*; echo 'deb [trusted=yes] file:{folder} ./' >/etc/apt/sources.list; apt-get --quiet update");
    }

    /// <summary>Runs an agent that calls itself another version, whose file is the right one by then; its text is there as UTF-8 and as UTF-16.</summary>
    private const string OtherVersion = """
        wide() { printf %s "$1" | sed 's/./&\\x00/g; s/\\x00$//'; }
        mine=$(hookctl --version | cut -d' ' -f2) other=9${mine#?}
        cp -p /usr/sbin/hookagentd /srv/hookagentd
        sed -i -e "s/$(wide $mine)/$(wide $other)/g" -e "s/$mine/$other/g" /usr/sbin/hookagentd
        systemctl restart hookagentd
        mv /srv/hookagentd /usr/sbin/
        """;

    private static string OfSlurmd(string line) =>
        $"mkdir -p /etc/systemd/system/slurmd.service.d && printf '[Service]\\n{line}\\n' >/etc/systemd/system/slurmd.service.d/{Broken} && systemctl daemon-reload && systemctl restart slurmd";

    /// <summary>Slurm runs a health check by this rule; it looks at nothing, doctor does.</summary>
    private static string HealthCheck(string rule) =>
        $"printf '#!/bin/sh\\n' >/usr/sbin/nhc && chmod +x /usr/sbin/nhc && mkdir -p /etc/nhc && echo '* || {rule}' >/etc/nhc/nhc.conf && printf 'HealthCheckProgram=/usr/sbin/nhc\\nHealthCheckInterval=3600\\n' >>{SlurmConf} && scontrol reconfigure";

    private static string Storage(string how) => $"mkdir -p {Path.GetDirectoryName(JournalLater)} && printf '[Journal]\\nStorage={how}\\n' >{JournalLater}";
}
