using System.Globalization;
using HookAgent.Core.Jobs;
using HookAgent.Core.Linux;
using HookAgent.Daemon.Scan;
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
        Step(child.Id, "slurmstepd: [17.0]");
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
        Step(Environment.ProcessId, "slurmstepd: [17.0]");
        SlurmSteps source = new(_proc.Path);
        List<SlurmStep> seen = source.Scan();
        Step(Environment.ProcessId, "slurmstepd: [18.0]");
        using PidfdWatcher watch = new();
        Assert.False(watch.Follow(seen, source));
        Assert.False(watch.Follow([seen[0] with { Process = int.MaxValue }], source));
    }

    /// <summary>Makes a process look like root's slurmstepd.</summary>
    private void Step(int process, string title)
    {
        string id = process.ToString(CultureInfo.InvariantCulture);
        Directory.CreateDirectory(_proc[id]);
        File.WriteAllText(_proc[$"{id}/comm"], "slurmstepd\n");
        File.WriteAllText(_proc[$"{id}/cmdline"], title);
        File.WriteAllText(_proc[$"{id}/status"], "Name:\tslurmstepd\nUid:\t0\t0\t0\t0\n");
    }

    private static List<PollEntry> Polled(Action<List<PollEntry>> poll)
    {
        List<PollEntry> entries = [];
        poll(entries);
        return entries;
    }
}
