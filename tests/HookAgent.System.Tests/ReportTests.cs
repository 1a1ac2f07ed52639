using System.Globalization;
using System.Text.Json.Nodes;
using HookAgent.Core.Journal;
using HookAgent.Core.Time;
using HookAgent.SystemTests.Harness;
using Xunit.Abstractions;

namespace HookAgent.SystemTests;

/// <summary>hookctl report, from a real journal.</summary>
public sealed class ReportTests(SystemFixture fixture, ITestOutputHelper output) : SystemTest(fixture, output)
{
    private const string UnitFailed = "d9b373ed55a64feb8242e02dbe79a49c";
    private const string Csv = "/tmp/report.csv";

    [Fact]
    public void The_report_agrees_with_the_journal_the_job_and_systemd() => Story(() =>
    {
        Bench.BeginLent("[Node]\nIdleDelay=2s\n", "drain_seconds=1");
        BootTime since = BootClock.Now();
        string clock = DateTime.UtcNow.ToString("yyyy-MM-dd HH:mm:ss.ffffff UTC", CultureInfo.InvariantCulture);

        JobRun job = Slurm.Srun(3);
        Agent.WaitUntilLent();
        Node.Run("systemctl", "kill", "--signal=KILL", "--kill-who=main", Agent.Unit);
        Journal.Await(since, TimeSpan.FromSeconds(30), $"MESSAGE_ID={UnitFailed}", $"UNIT={Agent.Unit}");
        Agent.WaitUntilLent();
        JournalEntry handover = Journal.Find(since, $"MESSAGE_ID={NodeMessageIds.HandoverDone}", $"SLURM_JOB_ID={job.Id}").Single();

        JsonNode all = JsonNode.Parse(Node.Run("hookctl", "report", "--json", "--since", clock, "--csv", Csv).Output)!["all"]!;
        Assert.Equal((1, handover["HOOKAGENT_HANDOVER_USEC"]), ((int)all["handovers"]!["count"]!, all["handovers"]!["max_usec"]!.ToString()));
        Assert.Equal((1, handover["HOOKAGENT_OVERLAP_USEC"]), ((int)all["overlaps"]!["count"]!, all["overlaps"]!["max_usec"]!.ToString()));
        Assert.Equal(1, (int)all["jobs"]!);
        Assert.Equal(2, (int)all["provider"]!["starts"]!);
        Assert.Equal(0, (int)all["agent_kills"]!);

        string[][] rows = [.. Node.Read(Csv).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(static row => row.Split(','))];
        Assert.Single(rows, static row => row is [_, _, "off", "agent-failed", ..]);
        double withJob = rows.Where(row => row[7] == $"{job.Id}").Sum(static row => double.Parse(row[6], CultureInfo.InvariantCulture));
        Assert.InRange(withJob, (job.End - job.Begin).TotalSeconds, (job.End - job.Begin).TotalSeconds + 10);
    });
}
