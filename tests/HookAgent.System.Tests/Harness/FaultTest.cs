using HookAgent.Core.Time;
using Xunit.Abstractions;

namespace HookAgent.SystemTests.Harness;

/// <summary>A test of faults: each ends in a row of the table that the runner prints, also one that fails.</summary>
[Trait("Kind", "fault")]
public abstract class FaultTest(SystemFixture fixture, ITestOutputHelper output) : SystemTest(fixture, output)
{
    /// <summary>Settings under which a job never meets a provider that stops.</summary>
    private protected const string Waiting = "[Node]\nIdleDelay=300ms\n[Hook]\nPrologWait=15s\n";

    /// <summary>The most that a provider may run beside a job while daemon and bus answer and Prologs wait for them.</summary>
    private protected static TimeSpan NoOverlap => TimeSpan.Zero;

    /// <summary>
    /// The most where daemon or bus are gone or hang: WatchdogSec= of the daemon, TimeoutStopSec= of the provider, and
    /// 2 s.
    /// </summary>
    private protected static TimeSpan WorstOverlap => TimeSpan.FromSeconds(10 + 14 + 2);

    /// <summary>The most without PrologWait=.</summary>
    private protected static TimeSpan OverlapAfter(int stopGraceSeconds) => TimeSpan.FromSeconds(stopGraceSeconds + 3);

    /// <summary>
    /// Runs a fault's story, and checks what must hold after each: Slurm's view of the node, the hooks, and how long
    /// any provider ran beside any job, by their own stamps.
    /// </summary>
    /// <param name="body">Gives what was seen, in a few words.</param>
    private protected void Fault(string name, TimeSpan mostOverlap, Func<string> body)
    {
        string seen = "";
        string overlap = "";
        try
        {
            Story(() =>
            {
                seen = body();
                TimeSpan worst = Bench.WorstOverlap();
                overlap = Of(worst, mostOverlap);
                Worst("overlap", worst, mostOverlap, name);
                Assert.True(worst <= mostOverlap, $"{seen}; but a provider was beside a job for {overlap}");
                seen = $"{seen}; node {Slurm.NodeState()}";
            });
            Row(name, seen, overlap, "ok");
        }
        catch (Exception failure)
        {
            Row(name, failure.Message.Split('\n')[0], overlap, "FAILED");
            throw;
        }
    }

    /// <summary>A run of the provider that began after a moment, and is ready.</summary>
    private protected ProviderRun LentAfter(BootTime moment) => Eventually.Get(
        "the provider runs again", TimeSpan.FromSeconds(60), () => Provider.Runs().LastOrDefault(run => run.Start > moment && run is { Ready: not null, Ended: false }), () => $"The node is {Agent.Status()}; its last provider: {Provider.Runs().LastOrDefault()}.");

    private static string Of(TimeSpan seen, TimeSpan most) => most == TimeSpan.Zero
        ? FormattableString.Invariant($"{seen.TotalSeconds:0.###} of 0 s")
        : FormattableString.Invariant($"{seen.TotalSeconds:0.0} of {most.TotalSeconds:0} s");

    private void Row(string name, string seen, string overlap, string verdict) =>
        Line($"fault: {name} | {seen.Replace('|', '/')} | {overlap} | {verdict}");
}
