using System.Globalization;
using HookAgent.Core.Time;
using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests.Faults;

/// <summary>A daemon that dies again and again, at any moment, costs nothing but lending time.</summary>
public sealed class KilledDaemonTests(SystemFixture fixture, ITestOutputHelper output) : FaultTest(fixture, output)
{
    private static readonly TimeSpan s_idleDelay = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// systemd checks a unit's conditions, forks, and then writes "Starting …". A record that comes in between is
    /// older than that line, and the start is none beside a record all the same.
    /// </summary>
    private static readonly TimeSpan s_startLine = TimeSpan.FromMilliseconds(100);

    [Fact]
    public void No_provider_starts_beside_a_record_and_none_outlives_its_daemon() => KillDuringJobs(15, Environment.TickCount);

    [Fact]
    [Trait("Duration", "long")]
    public void No_provider_starts_beside_a_record_and_none_outlives_its_daemon_50_jobs() => KillDuringJobs(50, Environment.TickCount);

    [Fact]
    [Trait("Duration", "long")]
    public void No_provider_starts_beside_a_record_and_none_outlives_its_daemon_many_jobs() => KillDuringJobs(400, Environment.TickCount);

    /// <summary>The worst that a provider can do to a daemon's restart, and a job that comes in the middle of it.</summary>
    [Fact]
    [Trait("Duration", "long")]
    public void A_provider_that_ignores_SIGTERM_is_gone_in_time_too() => Fault("SIGKILL of the daemon, provider ignores SIGTERM", WorstOverlap, () =>
    {
        TimeSpan idleDelay = TimeSpan.FromSeconds(3);
        TimeSpan limit = Provider.StopTimeout + TimeSpan.FromSeconds(2);
        Bench.BeginLent("[Node]\nIdleDelay=3s\n[Hook]\nPrologWait=15s\n", "ignore_sigterm=yes");
        BootTime kill = BootClock.Now();
        Node.Run("systemctl", "kill", "--kill-who=main", "--signal=KILL", Agent.Unit);
        JobRun job = Slurm.Srun(Provider.StopTimeout.TotalSeconds + 1);

        ProviderRun killed = Assert.Single(Provider.Runs());
        TimeSpan outlived = killed.Life.End - kill;
        Assert.True(outlived <= limit, $"the provider outlived its daemon by {outlived.Ms()}");
        ProviderRun next = Eventually.Get(
            "the node is lent again", idleDelay + limit, () => Provider.Runs() is [_, { Ready: not null } run] ? run : null, () => "");
        TimeSpan lentAgain = next.Ready!.Value - job.End;
        Assert.True(lentAgain <= idleDelay + Provider.StopTimeout + TimeSpan.FromSeconds(5));
        return $"provider gone {outlived.Ms()} later, of {limit.Ms()}; lent again {lentAgain.Ms()} after the job";
    });

    /// <summary>More than systemd's default start limit, and faster: the unit comes back all the same.</summary>
    [Fact]
    public void Eight_kills_in_a_row_do_not_leave_the_node_without_its_daemon() => Fault("eight SIGKILLs of the daemon in a row", WorstOverlap, () =>
    {
        const int kills = 8;
        Bench.BeginLent("[Node]\nIdleDelay=300ms\n[Hook]\nPrologWait=15s\n");
        string last = Agent.MainPid;
        for (int kill = 0; kill < kills; kill++)
        {
            Node.Run("systemctl", "kill", "--kill-who=main", "--signal=KILL", Agent.Unit);
            last = Agent.NextMainPid(last);
        }

        BootTime killed = BootClock.Now();
        JobRun job = Slurm.Srun(0.5);
        ProviderRun next = LentAfter(job.End);
        Assert.True(int.Parse(Node.UnitProperty(Agent.Unit, "NRestarts"), CultureInfo.InvariantCulture) >= kills);
        Assert.Equal("active", Node.ActiveState(Agent.Unit));
        return $"a new daemon after each, {(job.Begin - killed).Ms()} to a job's begin; lent again {(next.Ready!.Value - job.End).Ms()} after it";
    });

