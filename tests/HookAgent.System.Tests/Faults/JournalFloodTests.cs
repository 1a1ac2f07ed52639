using System.Text.Json.Nodes;
using HookAgent.Core.Journal;
using HookAgent.Core.Time;
using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests.Faults;

/// <summary>
/// A provider that writes more than journald takes of it: its own word of what it aborts, and all that the agent says, are
/// in the journal all the same. Through the shipped start program, whose filter has a part in it.
/// </summary>
public sealed class JournalFloodTests(SystemFixture fixture, ITestOutputHelper output) : FaultTest(fixture, output)
{
    private const string Folder = "/usr/local/lib/hookagent-flood";
    private const string Flooded = "/var/cache/wasimoff/flooded";
    private const string Broker = "flood-broker.service";
    private const string DropIn = $"/etc/systemd/system/{Harness.Provider.Unit}.d/90-flood.conf";
    private const string Limits = "/etc/systemd/journald.conf.d/zz-flood.conf";
    private const int Tasks = 64;
    private const int Lines = 20_000;

    /// <summary>
    /// What is left of these lines: LogRateLimitBurst= of the unit (1,000 in 10 s), which journald multiplies by up to 4.25 where
    /// the journal has 8 GiB of room (burst_modulate in journald-rate-limit.c), in two spans at most.
    /// </summary>
    private const int MostLines = 9_000;

    [Fact]
    public void It_pushes_out_neither_its_aborted_tasks_nor_the_agents_lines() => Fault("provider floods the journal", NoOverlap, () =>
    {
        // Deno, as the start program calls it, with a provider that has many short tasks and ends by the second signal.
        Node.Write($"{Folder}/deno", $$"""
            #!/usr/bin/perl
            if ($ARGV[0] eq '--version') { print "deno 2.9.6\n"; exit 0 }
            my ($signals, $task) = (0, 0);
            $SIG{TERM} = sub { $signals++ };
            sub tasks { print "[RPCHandler] ", ++$task, " {\n  args: [ \"x\" ],\n}\n" for 1 .. $_[0]; $|++; $| = 0 }
            tasks({{Lines}});
            open my $flooded, '>', '{{Flooded}}' or die "$!\n";
            while ($signals < 2) { tasks(200); select undef, undef, undef, 0.1 }
            print "aborted tasks: [\n";
            print "  { worker: $_, task: \"$_\", started: 2026-11-22T08:00:00.000Z, age: 1.5 },\n" for 1 .. {{Tasks}};
            print "]\n";
            exit 1;
            """, "0755");
        Node.Write($"{Folder}/broker", """
            #!/usr/bin/perl
            use IO::Socket::INET;
            my $port = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => 4080, Listen => 9, ReuseAddr => 1) or die "$!\n";
            alarm 120;
            while (my $provider = $port->accept) { close $provider }
            """, "0755");
        Node.Write($"{Folder}/wasimoff/denoprovider/main.ts", "\"url\" \"workers\" \"retry\"\n");
        Node.Write($"{Folder}/wasimoff/denoprovider/deno.json", "{}\n");
        Node.Write($"{Folder}/wasimoff/webprovider/lib/worker.ts", "");
        Node.Write(DropIn, $"""
            [Service]
            ExecStart=
            ExecStart=/usr/libexec/hookagent/wasimoff-provider
            Environment=DENO={Folder}/deno WASIMOFF_DIR={Folder}/wasimoff WASIMOFF_BROKER_URL=http://127.0.0.1:4080
            """);
        // As tight as can be: whose unit has no limit of its own gets two or three lines of a kind into the journal in half a
        // minute.
        Node.Write(Limits, "[Journal]\nRateLimitIntervalSec=30s\nRateLimitBurst=1\n");
        try
        {
            Node.Shell($"rm -f {Flooded}; systemctl daemon-reload; systemctl restart systemd-journald");
            Node.Run("systemd-run", "--quiet", "--collect", $"--unit={Broker}", $"{Folder}/broker");
            BootTime since = BootClock.Now();
            string clock = $"{DateTime.UtcNow:yyyy-MM-dd HH:mm:ss.ffffff} UTC";
            Bench.Begin("[Node]\nIdleDelay=300ms\nStopGrace=1s\n[Hook]\nPrologWait=15s\n");
            Agent.WaitUntilLent();
            Eventually.True("the provider has written its flood", TimeSpan.FromSeconds(30), () => Node.Try("test", "-e", Flooded).Succeeded);
            JobRun job = Slurm.Srun(0.3);
            Agent.WaitUntilLent();

            JournalEntry[] provider = Journal.Find(since, $"_SYSTEMD_UNIT={Harness.Provider.Unit}");
            int info = provider.Count(static entry => entry["PRIORITY"] == "6");
            Assert.InRange(info, 100, MostLines);
            Assert.DoesNotContain(provider, static entry => entry.Message.Contains("args", StringComparison.Ordinal));
            string[] warnings = [.. provider.Where(static entry => entry["PRIORITY"] == "4").Select(static entry => entry.Message)];
            Assert.Equal(Tasks + 2, warnings.Length);
            Assert.Equal(Tasks, warnings.Count(static line => line.StartsWith("  { worker: ", StringComparison.Ordinal)));

            // Of the agent, each line of a job's story.
            string[] told = [.. Journal.Find(since, $"_SYSTEMD_UNIT={Agent.Unit}", $"SLURM_JOB_ID={job.Id}").Select(static entry => entry["MESSAGE_ID"])];
            Assert.All([NodeMessageIds.JobAppeared, NodeMessageIds.HandoverDone, NodeMessageIds.JobDisappeared], id => Assert.Contains(id, told));
            JsonNode report = JsonNode.Parse(Node.Run("hookctl", "report", "--json", "--since", clock).Output)!["all"]!;
            Assert.Equal((1, Tasks), ((int)report["handovers"]!["count"]!, (int)report["tasks"]!["aborted"]!));
            return $"{info} of {Lines} lines, all {Tasks} aborted tasks, all the agent said";
        }
        finally
        {
            Agent.Stop();
            Node.Shell($"systemctl stop {Broker}; rm -rf {DropIn} {Limits} {Folder} {Flooded}; systemctl daemon-reload; systemctl restart systemd-journald");
        }
    });
}
