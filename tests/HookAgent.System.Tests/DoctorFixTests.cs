using System.Text.Json;
using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests;

/// <summary>
/// What doctor prints to mend the hook, the agent and the lent unit is done to the letter: the finding is gone, nothing else
/// is worse, and the node is lent to and taken back from a job. tests/doctor/fix does the same for slurm.conf.
/// </summary>
[Trait("Duration", "long")]
public sealed class DoctorFixTests(SystemFixture fixture, ITestOutputHelper output) : SystemTest(fixture, output)
{
    private const string Unit = HookAgent.SystemTests.Harness.Provider.Unit;
    private const string Hook = "/usr/libexec/hookagent/slurm-hook";
    private const string Broken = "40-broken.conf";
    private const string Mended = "60-mended.conf";

    /// <summary>The check, and what breaks its part: a line of a drop-in of the lent unit, or a command.</summary>
    public static TheoryData<string, string> Faults => new()
    {
        { "unit-conditions", "[Unit] ConditionDirectoryNotEmpty=" },
        { "unit-binding", $"sed '/^BindsTo=/d' $(systemctl show -p FragmentPath --value {Unit}) >/etc/systemd/system/{Unit}" },
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
        { "unit", $"systemctl mask {Unit}" },
        { "unit-enabled", $"printf '[Install]\\nWantedBy=multi-user.target\\n' >/etc/systemd/system/{Unit}.d/{Broken} && systemctl daemon-reload && systemctl enable {Unit}" },
        { "hook", $"chmod 0644 {Hook}" },
        { "hook", $"chmod 0777 {Hook}" },
        { "records", "chmod 0777 /run/hookagent/jobs" },
        { "records", "rm -r /run/hookagent/jobs" },
        { "settings", "echo TIMEOUT_USEC=soon >/run/hookagent/hook.conf" },
        { "settings", "printf '[Hook]\\nTimeout=2s\\n' >/etc/hookagent/hookagent.conf.d/zz-later.conf" },
        { "round-trip", "systemctl stop hookagentd" },
        { "agent", "systemctl disable hookagentd" },
        { "agent", "systemctl mask --now hookagentd" },
        { "slurmd", "systemctl stop slurmd" },
        { "metrics", "printf '[Metrics]\\nTextFile=/srv/figures/hookagent.prom\\n' >/etc/hookagent/hookagent.conf.d/zz-later.conf" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_fix_does_what_it_says(string check, string fault) => Story(() =>
    {
        Bench.Hook.Run(Hook);
        Bench.BeginLent("[Node]\nIdleDelay=200ms\n");
        try
        {
            string[] before = [.. Found().Keys];
            Break(fault);
            Dictionary<string, string> found = Found();
            Assert.Contains(check, found.Keys);

            // What comes of the fault is found too, and each has its fix.
            for (int round = 0; round < 6 && found.Keys.Except(before).FirstOrDefault() is { } first; round++)
            {
                Mend(found[first]);
                found = Found();
            }

            Assert.Empty(found.Keys.Except(before));
            Bench.Agent.WaitUntilLent();
            JobRun job = Bench.Slurm.Srun(0);
            Eventually.True("the hook is seen as Epilog", TimeSpan.FromSeconds(20), () =>
                Node.Run("hookctl", "status", "--json").Output.Contains($"\"last_epilog\":{{\"at\":", StringComparison.Ordinal));
            Assert.NotEqual("", job.Id);
        }
        finally
        {
            Node.Shell($"systemctl unmask {Unit} hookagentd; systemctl disable {Unit}; rm -rf /etc/systemd/system/{Unit} /srv/figures; true");
            Node.Shell($"rm -f /etc/systemd/system/{Unit}.d/{Broken} /etc/systemd/system/{Unit}.d/{Mended} /etc/systemd/system/hookagentd.service.d/{Mended} /etc/hookagent/hookagent.conf.d/zz-later.conf");
            Node.Shell($"chmod 0755 {Hook} {HookAgent.SystemTests.Harness.Agent.Records}; systemctl daemon-reload; systemctl enable hookagentd; systemctl start slurmd");
            Bench.Hook.RunTheRecorded();
        }
    });

    /// <summary>The findings that are no ok, with what mends them. "journal" is the lab's.</summary>
    private Dictionary<string, string> Found()
    {
        using JsonDocument said = JsonDocument.Parse(Node.Try("hookctl", "doctor", "--json").Output);
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
            Node.Shell("systemctl daemon-reload");
        }
    }

    /// <summary>"systemctl edit UNIT, with  [Section] LINE LINE" without its editor; all else is a command, up to a remark.</summary>
    private void Mend(string fix)
    {
        if (fix.Split(", with  ") is [var edit, var text] && edit.StartsWith("systemctl edit ", StringComparison.Ordinal))
        {
            string unit = edit["systemctl edit ".Length..];
            unit = unit.Contains('.', StringComparison.Ordinal) ? unit : $"{unit}.service";
            string[] lines = text.Split(';')[0].Split("  ")[0].Split(", then ")[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            Node.Write($"/etc/systemd/system/{unit}.d/{Mended}", $"{string.Join('\n', lines)}\n");
            Node.Run("systemctl", "daemon-reload");
            if (text.Split(", then ") is [_, var then])
            {
                Node.Shell(then);
            }
        }
        else
        {
            Node.Shell(fix.Split("; ")[0].Split(", and ")[0].Split(", or ")[0]);
        }
    }
}
