using HookAgent.Core.Journal;
using HookAgent.Core.Time;
using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests.Faults;

/// <summary>A provider that is slow to go: without PrologWait= what it shares with a job is bounded and told, with it they never meet.</summary>
public sealed class OverlapTests(SystemFixture fixture, ITestOutputHelper output) : FaultTest(fixture, output)
{
    /// <summary>Between what the stamps say and what the daemon sees: the way of a signal, of a nudge, of a job's launch.</summary>
    private static readonly TimeSpan s_tolerance = TimeSpan.FromSeconds(1.5);

    [Theory]
    [InlineData("drains for 5 s", "drain_seconds=5", 10, "as asked")]
    [InlineData("ignores SIGTERM", "ignore_sigterm=yes", 2, "after SIGKILL")]
    public void The_overlap_ends_within_StopGrace_and_3_s_and_is_told_for_each_job(
        string behaviour, string provider, int stopGrace, string how) => Fault($"provider {behaviour}, PrologWait=0", OverlapAfter(stopGrace), () =>
    {
        // Not lent again before the stamps are read: just the one provider is looked at.
        Bench.BeginLent(
            $"""
            [Node]
            IdleDelay=4s
            StopGrace={stopGrace}s
            [Hook]
            PrologWait=0
            """,
            provider);
        BootTime since = BootClock.Now();
        string[] ids = [Slurm.Sbatch(7), Slurm.Sbatch(7)];
        JobRun[] jobs = [.. ids.Select(Slurm.Finished).OrderBy(job => job.Begin)];
        ProviderRun run = Assert.Single(Provider.Runs());
        Assert.NotNull(run.Term);

        TimeSpan limit = TimeSpan.FromSeconds(stopGrace + 3);
        TimeSpan first = run.Life.Overlap(jobs[0].Life);
        Assert.True(first > TimeSpan.FromSeconds(1), $"job {jobs[0].Id} hardly met the provider: {first.Ms()}");

        // slurmctld takes its time over the second, which then meets the provider late or not at all.
        foreach (JobRun job in jobs.Where(job => job.Begin < run.Life.End))
        {
            TimeSpan overlap = run.Life.Overlap(job.Life);
            Assert.True(run.Life.End - job.Begin <= limit, $"the provider was beside job {job.Id} for {overlap.Ms()}, {limit.Ms()} were allowed");

            JournalEntry told = Assert.Single(Journal.Find(since, $"MESSAGE_ID={NodeMessageIds.HandoverDone}", $"SLURM_JOB_ID={job.Id}"));
            TimeSpan toldOverlap = told.Microseconds("HOOKAGENT_OVERLAP_USEC");
            TimeSpan toldHandover = told.Microseconds("HOOKAGENT_HANDOVER_USEC");
            Assert.Equal("2000", told["SLURM_JOB_UID"]);
            Assert.Equal(HookAgent.SystemTests.Harness.Provider.Unit, told["UNIT"]);
            Assert.InRange(toldOverlap, overlap, overlap + s_tolerance);
            Assert.InRange(toldHandover, toldOverlap, toldOverlap + s_tolerance);
            Figure($"PrologWait=0, StopGrace={stopGrace}s, a provider that {behaviour}: overlap {overlap.Ms()} of at most {limit.Ms()}; told: handover {toldHandover.Ms()}, overlap {toldOverlap.Ms()}");
        }

        JournalEntry stopped = Assert.Single(Journal.Find(since, $"MESSAGE_ID={NodeMessageIds.ProviderStopped}"));
        Assert.Contains(how, stopped.Message, StringComparison.Ordinal);
        return $"jobs begin at once, provider stopped {how}; told for each job";
    });

