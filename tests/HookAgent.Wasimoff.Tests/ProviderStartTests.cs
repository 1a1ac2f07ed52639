using System.Globalization;
using HookAgent.Tests;
using HookAgent.Wasimoff.Provider;

namespace HookAgent.Wasimoff.Tests;

public sealed class ProviderStartTests
{
    [Fact]
    public void It_is_ready_after_as_long_as_the_real_one()
    {
        using RunningBroker broker = new();
        using Child provider = Standin.StartProvider(broker.Port);
        string line = provider.ReadTo("connected ");
        int milliseconds = int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);

        // From above only what it intends: a busy machine adds to what it does.
        Assert.True(milliseconds >= 400, line);
        Assert.InRange(Moments.Connects.TotalSeconds, 0.4, 0.6);
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

        // It asks for the broker, says nothing, and has no handler yet for 0.3 s.
        provider.Terminate();
        provider.ExpectExit(128 + 15);
        Assert.Equal("", provider.Story);
    }

    [Fact]
    public void It_takes_66_MiB_and_19_a_worker()
    {
        using RunningBroker broker = new();
        using Child provider = Standin.StartProvider(broker.Port).Connected();
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
