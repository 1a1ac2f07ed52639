using System.Diagnostics;
using HookAgent.Tests;

namespace HookAgent.Wasimoff.Tests;

public sealed class ProviderDrainTests
{
    [Fact]
    public async Task After_30_s_of_draining_it_exits_1()
    {
        using RunningBroker broker = new();
        using Child provider = Standin.StartProvider(broker.Port).Ready();
        await broker.PostAsync("/tasks?count=1&milliseconds=600000");
        provider.ReadTo("[RPCHandler] 1 {");
        long start = Stopwatch.GetTimestamp();
        provider.Terminate();
        provider.ReadTo(" shutdown");

        // Longer than a child is waited for: these 20 s of silence come first.
        Assert.Throws<TimeoutException>(provider.ReadLine);
        provider.ExpectExit(1);
        Assert.True(Stopwatch.GetElapsedTime(start) >= TimeSpan.FromSeconds(29.5), "it did not wait for its task");
        await broker.ExpectAsync("wasimoff_tasks_lost_total", 1);
    }
}
