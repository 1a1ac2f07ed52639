using HookAgent.Core.Time;
using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests.Faults;

/// <summary>
/// Code of a stranger's that broke out of WebAssembly, in the provider's own unit: it must not reach the bus, which every
/// Prolog waits for. Without a fence it can flood the bus, and outlive PrologWait= by seconds.
/// </summary>
public sealed class ProviderSandboxTests(SystemFixture fixture, ITestOutputHelper output) : FaultTest(fixture, output)
{
    private const string Program = "/usr/local/lib/hookagent-standin/reach-bus";
    private const string Seen = "/var/lib/hookagent-standin/reach-bus.seen";
    private const string DropIn = $"/etc/systemd/system/{Harness.Provider.Unit}.d/90-reach-bus.conf";

    [Fact]
    public void The_provider_cannot_reach_the_bus() => Fault("provider's code reaches for the bus", NoOverlap, () =>
    {
        Node.Write(Program, $$"""
            #!/usr/bin/perl
            use Socket;
            my @seen;
            push @seen, opendir(my $folder, '/run/dbus') ? '/run/dbus seen' : '/run/dbus hidden';
            if (socket(my $bus, AF_UNIX, SOCK_STREAM, 0)) {
                push @seen, 'AF_UNIX given';
                push @seen, connect($bus, pack_sockaddr_un('/run/dbus/system_bus_socket')) ? 'connected' : "not connected: $!";
            } else {
                push @seen, "no AF_UNIX: $!";
            }
            push @seen, socket(my $net, AF_INET, SOCK_STREAM, 0) ? 'AF_INET given' : "no AF_INET: $!";
            open my $out, '>', '{{Seen}}' or die "$!";
            print $out join('; ', @seen), "\n";
            """, "0755");
        Node.Write(DropIn, $"[Service]\nExecStartPre={Program}\n");
        Node.Run("systemctl", "daemon-reload");
        try
        {
            Bench.BeginLent(Waiting);
            JobRun job = Slurm.Srun(0.3);
            LentAfter(job.End);
            string seen = Node.Read(Seen).Trim();
            Assert.Equal("/run/dbus hidden; no AF_UNIX: Address family not supported by protocol; AF_INET given", seen);
            return seen;
        }
        finally
        {
            Node.Shell($"rm -f {DropIn} {Program} {Seen} && systemctl daemon-reload");
        }
    });
}
