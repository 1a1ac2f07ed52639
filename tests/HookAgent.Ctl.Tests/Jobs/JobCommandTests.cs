using System.Text.Json.Nodes;
using HookAgent.Ctl.Tests.Harness;

namespace HookAgent.Ctl.Tests.Jobs;

public sealed class JobCommandTests : IDisposable
{
    private readonly FakeNode _node = new();

    public void Dispose() => _node.Dispose();

    [Fact]
    public void Asks_the_journal_for_that_job_and_tells_programs_the_oldest_first()
    {
        _node.Record("17");
        using FakeProgram journalctl = new("journalctl", """
            echo "$@" >asked
            echo '{"__REALTIME_TIMESTAMP":"1763823602000000","PRIORITY":"6","MESSAGE":"Job 17 has ended on this node."}'
            echo '{"__REALTIME_TIMESTAMP":"1763823600000000","PRIORITY":"6","MESSAGE":"Job 17 has come to this node."}'
            """);

        JsonNode json = JsonNode.Parse(Job(journalctl, "17", "--json").Output)!;

        Assert.Equal(
            """{"job":17,"recorded":true,"slurmstepd":false,"entries":[{"at":"2025-11-22T15:00:00.000000Z","priority":6,"message":"Job 17 has come to this node."},{"at":"2025-11-22T15:00:02.000000Z","priority":6,"message":"Job 17 has ended on this node."}]}""",
            json.ToJsonString());
        Assert.Contains(" SLURM_JOB_ID=17\n", journalctl.Left("asked"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("017")]
    [InlineData("17 _UID=0")]
    [InlineData("--17")]
    public void What_is_no_job_id_reaches_no_journal(string word)
    {
        using FakeProgram journalctl = new("journalctl", "touch asked");
        Assert.Equal(64, Job(journalctl, word).ExitCode);
        Assert.False(journalctl.HasLeft("asked"));
    }

    /// <summary>Of a job that has a thousand entries the begin and the end are shown, in ten lines.</summary>
    [Fact]
    public void A_long_story_has_ten_lines_and_nothing_that_a_terminal_would_obey()
    {
        string entries = string.Concat(Enumerable.Range(0, 100).Select(static number =>
            $"echo '{{\"__REALTIME_TIMESTAMP\":\"{1_763_823_700_000_000 - (number * 1_000_000)}\",\"PRIORITY\":\"6\",\"MESSAGE\":\"line {99 - number}\\\\u001b[2J\"}}'\n"));
        using FakeProgram journalctl = new("journalctl", entries);

        string[] lines = Job(journalctl, "17").Output.TrimEnd('\n').Split('\n');

        Assert.Equal(10, lines.Length);
        Assert.EndsWith("  line 0?[2J", lines[1], StringComparison.Ordinal);
        Assert.Equal("  … 92 lines left out; 'journalctl SLURM_JOB_ID=17' shows all", lines[5]);
        Assert.EndsWith("  line 99?[2J", lines[9], StringComparison.Ordinal);
    }

    private Hookctl Job(FakeProgram journalctl, params string[] words) =>
        Hookctl.Run(["job", .. words, "--journalctl", journalctl.FilePath, "--proc", _node.Proc, .. _node.Options]);
}