    private void KillDuringJobs(int jobCount, int seed) => Fault($"SIGKILL of the daemon again and again under {jobCount} jobs", WorstOverlap, () =>
    {
        Figure($"SIGKILL of the daemon: seed {seed}");
        TimeSpan stopTimeout = Provider.StopTimeout;
        Bench.BeginLent($"[Node]\nIdleDelay={s_idleDelay.TotalMilliseconds:0}ms\n[Hook]\nPrologWait=15s\n");
        BootTime since = BootClock.Now();
        (JobRun[] jobs, BootTime[] kills) = RunAndKill(jobCount, new Random(seed));
        BootTime idle = new(Math.Max(jobs.Max(job => job.End).Microseconds, kills.Max().Microseconds));
        Agent.WaitUntilLent();
        ProviderRun last = Bench.WaitUntilReady();

        ProviderRun[] runs = Provider.Runs();
        CheckStarts(since, jobs, runs);
        TimeSpan longest = CheckDeaths(kills, runs, stopTimeout);
        TimeSpan lentAgain = last.Ready!.Value - idle;
        Figure($"lent again {lentAgain.Ms()} after the last job or kill, of at most {(s_idleDelay + stopTimeout).TotalSeconds + 5:0.0} s");
        Assert.True(lentAgain <= s_idleDelay + stopTimeout + TimeSpan.FromSeconds(5));
        return $"{kills.Length} kills, {runs.Length} providers; none began beside a job, all gone {longest.Ms()} after a kill; seed {seed}";
    });

    /// <summary>Jobs one after the other, with gaps in which a provider may start, and kills until the last has ended.</summary>
    private (JobRun[] Jobs, BootTime[] Kills) RunAndKill(int jobCount, Random random)
    {
        using RandomKills kills = new(Node, random.Next());
        List<JobRun> jobs = [];
        for (int job = 0; job < jobCount; job++)
        {
            Thread.Sleep(random.Next(1000));
            jobs.Add(Slurm.Srun(Math.Round(0.15 + (random.NextDouble() * 0.35), 3)));
        }

        return ([.. jobs], kills.Stop());
    }

    private void CheckStarts(BootTime since, JobRun[] jobs, ProviderRun[] runs)
    {
        HookRun[] hooks = HookRun.Since(Node, since);
        Interval[] records = [.. jobs.Select(job => new Interval(
            hooks.Single(hook => hook.Job == job.Id && hook.IsProlog).Life.End + s_startLine,
            hooks.Single(hook => hook.Job == job.Id && !hook.IsProlog).Life.Begin))];
        BootTime[] starts = [.. Journal.Find(since, $"MESSAGE_ID={Journal.UnitStarting}", $"UNIT={HookAgent.SystemTests.Harness.Provider.Unit}").Select(entry => entry.Moment)];
        int refused = Journal.Find(since, $"UNIT={HookAgent.SystemTests.Harness.Provider.Unit}")
            .Count(entry => entry.Message.Contains("ConditionDirectoryNotEmpty", StringComparison.Ordinal));

        Assert.All(starts, start => Assert.All(records, record => Assert.False(record.Contains(start), "systemd started a provider beside a record")));
        Assert.All(runs, run => Assert.All(jobs, job => Assert.False(job.Life.Contains(run.Start), $"a provider began beside job {job.Id}")));
        TimeSpan worst = jobs.Max(job => runs.Max(run => run.Life.Overlap(job.Life)));
        Figure($"{jobs.Length} jobs, {runs.Length} providers: 0 of {starts.Length} starts beside a record, {refused} refused by systemd's condition; longest overlap of a job and a dying provider {worst.Ms()}");
    }

    private TimeSpan CheckDeaths(BootTime[] kills, ProviderRun[] runs, TimeSpan stopTimeout)
    {
        TimeSpan[] outlived = [.. kills.SelectMany(kill => runs.Where(run => run.Life.Contains(kill)).Select(run => run.Life.End - kill))];
        Assert.NotEmpty(outlived);
        Figure($"{kills.Length} kills, {outlived.Length} with a provider: gone {outlived.Max().Ms()} later at most, of {(stopTimeout + TimeSpan.FromSeconds(2)).TotalSeconds:0.0} s");
        Assert.True(outlived.Max() <= stopTimeout + TimeSpan.FromSeconds(2));
        return outlived.Max();
    }
}
