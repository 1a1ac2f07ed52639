using HookAgent.Tests;

namespace HookAgent.Wasimoff.Tests;

public sealed class BrokerLostTests
{
    [Fact]
    public async Task It_connects_again_when_the_broker_is_back()
    {
        RunningBroker first = new();
        int port = first.Port;
        using Child provider = Standin.StartProvider(port).Ready();
        first.Dispose();
        provider.ReadTo("[WebSocket] connection closed");
        using RunningBroker second = new(port);
        provider.Connected();
        await second.PostAsync("/tasks?count=1&milliseconds=1");
        await second.ExpectAsync("wasimoff_tasks_completed_total", 1);
    }

    [Fact]
    public void Without_retry_it_exits_1()
    {
        RunningBroker broker = new();
        using Child provider = Standin.StartProviderWithoutRetry(broker.Port).Ready();
        broker.Dispose();
        provider.ExpectExit(1);
    }

    [Fact]
    public async Task A_stopped_provider_keeps_its_tasks_for_ever()
    {
        using RunningBroker broker = new();
        using Child provider = Standin.StartProvider(broker.Port).Ready();
        await broker.ExpectAsync("wasimoff_provider_connected", 1);
        provider.Stop();
        await broker.PostAsync("/tasks?count=2&milliseconds=1");
        using Child other = Standin.StartProvider(broker.Port).Ready();
        await broker.PostAsync("/tasks?count=1&milliseconds=1");
        await broker.ExpectAsync("wasimoff_tasks_completed_total", 1);
        Assert.Equal(2, await broker.CountAsync("wasimoff_tasks_running"));
        provider.Continue();
        await broker.ExpectAsync("wasimoff_tasks_completed_total", 3);
    }
}
