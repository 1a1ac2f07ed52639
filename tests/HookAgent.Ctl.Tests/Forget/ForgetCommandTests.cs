using System.Text.Json.Nodes;
using HookAgent.Ctl.Output;
using HookAgent.Ctl.Tests.Harness;

namespace HookAgent.Ctl.Tests.Forget;

public sealed class ForgetCommandTests : IDisposable
{
    private readonly FakeNode _node = new();

    public void Dispose() => _node.Dispose();

    [Fact]
    public void Has_the_daemon_drop_the_job_and_says_so()
    {
        _node.StartDaemon(properties: new JsonObject { ["Jobs"] = new JsonArray("17") });

        Hookctl run = Forget("17");

        Assert.Equal("", run.Errors);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(["Forget 17"], _node.Calls);
        Assert.StartsWith("Job 17 is forgotten, its record removed.\nThe node is lending: ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_the_record_that_it_means_and_tells_of_one_that_stays()
    {
        _node.StartDaemon(properties: new JsonObject { ["Jobs"] = new JsonArray("17") });
        _node.Record("17");

        Hookctl run = Forget("17");

        Assert.Equal([$"Forget 17 {_node.Meant("17")[3..]}"], _node.Calls);
        Assert.StartsWith("Job 17 still has a record: it started again meanwhile, ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_job_that_is_not_in_the_books_is_no_error_but_told()
    {
        _node.StartDaemon();

        Hookctl run = Forget("17");

        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("Job 17 is not known on this node; nothing was changed.\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_job_that_runs_all_the_same_is_told()
    {
        _node.StartDaemon(properties: new JsonObject { ["Jobs"] = new JsonArray("17") });
        _node.Step("17");

        Assert.Contains("\nJob 17 still has a slurmstepd: ", Forget("17").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Tells_programs_the_same()
    {
        _node.StartDaemon(properties: new JsonObject { ["Jobs"] = new JsonArray("17") });
        _node.Step("18");

        JsonNode json = JsonNode.Parse(Forget("17", "--json").Output)!;

        Assert.Equal(17, json["job"]!.GetValue<int>());
        Assert.True(json["was_known"]!.GetValue<bool>());
        Assert.False(json["slurmstepd"]!.GetValue<bool>());
        Assert.Equal("lending", json["status"]!["state"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("0")]
    [InlineData("017")]
    [InlineData("17x")]
    [InlineData("../17")]
    [InlineData("4294967294")]
    [InlineData("17_1")]
    public void What_is_no_job_id_is_refused_with_the_command_that_lists_them(string word)
    {
        _node.StartDaemon();

        Hookctl run = Forget(word);

        Assert.Equal(64, run.ExitCode);
        Assert.StartsWith($"hookctl: '{word}' is no job id of Slurm's", run.Errors, StringComparison.Ordinal);
        Assert.Contains("hookctl jobs", run.Errors, StringComparison.Ordinal);
        Assert.Empty(_node.Calls);
    }

    [Fact]
    public void Who_may_not_is_told_so()
    {
        _node.StartDaemon(new JsonObject { ["Forget"] = "org.freedesktop.DBus.Error.AccessDenied" });

        Assert.Equal(new Hookctl(1, "", "hookctl: the system bus does not let root call hookagentd; 'hookctl doctor' looks at its policy\n"), Forget("17"));
    }

    private Hookctl Forget(params string[] words) => Hookctl.Run(["forget", .. words, "--proc", _node.Proc, .. _node.Options]);
}
