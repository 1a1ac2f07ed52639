using HookAgent.Core.Time;
using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests.Faults;

/// <summary>
/// A step without a record where the kernel has no pidfd_open(2), as before Linux 5.3 (RHEL 8: 4.18), and where a systemd that
/// does not know the call has it refused: its end is seen all the same, and the node is lent again.
/// </summary>
[Trait("Duration", "long")]
public sealed class UnwatchableStepTests(SystemFixture fixture, ITestOutputHelper output) : FaultTest(fixture, output)
{
    private const string DropIn = "/run/systemd/system/hookagentd.service.d/50-old-kernel.conf";
    private const string Step = "/usr/local/bin/slurmstepd";

    [Theory]
    [InlineData("ENOSYS")]
    [InlineData("EPERM")]
    public void A_step_whose_end_cannot_be_watched(string error) => Fault($"pidfd_open answers {error}, a step without a record ends", NoOverlap, () =>
    {
        Bench.BeginLent(Waiting);
        Node.Write(DropIn, $"[Service]\nSystemCallFilter=~pidfd_open\nSystemCallErrorNumber={error}\n");
        Node.Shell($"cp /bin/sleep {Step} && systemctl daemon-reload");
        Node.Run("systemd-run", "--quiet", "--unit=fake-step", "bash", "-c", $"exec -a 'slurmstepd: [4711.0]' {Step} 300");
        try
        {
            Node.Run("systemctl", "restart", Agent.Unit);
            Agent.WaitFor("unknown", "step-without-record");
            Assert.DoesNotContain("pidfd", Node.Shell($"ls -l /proc/{Agent.MainPid}/fd").Output, StringComparison.Ordinal);

            BootTime end = BootClock.Now();
            Node.Run("systemctl", "stop", "fake-step");
            ProviderRun next = LentAfter(end);
            return $"unknown (step-without-record), unwatched; lent again {(next.Ready!.Value - end).Ms()} after its end";
        }
        finally
        {
            Node.Shell($"systemctl stop fake-step; rm {DropIn} {Step}; systemctl daemon-reload; systemctl restart {Agent.Unit}");
        }
    });
}
