using System.Net;

namespace HookAgent.Wasimoff.Tests;

public sealed class BrokerPagesTests : IDisposable
{
    private readonly RunningBroker _broker = new();

    public void Dispose() => _broker.Dispose();

    [Fact]
    public async Task It_is_healthy()
    {
        using HttpResponseMessage answer = await _broker.AskAsync(HttpMethod.Get, "/healthz");
        Assert.Equal("ok\n", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Its_metrics_are_in_the_format_of_Prometheus()
    {
        foreach (string line in (await _broker.MetricsAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            Assert.Matches(@"^(# (HELP|TYPE) wasimoff_\w+ .+|wasimoff_\w+(\{provider=""[^""]+""\})? \d+)$", line);
        }
    }

    [Theory]
    [InlineData("/tasks")]
    [InlineData("/tasks?milliseconds=-1")]
    [InlineData("/tasks?milliseconds=1,x")]
    [InlineData("/tasks?count=1000001&milliseconds=1")]
    [InlineData("/supply?milliseconds=")]
    [InlineData("/supply?milliseconds=1&mebibytes=4097")]
    public async Task It_refuses_tasks_without_sense(string path)
    {
        using HttpResponseMessage answer = await _broker.AskAsync(HttpMethod.Post, path);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(0, await _broker.CountAsync("wasimoff_tasks_queued"));
    }

    [Fact]
    public async Task It_knows_no_other_page()
    {
        using HttpResponseMessage answer = await _broker.AskAsync(HttpMethod.Get, "/tasks");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }
}