    [Fact]
    public void A_provider_that_must_be_killed_is_gone_before_a_job_begins() => Fault("provider ignores SIGTERM, PrologWait=15s", NoOverlap, () =>
    {
        Bench.BeginLent("[Node]\nIdleDelay=300ms\nStopGrace=2s\n[Hook]\nPrologWait=15s\n", "ignore_sigterm=yes");
        JobRun job = Slurm.Srun(0.5);
        Agent.WaitUntilLent();
        Bench.WaitUntilReady();
        ProviderRun[] runs = Provider.Runs();
        Assert.Equal(2, runs.Length);
        Assert.False(runs[0].Ended);
        Assert.True(runs[0].Life.End < job.Begin, $"the provider was beside job {job.Id} for {runs[0].Life.Overlap(job.Life).Ms()}");
        return $"killed {(runs[0].Life.End - runs[0].Term!.Value).Ms()} after its first SIGTERM, {(job.Begin - runs[0].Life.End).Ms()} before the job";
    });

    /// <summary>What comes closest to the bound without agent or bus, which is systemd's time for the stop and what finding out takes.</summary>
    [Theory]
    [Trait("Duration", "long")]
    [InlineData("SIGSTOP of the bus")]
    [InlineData(BrokenPart.HungDaemon)]
    public void A_provider_that_ignores_SIGTERM_ends_beside_a_job_when_nobody_steers_its_stop(string partName) =>
        Fault($"{partName}, provider ignores SIGTERM", WorstOverlap, () =>
        {
            BrokenPart part = BrokenPart.All[partName];
            Bench.BeginLent("[Node]\nIdleDelay=300ms\n", "ignore_sigterm=yes");
            JobRun job;
            try
            {
                Node.Shell(part.Break);
                job = Slurm.Finished(Slurm.Sbatch(WorstOverlap.TotalSeconds + 2));
            }
            finally
            {
                Node.Shell(part.Mend);
            }

            ProviderRun run = Provider.Runs()[0];
            Assert.False(run.Ended);
            TimeSpan beside = run.Life.End - job.Begin;
            Assert.InRange(beside, TimeSpan.FromSeconds(15), WorstOverlap);
            ProviderRun next = LentAfter(job.End);
            return $"killed {beside.Ms()} after the job's begin; lent again {(next.Ready!.Value - job.End).Ms()} after it";
        });

    /// <summary>The provider ran on, and no later stop of it is the handover of that job.</summary>
    [Fact]
    public void A_job_that_comes_and_goes_while_the_bus_is_away_is_told_of_as_it_was() => Fault("bus away for a job of 100 ms, the provider runs on", WorstOverlap, () =>
    {
        TimeSpan later = TimeSpan.FromSeconds(4);
        BrokenPart part = BrokenPart.All["bus stopped"];
        Bench.BeginLent("[Node]\nIdleDelay=300ms\n");
        BootTime since = BootClock.Now();
        JobRun first;
        try
        {
            Node.Shell(part.Break);
            first = Slurm.Srun(0.1);
        }
        finally
        {
            Node.Shell(part.Mend);
        }

        Agent.WaitUntilLent();
        Assert.Single(Provider.Runs());
        Eventually.True("some seconds have passed", later * 2, () => BootClock.Now() > first.End + later);
        JobRun second = Slurm.Srun(0.2);
        Journal.Await(since, later, $"MESSAGE_ID={NodeMessageIds.HandoverDone}", $"SLURM_JOB_ID={second.Id}");
        Assert.Empty(Journal.Find(since, $"MESSAGE_ID={NodeMessageIds.HandoverDone}", $"SLURM_JOB_ID={first.Id}"));
        JournalEntry told = Assert.Single(Journal.Find(since, $"MESSAGE_ID={NodeMessageIds.JobRanBeside}", $"SLURM_JOB_ID={first.Id}"));
        TimeSpan beside = told.Microseconds("HOOKAGENT_OVERLAP_USEC");
        Assert.True(beside < later, $"job {first.Id} is said to have had the provider beside it for {beside.Ms()}");
        return $"told of its {beside.Ms()} beside the provider; the next job's handover is its own";
    });
}
