using System.Globalization;
using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests;

/// <summary>What a job pays for the hook.</summary>
public sealed class JobLatencyTests(SystemFixture fixture, ITestOutputHelper output) : SystemTest(fixture, output)
{
    private const string Hook = "/usr/libexec/hookagent/slurm-hook";

    /// <summary>Prints how many microseconds a command took, without the time of its own start.</summary>
    private const string Stopwatch =
        "use Boottime; my $begin = boottime_usec(); system(@ARGV) == 0 or exit 1; print boottime_usec() - $begin, \"\\n\"";

    [Fact]
    [Trait("Duration", "long")]
    public void A_job_on_a_lent_node_starts_about_as_fast_as_without_a_hook() => MeasureSrun(100);

    /// <summary>The figures are told and not judged: they are a noisy machine's.</summary>
    private void MeasureSrun(int runs) => Story(() =>
    {
        string nothing = NativeProgram.Bring(Node, "do-nothing");
        Bench.BeginLent("[Node]\nIdleDelay=100ms\nStopGrace=100ms\n[Hook]\nPrologWait=0\n", "ignore_sigterm=yes");
        List<TimeSpan> without = [];
        List<TimeSpan> with = [];
        try
        {
            for (int run = 0; run < runs; run++)
            {
                Agent.WaitUntilLent();
                Bench.WaitUntilReady();
                Bench.Hook.Run(nothing);

                // The first job after a pause is slower than the next, whatever the hook.
                TimeSrun();
                without.Add(TimeSrun());
                Bench.Hook.Run(Hook);
                with.Add(TimeSrun());

                // The job was not held up by a provider that does not stop.
                Assert.False(Provider.Runs()[^1].Ended);
            }
        }
        finally
        {
            Bench.Hook.RunTheRecorded();
        }

        Figure($"srun true on a lent node, provider ignores SIGTERM, medians of {runs} interleaved runs: slurm-hook {with.Median().Ms()}, a static C program that does nothing {without.Median().Ms()}, ratio {with.Median() / without.Median():0.00}");
    });

    private TimeSpan TimeSrun()
    {
        string microseconds = Node.AsAlice("perl", "-I/usr/local/lib/hookagent-standin", "-e", Stopwatch, "srun", "true").Text;
        return TimeSpan.FromMicroseconds(long.Parse(microseconds, CultureInfo.InvariantCulture));
    }
}
