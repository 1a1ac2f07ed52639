using System.Globalization;
using System.Text.Json.Nodes;
using HookAgent.Core.Time;
using HookAgent.Ctl.Jobs;
using HookAgent.Ctl.Output;
using HookAgent.Ctl.Tests.Harness;

namespace HookAgent.Ctl.Tests.Jobs;

public sealed class JobsCommandTests : IDisposable
{
    private const string Boot = "0123456789abcdef0123456789abcdef";

    private readonly FakeNode _node = new();

    public JobsCommandTests() => File.WriteAllText(Path.Combine(_node.RunDirectory, "boot-id"), $"{Boot}\n");

    public void Dispose() => _node.Dispose();

    [Fact]
    public void An_empty_node_has_none() =>
        Assert.Equal(new Hookctl(0, "No job on this node: no record, and no slurmstepd.\n", ""), Jobs());

    [Fact]
    public void A_line_a_job_and_what_is_odd_about_it()
    {
        // A job may be older than this machine's own boot, so the moment of the look is the test's.
        BootTime began = new(5_000_000);
        _node.Record("17", $"USER=alice\nSTARTED_BOOTTIME_USEC={began.Microseconds}\nBOOT_ID={Boot}\nEND_TIME={Seconds(3600)}\n");
        _node.Step("17");
        _node.Record("18", $"UID=2001\nEND_TIME={Seconds(-90)}\n");
        File.CreateSymbolicLink(Path.Combine(_node.RunDirectory, "jobs", "19"), "/etc/passwd");
        _node.Record("20", $"BOOT_ID={new string('f', 32)}\n");
        _node.Step("21", 4712);
        File.WriteAllText(Path.Combine(_node.RunDirectory, "jobs", "notes\u0007"), "");

        Hookctl run = JobsAt(began + TimeSpan.FromMinutes(90.5));

        Assert.Equal(0, run.ExitCode);
        string[] lines = run.Output.Split('\n');
        const string time = "[A-Z][a-z]{2} [0-9: -]{19} [^ ]{3,6}";
        Assert.Matches("^JOBID  USER   AGE         END_TIME +STEPD  REMARK$", lines[0]);
        Assert.Matches($"^17     alice  1 h 30 min  {time}  yes$", lines[1]);
        Assert.Matches($"^18     2001   -           {time}  no     stale$", lines[2]);
        Assert.Matches("^19     -      -           - +no     unreadable$", lines[3]);
        Assert.Matches("^20     -      -           - +no     another boot$", lines[4]);
        Assert.Matches("^21     -      -           - +yes    no record$", lines[5]);
        Assert.Equal("The record of job 19 cannot be read: it is no regular file. The job counts as running; 'hookctl reconcile' asks Slurm.", lines[6]);
        Assert.Matches("^Job 18 is past its END_TIME .*'hookctl forget 18' frees the node[.]$", lines[7]);
        Assert.Matches("^'notes[?]' in .*/jobs is no record and keeps the provider off; remove it by hand[.]$", lines[8]);
    }

    [Theory]
    [InlineData(-90, false, true)]
    [InlineData(-90, true, false)]
    [InlineData(-30, false, false)]
    [InlineData(60, false, false)]
    public void Stale_is_what_is_past_its_end_without_a_slurmstepd(int end, bool hasStep, bool stale)
    {
        _node.Record("17", $"END_TIME={Seconds(end)}\n");
        if (hasStep)
        {
            _node.Step("17");
        }

        Assert.Equal(stale, Json()["jobs"]![0]!["stale"]!.GetValue<bool>());
    }

    [Fact]
    public void Without_an_end_time_nothing_is_stale()
    {
        _node.Record("17");

        Assert.False(Json()["jobs"]![0]!["stale"]!.GetValue<bool>());
    }

    [Fact]
    public void Tells_programs_every_key_also_of_what_is_not_known()
    {
        _node.Record("17", "USER=alice\nUID=2000\nPARTITION=main\nCPUS=2\nRESTART=1\nSTARTED_USEC=1763824800123456\nEND_TIME=1763824860\n");
        _node.Step("18");
        File.WriteAllText(Path.Combine(_node.RunDirectory, "jobs", "notes"), "");

        JsonNode json = Json();

        JsonObject known = json["jobs"]![0]!.AsObject();
        Assert.Equal(
            ["job", "record", "problem", "slurmstepd", "stale", "age_usec", "started", "end_time", "uid", "user", "partition", "cpus", "restart"],
            known.Select(member => member.Key));
        Assert.Equal("readable", known["record"]!.GetValue<string>());
        Assert.Equal("2025-11-22T15:20:00.123456Z", known["started"]!.GetValue<string>());
        Assert.Equal("2025-11-22T15:21:00.000000Z", known["end_time"]!.GetValue<string>());
        Assert.True(known["age_usec"]!.GetValue<long>() > 0);
        Assert.Equal("none", json["jobs"]![1]!["record"]!.GetValue<string>());
        Assert.Null(json["jobs"]![1]!["user"]);
        Assert.Null(json["jobs"]![1]!["age_usec"]);
        Assert.Equal("notes", json["foreign"]![0]!.GetValue<string>());
    }

    [Fact]
    public void A_directory_that_is_missing_is_told_with_the_command_that_makes_it()
    {
        Directory.Delete(Path.Combine(_node.RunDirectory, "jobs"));

        Hookctl run = Jobs();

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("systemd-tmpfiles --create hookagent.conf", run.Errors, StringComparison.Ordinal);
    }

    private JsonNode Json() => JsonNode.Parse(Jobs("--json").Output)!;

    private Hookctl Jobs(params string[] more) => Hookctl.Run(["jobs", .. more, "--proc", _node.Proc, .. _node.Options]);

    private static string Seconds(int fromNow) => DateTimeOffset.UtcNow.AddSeconds(fromNow).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    private Hookctl JobsAt(BootTime now)
    {
        using StringWriter output = new();
        using StringWriter errors = new();
        JobsOptions options = new() { RunDirectory = _node.RunDirectory, Proc = _node.Proc };
        int exitCode = JobsCommand.Run(
            options, new Terminal(output, errors, Coloured: false), new JobClock(DateTimeOffset.UtcNow, now));
        return new Hookctl(exitCode, output.ToString(), errors.ToString());
    }
}
