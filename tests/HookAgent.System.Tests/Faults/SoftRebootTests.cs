using HookAgent.SystemTests.Authorisation;
using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests.Faults;

/// <summary>
/// A soft-reboot (systemd 254) ends all processes and keeps the boot id and /run: the records of before are of another
/// boot. A node of its own, because only trixie has it.
/// </summary>
[Trait("Duration", "long")]
[Trait("Kind", "fault")]
public sealed class SoftRebootTests(ITestOutputHelper output)
{
    [Fact]
    public void Nothing_of_before_keeps_the_node()
    {
        const string name = "soft-reboot with a job's record and a job without";
        string[] packages = [Packages.Agent, Packages.Provider];
        using Lab lab = Lab.Up("soft", release: "trixie");
        Bench bench = new(lab.Node);
        try
        {
            bench.Agent.Set("[Node]\nIdleDelay=300ms\n");
            lab.Install(packages);
            lab.Node.Run("hookctl", "release");
            lab.Standin();
            lab.Node.Run("env", "SLURM_SCRIPT_CONTEXT=prolog_slurmd", "SLURM_JOB_ID=4711", "SLURM_JOB_UID=2000", "/usr/libexec/hookagent/slurm-hook");
            lab.Node.Shell(NodeBus.ForRoot["RecordFailed"]);
            lab.Node.Run("mkdir", "/run/hookagent/jobs/.left");
            bench.Agent.WaitFor("busy", "jobs-recorded");
            string boot = lab.Node.Read("/run/hookagent/boot-id");

            // systemd stops all processes before it ends them. Of a command that is run in the node then, the part that is outside
            // stops with it, and nobody tells it to go on: so the node is looked at from outside until a new agent runs.
            int first = lab.Node.FirstProcess;
            string? before = Agent(first);
            Assert.NotNull(before);
            lab.Node.Run("systemctl", "--no-block", "soft-reboot");
            Eventually.True("another agent runs", TimeSpan.FromSeconds(60), () => Agent(first) is { } agent && agent != before);

            Eventually.True("the node is booted again", TimeSpan.FromSeconds(60), () =>
                lab.Node.Try("timeout", "2", "busctl", "get-property", "org.freedesktop.systemd1", "/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager", "SoftRebootsCount") is { Succeeded: true } said
                && said.Text == "u 1" && bench.Agent.Status() is not null);

            Assert.Equal(boot, lab.Node.Read("/run/hookagent/boot-id"));
            bench.Agent.WaitUntilLent();
            Assert.Equal(".complete", lab.Node.Run("ls", "-A", "/run/hookagent/jobs").Text);
            output.WriteLine($"fault: {name} | same boot id, records discarded, lent again | 0 of 0 s | ok");
        }
        catch
        {
            output.WriteLine($"fault: {name} | | | FAILED");
            output.WriteLine(bench.Journal.Tail(250));
            throw;
        }
    }

    /// <summary>The agent of the node that has this PID 1, by its number on this machine; null while none runs.</summary>
    private static string? Agent(int first) => Directory.GetDirectories("/proc").Select(Path.GetFileName).FirstOrDefault(process =>
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/comm") == "hookagentd\n"
                && new FileInfo($"/proc/{process}/ns/pid").LinkTarget == new FileInfo($"/proc/{first}/ns/pid").LinkTarget;
        }
        catch (IOException)
        {
            // No process, or it has ended meanwhile.
            return false;
        }
    });
}
