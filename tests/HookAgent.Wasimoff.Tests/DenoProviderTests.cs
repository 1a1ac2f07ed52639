using HookAgent.Tests;

namespace HookAgent.Wasimoff.Tests;

public sealed class DenoProviderTests
{
    [Theory]
    [InlineData("upstream")]
    [InlineData("before-webrtc")]
    [InlineData("fork")]
    public async Task It_starts_works_and_drains(string shape)
    {
        using RunningBroker broker = new();
        using Child provider = DenoProvider.Start(DenoProvider.Checkout(shape), broker.Port).Connected();
        await broker.PostAsync("/tasks?count=4&milliseconds=200");
        await broker.ExpectAsync("wasimoff_tasks_completed_total", 4);
        await broker.PostAsync("/tasks?count=3&milliseconds=1500");
        await broker.ExpectAsync("wasimoff_tasks_running", 2);
        provider.ReadTo("[RPCHandler] 6 {");
        provider.TerminateGroup();
        provider.ReadTo(" shutdown (send signal again");
        provider.ExpectExit(0);
        await broker.ExpectAsync("wasimoff_provider_connected", 0);
        Assert.Equal(6, await broker.CountAsync("wasimoff_tasks_completed_total"));
        Assert.Equal(0, await broker.CountAsync("wasimoff_tasks_lost_total"));
    }

    [Fact]
    public async Task A_second_signal_ends_it_and_it_names_what_it_aborted()
    {
        using RunningBroker broker = new();
        using Child provider = DenoProvider.Start(DenoProvider.Checkout("upstream"), broker.Port).Connected();
        await broker.PostAsync("/tasks?count=1&milliseconds=600000");
        provider.ReadTo("[RPCHandler] 1 {");
        provider.TerminateGroup();
        provider.ReadTo(" shutdown");
        provider.TerminateGroup();
        provider.Says("aborted tasks: [");
        provider.Says("    task: \"1\",");
        await broker.ExpectAsync("wasimoff_tasks_lost_total", 1);
    }

    // What upstream does: the provider here must ask for as much.
    [Fact]
    public void Its_addon_asks_for_ffi()
    {
        string checkout = DenoProvider.Checkout("upstream");
        using RunningBroker broker = new();
        using Child deno = DenoProvider.Start(DenoProvider.Deno,
            ["run", "--cached-only", "--no-prompt", "--sloppy-imports", "--allow-env", "--allow-net",
                $"--allow-read={checkout}/denoprovider,{checkout}/webprovider", $"{checkout}/denoprovider/main.ts",
                "--workers", "2", "--url", "http://127.0.0.1:1", "--retry"],
            checkout, broker.Port);
        deno.ExpectExit(1);
        Assert.Contains("NotCapable: Requires ffi access to", deno.Story, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("before-webrtc", "Unknown option \"--retry\"")]
    [InlineData("fork", "Unknown argument: --retry")]
    public void Without_retry_it_does_not_know_the_option(string shape, string complaint)
    {
        string checkout = DenoProvider.Checkout(shape);
        using Child deno = DenoProvider.Start(DenoProvider.Deno,
            ["run", "--cached-only", "--no-prompt", "--sloppy-imports", "--allow-env", "--allow-net",
                $"--allow-read={checkout}/denoprovider,{checkout}/webprovider", $"{checkout}/denoprovider/main.ts", "--retry"],
            checkout, 1);
        deno.ExpectExit(1);
        Assert.Contains(complaint, deno.Story, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("denoprovider/node_modules", "The Wasimoff provider was not started: the modules of Wasimoff are missing.")]
    [InlineData("denoprovider/node_modules/.deno/node-datachannel@0.33.4/node_modules/node-datachannel/build",
        "The Wasimoff provider was not started: the addon node-datachannel of Wasimoff is missing.")]
    [InlineData("webprovider/lib", "The Wasimoff provider was not started: the Wasimoff checkout is not complete.")]
    [InlineData("webprovider/lib/worker", "The Wasimoff provider was not started: the Wasimoff checkout is not complete.")]
    public void A_checkout_that_lacks_a_part_is_named_with_what_mends_it(string part, string complaint)
    {
        using TemporaryFolder folder = new();
        Child.Run("/bin/cp", "-R", DenoProvider.Checkout("upstream"), folder["wasimoff"]);
        Directory.Delete(Path.Combine(folder["wasimoff"], part), recursive: true);
        using RunningBroker broker = new();
        using Child provider = DenoProvider.Start(folder["wasimoff"], broker.Port);
        provider.ExpectExit(78);
        Assert.Contains(complaint, provider.Story, StringComparison.Ordinal);
        Assert.Contains("<3>Next: ", provider.Story, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("upstream")]
    [InlineData("before-webrtc")]
    public void An_empty_cache_is_named_with_what_fills_it(string shape)
    {
        using TemporaryFolder folder = new();
        using RunningBroker broker = new();
        using Child provider = DenoProvider.Start(DenoProvider.Checkout(shape), broker.Port, cache: folder.Path);
        provider.ExpectExit(78);
        Assert.Contains("the modules of Wasimoff cannot be loaded.", provider.Story, StringComparison.Ordinal);
        Assert.Contains("<3>Next: ", provider.Story, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("upstream")]
    [InlineData("before-webrtc")]
    [InlineData("fork")]
    public void The_check_finds_all_well(string shape)
    {
        using RunningBroker broker = new();
        using Child check = DenoProvider.Check(DenoProvider.Checkout(shape), broker.Port);
        check.ExpectExit(0);
        Assert.All(check.Story.Split('\n'), static line => Assert.StartsWith("ok ", line, StringComparison.Ordinal));
    }

    [Fact]
    public void The_check_names_an_empty_cache_and_a_broker_that_is_away()
    {
        using TemporaryFolder folder = new();
        using RunningBroker gone = new();
        gone.Kill();
        using Child check = DenoProvider.Check(DenoProvider.Checkout("before-webrtc"), gone.Port, cache: folder.Path);
        check.ExpectExit(1);
        Assert.Contains("fault load: the modules of Wasimoff cannot be loaded.", check.Story, StringComparison.Ordinal);
        Assert.Contains("fault broker: ", check.Story, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("upstream")]
    [InlineData("fork")]
    public async Task It_waits_for_a_broker_that_is_away(string shape)
    {
        using RunningBroker gone = new();
        gone.Kill();
        using Child provider = DenoProvider.Start(DenoProvider.Checkout(shape), gone.Port);
        provider.Says("Waiting for the broker at 127.0.0.1:");
        using RunningBroker broker = new(gone.Port);
        provider.Connected();
        await broker.PostAsync("/tasks?count=1&milliseconds=1");
        await broker.ExpectAsync("wasimoff_tasks_completed_total", 1);
    }

    // With --retry it connects again; without, it ends, and the start program waits and starts it again.
    [Theory]
    [InlineData("upstream", "connection closed")]
    [InlineData("fork", "Waiting for the broker at 127.0.0.1:")]
    public async Task It_is_back_when_its_broker_is(string shape, string noticed)
    {
        using RunningBroker first = new();
        using Child provider = DenoProvider.Start(DenoProvider.Checkout(shape), first.Port).Connected();
        first.Kill();
        provider.Says(noticed);
        using RunningBroker second = new(first.Port);
        provider.Connected();
        await second.PostAsync("/tasks?count=1&milliseconds=1");
        await second.ExpectAsync("wasimoff_tasks_completed_total", 1);
    }
}
