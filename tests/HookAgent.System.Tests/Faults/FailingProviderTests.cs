using HookAgent.Core.Time;
using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests.Faults;

/// <summary>A provider that does not stay up: tried again after pauses that double, from 1 s on, and never at a job's cost.</summary>
public sealed class FailingProviderTests(SystemFixture fixture, ITestOutputHelper output) : FaultTest(fixture, output)
{
    private const string DropIn = "/etc/systemd/system/wasimoff-provider.service.d/50-mended.conf";
    private static readonly TimeSpan s_firstPause = TimeSpan.FromSeconds(1);

    /// <summary>From a provider's end to systemd's next start, beyond the pause: two ways over the bus on a busy machine.</summary>
    private static readonly TimeSpan s_slack = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Fact]
    public void Fails_at_once() => Fault("provider fails at once", NoOverlap, () =>
    {
        Bench.Begin(Waiting, "exit_after=0\nexit_code=1");
        Agent.WaitFor("failed", "provider-exited");
        JobRun job = Slurm.Srun(0.5);
        Provider.Behave("");
        ProviderRun next = LentAfter(job.End);
        return $"failed (provider-exited); a job ran; mended, it is lent {(next.Ready!.Value - job.End).Ms()} after the job";
    });

    /// <summary>As while a broker is away. systemd's own Restart= would see success after success.</summary>
    [Fact]
    public void Dies_again_and_again() => Fault("provider dies after 0.2 s again and again", NoOverlap, () =>
    {
        Bench.Begin(Waiting, "exit_after=0.2\nexit_code=1");
        TimeSpan[] pauses = Pauses(2);
        Provider.Behave("");
        LentAfter(Provider.Runs()[^1].Start);
        Slurm.Srun(0.2);
        return $"tried again after {string.Join(", ", pauses.Select(Figures.Ms))}; mended, it is lent";
    });

    /// <summary>Each as an operator would, after the cause is mended; the next try would come 4 s after the third failure.</summary>
    [Theory]
    [InlineData("release", "hookctl release")]
    [InlineData("retry", "hookctl retry")]
    [InlineData("a reload of the agent", "systemctl reload hookagentd")]
    [InlineData("a changed drop-in", $"printf '[Service]\nNice=18\n' >{DropIn} && systemctl daemon-reload")]
    public void Mended_it_is_started_at_once_after(string what, string command) => Fault($"provider fails, is mended: {what}", NoOverlap, () =>
    {
        Bench.Begin(Waiting, "exit_after=0\nexit_code=1");
        Pauses(2);
        Agent.WaitFor("failed", "provider-exited");
        Provider.Behave("");
        BootTime asked = BootClock.Now();
        try
        {
            Node.Shell($"mkdir -p {Path.GetDirectoryName(DropIn)} && {command}");
            ProviderRun next = LentAfter(asked);
            TimeSpan took = next.Start - asked;
            Assert.True(took < TimeSpan.FromSeconds(2.5), $"started {took.Ms()} after it was asked for");
            return $"started {took.Ms()} after it was asked for";
        }
        finally
        {
            Node.Shell($"[ ! -e {DropIn} ] || {{ rm {DropIn} && systemctl daemon-reload; }}");
        }
    });

    [Fact]
    [Trait("Duration", "long")]
    public void Thirty_seconds_of_health_end_a_series_of_failures() => Fault("provider dies in a series, then lives 31 s", NoOverlap, () =>
    {
        Bench.Begin(Waiting, "exit_after=0.2\nexit_code=1");
        TimeSpan[] pauses = Pauses(3);
        Provider.Behave("exit_after=31\nexit_code=1");
        ProviderRun healthy = LentAfter(Provider.Runs()[^1].Start);
        ProviderRun next = LentAfter(healthy.Start + TimeSpan.FromSeconds(31));
        healthy = Provider.Runs()[^2];
        TimeSpan pause = next.Start - healthy.Life.End;
        Assert.True(healthy.Life.Length > TimeSpan.FromSeconds(30));
        Assert.InRange(pause, s_firstPause, s_firstPause + s_slack);
        return $"tried again after {string.Join(", ", pauses.Select(Figures.Ms))}; after the health {pause.Ms()}";
    });

    /// <summary>As Wasimoff does when its drain is cut short: no fault, and no pause before it is lent again.</summary>
    [Fact]
    public void Exit_1_at_the_second_SIGTERM_is_no_failure() => Fault("provider exits 1 at the second SIGTERM", NoOverlap, () =>
    {
        Bench.BeginLent("[Node]\nIdleDelay=300ms\nStopGrace=1s\n[Hook]\nPrologWait=15s\n", "drain_seconds=20");
        JobRun job = Slurm.Srun(0.3);
        ProviderRun next = LentAfter(job.End);
        ProviderRun stopped = Provider.Runs()[0];
        TimeSpan took = stopped.Life.End - stopped.Term!.Value;
        // The provider notes the signal a moment after systemd sent it.
        Assert.InRange(took, TimeSpan.FromSeconds(0.8), TimeSpan.FromSeconds(2));
        TimeSpan lent = next.Start - job.End;
        Assert.True(lent < s_firstPause + s_slack, $"lent again after {lent.Ms()}");
        return $"gone {took.Ms()} after the first; lent again {lent.Ms()} after the job, without a pause";
    });

    /// <summary>The times from each of the first ends to the next start: each double the one before.</summary>
    private TimeSpan[] Pauses(int count)
    {
        ProviderRun[] runs = Eventually.Get(
            $"it was tried {count + 1} times", s_patience, () => Provider.Runs() is var all && all.Length > count ? all : null, () => $"The node is {Agent.Status()}.");
        TimeSpan[] pauses = [.. runs.Take(count).Zip(runs.Skip(1), (run, next) => next.Start - run.Life.End)];
        Assert.All(pauses.Select((pause, index) => (pause, expected: s_firstPause * (1 << index))), pair =>
            Assert.InRange(pair.pause, pair.expected, pair.expected + s_slack));
        return pauses;
    }
}
