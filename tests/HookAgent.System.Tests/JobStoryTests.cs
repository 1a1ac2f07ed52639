using System.Text.RegularExpressions;
using HookAgent.Core.Journal;
using HookAgent.Core.Time;
using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests;

/// <summary>What an operator reads in a node's journal.</summary>
public sealed class JobStoryTests(SystemFixture fixture, ITestOutputHelper output) : SystemTest(fixture, output)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Fact]
    public void The_journal_tells_a_job_s_whole_story_and_nothing_else() => Story(() =>
    {
        Bench.BeginLent("[Node]\nIdleDelay=500ms\n[Hook]\nPrologWait=15s\n");
        BootTime since = BootClock.Now();
        string job = Slurm.Sbatch(0.5);
        Slurm.Completed(job);
        Agent.WaitUntilLent();
        JournalEntry[] story = [];
        Eventually.True("the story is over", s_patience, () => (story = Journal.Find(since, $"SLURM_JOB_ID={job}")).Length >= 9);
        string[] expected =
        [
            $"Job {job} has come to this node.",
            "lending -> reclaiming: The provider is being stopped.",
            @"wasimoff-provider.service stopped as asked within [\d.]+ m?s; it had run for .+s.",
            $@"Handover to job {job}: [\d.]+ m?s \(Prolog start to provider stopped\), all before the job began.",
            "reclaiming -> busy: A Slurm job runs on this node.",
            $"Job {job} has ended on this node.",
            "busy -> settling: The node is idle; the provider starts when it has been idle for IdleDelay.",
            "settling -> lending: The node is idle and the provider is starting.",
            "lending: The node is idle and lent to the provider.",
        ];
        Assert.Equal(expected.Length, story.Length);
        Assert.All(story.Zip(expected), pair => Assert.Matches($"^{pair.Second}$", pair.First.Message));
        Assert.All(story, entry => Assert.Equal(("hookagentd", "2000", "6"), (entry["SYSLOG_IDENTIFIER"], entry["SLURM_JOB_UID"], entry["PRIORITY"])));
        Assert.True(story[3].Microseconds("HOOKAGENT_HANDOVER_USEC") > TimeSpan.Zero);
        Assert.Equal(TimeSpan.Zero, story[3].Microseconds("HOOKAGENT_OVERLAP_USEC"));

        // Nothing else was told meanwhile: what the node does is what became of the job.
        Assert.Equal(story.Length, Journal.Find(since, "SYSLOG_IDENTIFIER=hookagentd").Length);

        // All went as it should, so there is nothing to explain.
        Assert.DoesNotContain("Defined-By: HookAgent", Node.Run("journalctl", "--no-pager", "-x", $"SLURM_JOB_ID={job}").Output, StringComparison.Ordinal);
        Figure($"handover of job {job}: {story[3].Microseconds("HOOKAGENT_HANDOVER_USEC").Ms()}");
    });

    [Fact]
    [Trait("Duration", "long")]
    public void A_provider_that_keeps_failing_is_told_a_few_times_and_when_it_is_well_again() => Story(() =>
    {
        BootTime since = BootClock.Now();
        Bench.Begin("[Node]\nIdleDelay=100ms\n", "exit_after=0.05\nexit_code=3\n");
        JournalEntry[] all = [];
        Eventually.True("it has failed four times", s_patience, () =>
            (all = Journal.Find(since, $"MESSAGE_ID={NodeMessageIds.ProviderFailed}")).Any(entry => entry["HOOKAGENT_FAILURES"] == "4"));
        JournalEntry[] warnings = [.. all.Where(entry => entry["PRIORITY"] == "4")];
        Assert.Equal(["1", "2", "4"], warnings.Select(entry => entry["HOOKAGENT_FAILURES"]));
        Assert.Matches(@"^wasimoff-provider\.service: The provider ended by itself; .+ \(exit status 3, result exit-code\) First failure; next try in 1 s\.$", warnings[0].Message);
        Assert.Matches(@"\(exit status 3, result exit-code\) Failed 4 times within [\d.]+ s; next try in 8 s\.$", warnings[2].Message);

        // Each has its explanation, with its own values in it.
        string explained = Node.Run("journalctl", "--no-pager", "-x", $"MESSAGE_ID={NodeMessageIds.ProviderFailed}", "HOOKAGENT_FAILURES=4").Output;
        Assert.Contains("Subject: wasimoff-provider.service failed (provider-exited)", explained, StringComparison.Ordinal);
        Assert.DoesNotMatch("@[A-Z_]+@", explained);

        // What is told at info is one way into failure, not each try.
        string[] changes = [.. Journal.Find(since, $"MESSAGE_ID={NodeMessageIds.StateChanged}")
            .Where(entry => entry["PRIORITY"] == "6").Select(entry => entry["HOOKAGENT_STATE"])];
        Assert.Single(changes, state => state == "failed");

        Provider.Behave("");
        JournalEntry well = Journal.Await(since, TimeSpan.FromSeconds(90), $"MESSAGE_ID={NodeMessageIds.ProviderRecovered}");
        Assert.Matches(@"^wasimoff-provider\.service runs well again; it had failed [45] times within [\d.]+ (s|min).*\.$", well.Message);
    });

    [Fact]
    public void Each_documented_field_is_in_real_entries() => Story(() =>
    {
        BootTime since = BootClock.Now();
        Bench.Begin("[Node]\nIdleDelay=100ms\n", "exit_after=0.05\nexit_code=3\n");
        Journal.Await(since, s_patience, $"MESSAGE_ID={NodeMessageIds.ProviderFailed}");
        Bench.BeginLent("[Node]\nIdleDelay=100ms\n[Hook]\nPrologWait=15s\n");
        _ = Slurm.Srun(0.1);
        Agent.WaitUntilLent();
        string manual = File.ReadAllText(Path.Combine(Repository.Root, "packaging/man/hookagentd.8.scd"));
        string section = manual[manual.IndexOf("\n# JOURNAL\n", StringComparison.Ordinal)..manual.IndexOf("\n# METRICS\n", StringComparison.Ordinal)];
        string[] documented = [.. Regex.Matches(section, "(?<=^|, )_([A-Z_]+)_(?=,|$)", RegexOptions.Multiline).Select(match => match.Groups[1].Value)];
        Assert.True(documented.Length > 10);
        JournalEntry[] entries = Journal.Find(since, "SYSLOG_IDENTIFIER=hookagentd");
        Assert.All(documented, field => Assert.Contains(entries, entry => entry.Has(field)));
        Assert.All(entries, entry => Assert.True(entry.Has("MESSAGE_ID"), entry.Message));
    });
}
