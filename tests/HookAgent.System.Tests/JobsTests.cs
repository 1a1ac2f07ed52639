using System.Globalization;
using System.Text.Json;
using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests;

/// <summary>What hookctl tells of real jobs, and what becomes of one that is forgotten while it runs.</summary>
public sealed class JobsTests(SystemFixture fixture, ITestOutputHelper output) : SystemTest(fixture, output)
{
    [Fact]
    public void A_running_job_is_listed_with_its_record_and_its_slurmstepd() => Story(() =>
    {
        Bench.BeginLent("[Node]\nIdleDelay=300ms\n");
        string id = Slurm.Sbatch(3);
        Slurm.Begun(id);

        JsonElement job = Assert.Single(Jobs());
        Assert.Equal(long.Parse(id, CultureInfo.InvariantCulture), job.GetProperty("job").GetInt64());
        Assert.Equal("readable", job.GetProperty("record").GetString());
        Assert.True(job.GetProperty("slurmstepd").GetBoolean());
        Assert.False(job.GetProperty("stale").GetBoolean());
        Assert.Equal("alice", job.GetProperty("user").GetString());
        Assert.True(job.GetProperty("age_usec").GetInt64() > 0);

        Slurm.Finished(id);
        Eventually.True("no job is listed", TimeSpan.FromSeconds(20), () => Jobs().Length == 0);
    });

    [Fact]
    public void A_record_past_its_end_without_a_slurmstepd_is_stale_until_it_is_forgotten() => Story(() =>
    {
        Bench.BeginLent("[Node]\nIdleDelay=300ms\n");
        Node.Shell("printf 'JOB_ID=999999\\nEND_TIME=1000000000\\n' >/run/hookagent/jobs/999999");
        Agent.WaitFor("busy", "jobs-recorded");

        Assert.True(Assert.Single(Jobs()).GetProperty("stale").GetBoolean());
        Assert.Contains("'hookctl forget 999999'", Node.Run("hookctl", "jobs").Output, StringComparison.Ordinal);

        Assert.StartsWith("Job 999999 is forgotten, its record removed.\n", Node.Run("hookctl", "forget", "999999").Output, StringComparison.Ordinal);
        Agent.WaitUntilLent();
        Assert.StartsWith("Job 999999 is not known on this node", Node.Run("hookctl", "forget", "999999").Output, StringComparison.Ordinal);
        Assert.Equal("hookctl: only root may do this; try it with sudo\n", Node.TryAsAlice("hookctl", "forget", "999999").Error);
    });

    [Fact]
    public void A_job_that_is_forgotten_while_it_runs_never_gets_a_provider_beside_it() => Story(() =>
    {
        Bench.BeginLent("[Node]\nIdleDelay=300ms\n[Hook]\nPrologWait=15s\n");
        string id = Slurm.Sbatch(4);
        Slurm.Begun(id);

        string said = Node.Run("hookctl", "forget", id).Output;
        Assert.Contains($"Job {id} still has a slurmstepd", said, StringComparison.Ordinal);
        Agent.WaitFor("unknown", "step-without-record");

        JobRun job = Slurm.Finished(id);
        Agent.WaitUntilLent();
        Bench.WaitUntilReady();
        Assert.All(Provider.Runs(), run => Assert.Equal(TimeSpan.Zero, run.Life.Overlap(job.Life)));
    });

    [Fact]
    public void The_last_handovers_are_told_as_the_journal_has_them() => Story(() =>
    {
        Bench.BeginLent("[Node]\nIdleDelay=300ms\n[Hook]\nPrologWait=15s\n");
        JobRun job = Slurm.Srun(0.2);

        JsonElement last = Eventually.Get(
            $"the handover to job {job.Id} is told", TimeSpan.FromSeconds(20),
            () => Status().GetProperty("handovers").EnumerateArray().Where(entry => entry.GetProperty("job").GetInt64().ToString(CultureInfo.InvariantCulture) == job.Id).Select(entry => (object)entry).FirstOrDefault(),
            () => Status().GetRawText()) is JsonElement found ? found : default;
        Assert.Equal(Status().GetProperty("last_handover_usec").GetInt64(), last.GetProperty("handover_usec").GetInt64());
        Assert.Contains($", job {job.Id}: ", Node.Run("hookctl", "status").Output, StringComparison.Ordinal);
    });

    private JsonElement Status() => Json("status");

    private JsonElement[] Jobs() => [.. Json("jobs").GetProperty("jobs").EnumerateArray()];

    private JsonElement Json(string verb)
    {
        using JsonDocument document = JsonDocument.Parse(Node.Run("hookctl", verb, "--json").Output);
        return document.RootElement.Clone();
    }
}
