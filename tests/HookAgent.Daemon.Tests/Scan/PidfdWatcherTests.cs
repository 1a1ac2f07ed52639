using HookAgent.Core.Jobs;
using HookAgent.Core.Linux;
using HookAgent.Daemon.Scan;
using HookAgent.Daemon.Tests.Harness;
using HookAgent.Tests;

namespace HookAgent.Daemon.Tests.Scan;

public sealed class PidfdWatcherTests : IDisposable
{
    private readonly TemporaryFolder _proc = new();

    public void Dispose() => _proc.Dispose();

    [Fact]
    public void A_process_is_watched_to_its_end_and_no_longer_than_wanted()
    {
        using Child child = new("sleep", "1000");
        FakeStep.Begin(_proc.Path, child.Id, "slurmstepd: [17.0]");
        SlurmSteps source = new(_proc.Path);
        using PidfdWatcher watch = new();
        Assert.True(watch.Follow(source.Scan(), source));
        Assert.Single(Polled(watch.Poll));
        Assert.True(watch.Follow(source.Scan(), source));
        Assert.Single(Polled(watch.Poll));
        Assert.True(watch.Follow([], source));
        Assert.Empty(Polled(watch.Poll));
    }

    [Fact]
    public void A_process_that_is_gone_or_another_is_no_longer_what_was_seen()
    {
        FakeStep.Begin(_proc.Path, Environment.ProcessId, "slurmstepd: [17.0]");
        SlurmSteps source = new(_proc.Path);
        List<SlurmStep> seen = source.Scan();
        FakeStep.Begin(_proc.Path, Environment.ProcessId, "slurmstepd: [18.0]");
        using PidfdWatcher watch = new();
        Assert.False(watch.Follow(seen, source));
        Assert.False(watch.Follow([seen[0] with { Process = int.MaxValue }], source));
    }

    private static List<PollEntry> Polled(Action<List<PollEntry>> poll)
    {
        List<PollEntry> entries = [];
        poll(entries);
        return entries;
    }
}
