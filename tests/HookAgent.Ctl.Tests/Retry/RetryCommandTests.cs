using System.Text.Json.Nodes;
using HookAgent.Ctl.Output;
using HookAgent.Ctl.Tests.Harness;

namespace HookAgent.Ctl.Tests.Retry;

public sealed class RetryCommandTests : IDisposable
{
    private static readonly JsonObject s_failed = new() { ["State"] = "failed", ["Reason"] = "provider-exited" };

    private readonly FakeNode _node = new();

    public void Dispose() => _node.Dispose();

    [Fact]
    public void Says_that_the_backoff_ended_and_what_the_node_does_now()
    {
        _node.StartDaemon(properties: s_failed);

        Hookctl run = Retry();

        Assert.Equal(("", 0), (run.Errors, run.ExitCode));
        Assert.Equal(["Retry"], _node.Calls);
        Assert.StartsWith("Backoff ended.\nThe node is failed: The provider ended by itself", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refusal_by_ExecCondition_is_asked_again()
    {
        _node.StartDaemon(properties: new JsonObject { ["State"] = "held", ["Reason"] = "exec-condition" });

        Assert.StartsWith("Backoff ended.\nThe node is held: The ExecCondition= of", Retry().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Says_that_there_was_nothing_to_retry()
    {
        _node.StartDaemon();

        Hookctl run = Retry();

        Assert.Equal(0, run.ExitCode);
        Assert.Equal("Nothing to retry: no start of the provider waits for a pause.\nThe node is lending: The node is idle and lent to the provider.\n", run.Output);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Tells_programs_the_same(bool failed)
    {
        _node.StartDaemon(properties: failed ? s_failed : null);

        JsonNode json = JsonNode.Parse(Retry("--json").Output)!;

        Assert.Equal(failed, json["backoff_ended"]!.GetValue<bool>());
        Assert.Equal(failed ? "failed" : "lending", json["status"]!["state"]!.GetValue<string>());
    }

    [Fact]
    public void Who_may_not_is_told_so()
    {
        _node.StartDaemon(new JsonObject { ["Retry"] = "org.freedesktop.DBus.Error.AccessDenied" });

        Assert.Equal(new Hookctl(1, "", "hookctl: the system bus does not let root call hookagentd; 'hookctl doctor' looks at its policy\n"), Retry());
    }

    private Hookctl Retry(params string[] words) => Hookctl.Run(["retry", .. words, .. _node.Options]);
}
