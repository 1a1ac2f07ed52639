using HookAgent.Tests;

namespace HookAgent.Wasimoff.Tests;

public sealed class ProviderStopTests : IDisposable
{
    private readonly RunningBroker _broker = new();

    public void Dispose() => _broker.Dispose();

    [Fact]
    public async Task Idle_it_exits_0()
    {
        using Child provider = Standin.StartProvider(_broker.Port).Ready();
        provider.Terminate();
        provider.ExpectExit(0);
        await _broker.ExpectAsync("wasimoff_provider_fruitless_total", 1);
        Assert.Equal(0, await _broker.CountAsync("wasimoff_tasks_lost_total"));
    }

    [Fact]
    public async Task Busy_it_finishes_its_tasks_and_gets_no_more()
    {
        using Child provider = Standin.StartProvider(_broker.Port).Ready();
        await _broker.PostAsync("/tasks?count=3&milliseconds=1500");

        // The two begin at once, and either may say so first.
        provider.Says("[RPCHandler] 1 {");
        provider.Says("[RPCHandler] 2 {");
        provider.Terminate();
        provider.ReadTo(" shutdown (send signal again");
        provider.ExpectExit(0);
        await _broker.ExpectAsync("wasimoff_tasks_completed_total", 2);
        Assert.Equal(0, await _broker.CountAsync("wasimoff_tasks_lost_total"));
        Assert.Equal(1, await _broker.CountAsync("wasimoff_tasks_queued"));
    }

    [Fact]
    public async Task A_second_signal_ends_it_at_once_and_it_says_what_it_aborted()
    {
        using Child provider = Standin.StartProvider(_broker.Port).Ready();
        await _broker.PostAsync("/tasks?count=1&milliseconds=600000");
        provider.ReadTo("[RPCHandler] 1 {");
        provider.Terminate();
        provider.ReadTo(" shutdown");
        provider.Terminate();
        Assert.Equal("aborted tasks: [", provider.ReadTo("aborted tasks:"));
        Assert.Equal("    task: \"1\",", provider.ReadTo("    task:"));
        provider.ExpectExit(1);
        await _broker.ExpectAsync("wasimoff_tasks_queued", 1);
        Assert.Equal(1, await _broker.CountAsync("wasimoff_tasks_lost_total"));
    }

    [Fact]
    public async Task Killed_it_loses_its_tasks_and_another_gets_them()
    {
        using Child provider = Standin.StartProvider(_broker.Port).Ready();
        await _broker.PostAsync("/tasks?count=1&milliseconds=600000");
        provider.ReadTo("[RPCHandler] 1 {");
        provider.Kill();
        await _broker.ExpectAsync("wasimoff_tasks_queued", 1);
        using Child other = Standin.StartProvider(_broker.Port);
        other.ReadTo("[RPCHandler] 1 {");
    }
}
