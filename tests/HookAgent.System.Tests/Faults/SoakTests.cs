using HookAgent.Core.Settings;
using HookAgent.Core.Time;
using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests.Faults;

/// <summary>
/// Everything at random and at once, for HOOKAGENT_SOAK (10min by default): jobs, kills, stops, reloads, restarts of
/// the bus, providers that drain, hang or die. HOOKAGENT_SOAK_SEED repeats the choices of an earlier run.
/// </summary>
[Trait("Duration", "long")]
public sealed class SoakTests(SystemFixture fixture, ITestOutputHelper output) : FaultTest(fixture, output)
{
    /// <summary>The longest pause of the backoff, and the way to the next start.</summary>
    private static readonly TimeSpan s_lentAgain = TimeSpan.FromMinutes(5.5);

    private readonly ITestOutputHelper _output = output;

    [Fact]
    public void Jobs_and_faults_at_random()
    {
        TimeSpan length = TimeSpanText.TryParse(Environment.GetEnvironmentVariable("HOOKAGENT_SOAK") ?? "10min", out TimeSpan asked) ? asked
            : throw new FormatException("HOOKAGENT_SOAK should be a time span such as 10min");
        int seed = int.TryParse(Environment.GetEnvironmentVariable("HOOKAGENT_SOAK_SEED"), out int given) ? given : Environment.TickCount;
        _output.WriteLine($"seed {seed}");
        Fault($"soak of {length.TotalMinutes:0.#} min, seed {seed}", WorstOverlap, () =>
        {
            Bench.BeginLent("[Node]\nIdleDelay=200ms\nStopGrace=2s\n[Hook]\nPrologWait=10s\n");
            Soak soak = new(Bench, new Random(seed), _output.WriteLine);
            soak.Run(length);
            ProviderRun last = Eventually.Get(
                "the node is lent at the end", s_lentAgain, () => Provider.Runs().LastOrDefault() is { Ready: not null, Ended: false } run && Agent.Status() is { State: "lending" } ? run : null, () => $"It is {Agent.Status()}.");

            ProviderRun[] providers = Provider.Runs();
            Assert.All(Slurm.Runs, job => Assert.All(providers, provider =>
                Assert.False(job.Life.Contains(provider.Start), $"a provider began beside job {job.Id}")));
            return $"{Slurm.Runs.Count} jobs COMPLETED, {providers.Length} providers, {soak.Faults} faults; lent at the end";
        });
    }
}
