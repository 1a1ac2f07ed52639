using System.Globalization;
using HookAgent.Tests;
using HookAgent.Wasimoff.Provider;

namespace HookAgent.Wasimoff.Tests;

public sealed class ProviderStartTests
{
    [Fact]
    public void Two_workers_are_up_after_as_long_as_the_real_ones()
    {
        using RunningBroker broker = new();
        using Child provider = Standin.StartProvider(broker.Port);
        string line = provider.ReadTo("ready ");
        int milliseconds = int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);

        // From above only what it intends: a busy machine adds to what it does.
        Assert.True(milliseconds >= 400, line);
        Assert.InRange(Moments.Up(2).TotalSeconds, 0.4, 0.5);
    }

    [Fact]
    public void Many_workers_take_as_long_as_the_real_ones()
    {
        Assert.InRange(Moments.Up(64).TotalSeconds, 17, 19);
        Assert.InRange(Moments.Up(204).TotalSeconds, 55, 65);
    }

    [Fact]
    public async Task It_is_given_tasks_worker_by_worker_and_begins_them_when_all_are_up()
    {
        using RunningBroker broker = new();
        await broker.PostAsync("/supply?milliseconds=1");
        using Child provider = Standin.StartProviderWithWorkers(broker.Port, 12);
        provider.ReadTo("[WasiWorkerPool] spawn Worker 0");
        Assert.InRange(await broker.ExpectAtLeastAsync("wasimoff_tasks_running", 2), 2, 11);
        Assert.Equal(0, await broker.CountAsync("wasimoff_tasks_completed_total"));
        Assert.DoesNotContain("[RPCHandler]", provider.Story, StringComparison.Ordinal);
        provider.Ready().ReadTo("[RPCHandler] 1 {");
        int from = provider.Story.IndexOf("ready ", StringComparison.Ordinal);
        Assert.True(provider.Story.IndexOf("[RPCHandler]", StringComparison.Ordinal) > from, provider.Story);
    }

    [Fact]
    public async Task A_signal_before_all_workers_are_up_kills_it_with_what_it_was_given()
    {
        using RunningBroker broker = new();
        await broker.PostAsync("/tasks?count=1&milliseconds=1");
        using Child provider = Standin.StartProviderWithWorkers(broker.Port, 12);
        await broker.ExpectAsync("wasimoff_tasks_running", 1);
        provider.Terminate();
        provider.ExpectExit(128 + 15);
        await broker.ExpectAsync("wasimoff_tasks_lost_total", 1);
    }

    [Fact]
    public void Without_a_broker_it_exits_1_even_if_it_is_to_retry()
    {
        int port;
        using (RunningBroker broker = new())
        {
            port = broker.Port;
        }

        using Child provider = Standin.StartProvider(port);
        provider.ExpectExit(1);
        Assert.Contains("cannot reach the broker", provider.Story, StringComparison.Ordinal);
    }

    [Fact]
    public void A_signal_in_its_first_moments_kills_it()
    {
        using RunningBroker broker = new();
        using Child provider = Standin.StartProvider(broker.Port);

        // It says nothing yet, and has no handler until its workers are up.
        provider.Terminate();
        provider.ExpectExit(128 + 15);
        Assert.Equal("", provider.Story);
    }

    [Fact]
    public void It_takes_66_MiB_and_19_a_worker()
    {
        using RunningBroker broker = new();
        using Child provider = Standin.StartProvider(broker.Port).Ready();
        string resident = File.ReadLines($"/proc/{provider.Id}/status").Single(static line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        long mebibytes = long.Parse(resident.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024;
        Assert.InRange(mebibytes, 66 + (2 * 19) - 6, 66 + (2 * 19) + 10);
    }

    [Theory]
    [InlineData("provider")]
    [InlineData("provider", "--url", "controller:4080")]
    [InlineData("provider", "--url", "http://controller:4080", "--workers", "0")]
    [InlineData("provider", "--url", "http://controller:4080", "--name", "two words")]
    [InlineData("provider", "--url")]
    [InlineData("broker", "--listen", "4080")]
    [InlineData("broker", "--retry")]
    [InlineData("client")]
    public void A_command_line_without_sense_exits_2(params string[] words)
    {
        using Child program = Standin.Start(words);
        program.ExpectExit(2);
        Assert.Contains("usage:", program.Story, StringComparison.Ordinal);
    }
}
