using HookAgent.Core.Time;
using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests;

/// <summary>When the node is lent again.</summary>
public sealed class LendingTests(SystemFixture fixture, ITestOutputHelper output) : SystemTest(fixture, output)
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    [Fact]
    public void The_provider_is_active_within_IdleDelay_and_1_s_after_the_last_job() => Story(() =>
    {
        TimeSpan idleDelay = TimeSpan.FromSeconds(2);
        Bench.BeginLent("[Node]\nIdleDelay=2s\n");
        for (int round = 0; round < 3; round++)
        {
            JobRun job = round == 1 ? Slurm.Finished(Slurm.Sbatch(0.3)) : Slurm.Srun(0.3);
            ProviderRun next = AwaitRunAfter(job.End);
            TimeSpan idle = next.Ready!.Value - job.End;
            Figure($"IdleDelay=2s: provider ready {idle.Ms()} after the last job's last instruction");
            Assert.InRange(idle, idleDelay, idleDelay + s_second);
        }
    });

    [Theory]
    [InlineData(1.5, 4.0)]
    [InlineData(4.0, 1.5)]
    public void Of_two_jobs_the_later_end_counts(double first, double second) => Story(() =>
    {
        Bench.BeginLent("[Node]\nIdleDelay=300ms\n[Hook]\nPrologWait=15s\n");
        string[] ids = [Slurm.Sbatch(first), Slurm.Sbatch(second)];
        JobRun[] jobs = [.. ids.Select(Slurm.Finished)];
        Assert.True(jobs[0].Life.Overlap(jobs[1].Life) > s_second, "the two jobs should have run side by side");

        BootTime lastEnd = jobs.Max(job => job.End);
        ProviderRun next = AwaitRunAfter(lastEnd);
        Assert.All(Provider.Runs(), run => Assert.All(jobs, job => Assert.Equal(TimeSpan.Zero, run.Life.Overlap(job.Life))));
        Assert.Equal(2, Provider.Runs().Length);
        Figure($"two jobs of {first} s and {second} s: provider starts {(next.Start - lastEnd).Ms()} after the later end, {(next.Start - jobs.Min(job => job.End)).Ms()} after the earlier");
    });

    [Fact]
    public void A_job_array_is_never_interrupted_by_the_provider() => Story(() =>
    {
        const int tasks = 20;
        Bench.BeginLent("[Node]\nIdleDelay=3s\n[Hook]\nPrologWait=0\n", "drain_seconds=1");
        string id = Slurm.Sbatch(0.3, "--array", $"1-{tasks}");
        IReadOnlyList<JobRun> jobs = Slurm.FinishedArray(id, tasks);
        BootTime lastEnd = jobs.Max(job => job.End);
        ProviderRun next = AwaitRunAfter(lastEnd);

        ProviderRun[] runs = Provider.Runs();
        Assert.Equal(2, runs.Length);
        TimeSpan took = lastEnd - jobs.Min(job => job.Begin);
        Figure($"array of {tasks} tasks on 2 CPUs, {took.Ms()}: provider gone {(runs[0].Life.End - jobs.Min(job => job.Begin)).Ms()} after the first task's begin, back {(next.Start - lastEnd).Ms()} after the last task's end");
    });

    // systemd refuses a unit's sixth start within 10 s unless told otherwise (systemd.unit(5), StartLimitIntervalSec=).
    [Fact]
    public void A_start_after_each_of_many_short_jobs_is_no_fault() => Story(() =>
    {
        const int jobs = 10;
        Bench.BeginLent("[Node]\nIdleDelay=0\n");
        JobRun[] runs = [.. Enumerable.Range(0, jobs).Select(_ =>
        {
            JobRun job = Slurm.Srun(0.05);
            AwaitRunAfter(job.End);
            return job;
        })];
        Assert.True(runs[5].End - runs[0].Begin < TimeSpan.FromSeconds(10), "these jobs were too slow to meet systemd's limit");
        Assert.Equal(jobs + 1, Provider.Runs().Length);
        Figure($"{jobs} jobs within {(runs[^1].End - runs[0].Begin).Ms()}: the provider started after each");
    });

    private ProviderRun AwaitRunAfter(BootTime moment) => Eventually.Get(
        "the provider runs again", TimeSpan.FromSeconds(20), () => Provider.Runs().FirstOrDefault(run => run.Start > moment && run.Ready is not null), () => "");
}
